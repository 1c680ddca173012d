import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A fault planted into the product on purpose, to see whether a simulation finds it. */
export interface Plant {
  file: string;
  find: string;
  replace: string;
}

const ROOT = new URL('../../', import.meta.url);
const IDS = new URL('src/platform/ids.ts', ROOT).href;
const REPEATABLE_IDS = new URL('test/simulation/ids.ts', ROOT).href;

/**
 * From here on this process loads ids that repeat in the place of random ones, and the planted
 * fault, if any. To be called before anything of the product is loaded.
 */
export function hookModules(plant: Plant | null): void {
  const planted = plant && new URL(plant.file, ROOT).href;
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      return found.url === IDS ? { ...found, url: REPEATABLE_IDS } : found;
    },
    load(url, context, next) {
      const loaded = next(url, context);
      if (!plant || url !== planted) return loaded;
      return { ...loaded, source: withPlant(String(loaded.source), plant) };
    },
  });
}

/** @throws Error when the text to replace does not stand there exactly once */
export function withPlant(source: string, { file, find, replace }: Plant): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`${file} holds “${find}” ${times} times, not once`);
  return source.replace(find, () => replace);
}

export function pathOf(file: string): string {
  return fileURLToPath(new URL(file, ROOT));
}
