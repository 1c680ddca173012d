import { type ComponentType, lazy } from 'react';

const { promise: drawn, resolve } = Promise.withResolvers<void>();

/** To be called once the first page stands. */
export const sayDrawn = (): void => resolve();

/**
 * Loads what no page needs to be drawn once the first page stands, whether wanted by then or not: so
 * it is there when it is, also when the network or this build is gone.
 * @returns what gives it; asked after a failure it tries once more
 */
export function whenDrawn<Loaded>(load: () => Promise<Loaded>): () => Promise<Loaded> {
  const loaded = drawn.then(load);
  loaded.catch(() => undefined);
  return () => loaded.catch(load);
}

/** A part of a page that is loaded so; it waits in the nearest `Suspense`. */
export function soon<Props>(load: () => Promise<ComponentType<Props>>) {
  const get = whenDrawn(load);
  return lazy(async () => ({ default: await get() }));
}
