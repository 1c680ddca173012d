import { type ComponentType, lazy } from 'react';

const { promise: drawn, resolve } = Promise.withResolvers<void>();

/** To be called once the first page stands. */
export const sayDrawn = (): void => resolve();

/**
 * A part that no page needs to be drawn: it is loaded once the first page stands, whether wanted by
 * then or not, so that it is there when it is (also when the network or this build is gone).
 */
export function soon<Props>(load: () => Promise<ComponentType<Props>>) {
  const loaded = drawn.then(load);
  // Whoever wants it after all asks once more.
  loaded.catch(() => undefined);
  return lazy(async () => ({ default: await loaded.catch(load) }));
}
