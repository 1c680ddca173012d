import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A fault planted into the product on purpose, to see whether a simulation finds it. */
export interface Plant {
  file: string;
  find: string;
  replace: string;
}

/**
 * Sizes that a small world never reaches, made small enough that it does: pages that rows slip
 * through while they are read, batches that do not hold everybody, and so on.
 */
export const SCALED: readonly Plant[] = [
  scaled('src/xero/org-client.ts', 'ROWS_PER_PAGE = 1_000', 'ROWS_PER_PAGE = 6'),
  scaled('src/xero/org-client.ts', 'IDS_PER_READ = 50', 'IDS_PER_READ = 4'),
  scaled('src/xero/org-client.ts', 'CREDITS_PER_READ = 20', 'CREDITS_PER_READ = 3'),
  scaled('src/sync/pull/page-size.ts', 'ROWS_PER_PAGE, 250, 50', 'ROWS_PER_PAGE, 3, 1'),
  scaled('src/sync/push/find-contacts.ts', 'NUMBERS_PER_FILTER = 20', 'NUMBERS_PER_FILTER = 2'),
  scaled('src/sync/push/find-contacts.ts', 'ALONE_PER_ACT = 20', 'ALONE_PER_ACT = 2'),
  scaled('src/sync/pull/read-papers.ts', 'ALONE_PER_ACT = 20', 'ALONE_PER_ACT = 2'),
  scaled('src/sync/push/push-learners.ts', 'MANY_UNCERTAIN = 20', 'MANY_UNCERTAIN = 2'),
  scaled('src/sync/push/change-contacts.ts', '2 * IDS_PER_READ', '1'),
  scaled('src/sync/push/batch-size.ts', 'first: 50', 'first: 3'),
  scaled('src/sync/push/batch-size.ts', 'least: 5', 'least: 2'),
  scaled('src/sync/push/batch-size.ts', 'most: 500', 'most: 6'),
  scaled('src/sync/runs/resync-contacts.ts', 'WORTH_PAGES = 2', 'WORTH_PAGES = 0.6'),
  scaled('src/sync/lane/run-lane.ts', 'ACTS_PER_RUN = 40', 'ACTS_PER_RUN = 12'),
];

function scaled(file: string, find: string, replace: string): Plant {
  return { file, find, replace };
}

const ROOT = new URL('../../', import.meta.url);
const IDS = new URL('src/platform/ids.ts', ROOT).href;
const REPEATABLE_IDS = new URL('test/simulation/ids.ts', ROOT).href;

/**
 * From here on this process loads ids that repeat in the place of random ones, small sizes, and
 * what is planted. To be called before anything of the product is loaded.
 */
export function hookModules(planted: readonly Plant[]): void {
  const patches = [...SCALED, ...planted];
  const byUrl = Map.groupBy(patches, ({ file }) => new URL(file, ROOT).href);
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      return found.url === IDS ? { ...found, url: REPEATABLE_IDS } : found;
    },
    load(url, context, next) {
      const loaded = next(url, context);
      const mine = byUrl.get(url);
      if (!mine) return loaded;
      return { ...loaded, source: mine.reduce(withPlant, String(loaded.source)) };
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
