import { type Clock, DAY_MS, plus, systemClock } from '#platform/clock';
import type { SignInLibrary } from './sign-in-library.ts';

const FORGOTTEN_EVERY_MS = DAY_MS;

/**
 * Forgets sessions that have ended, at start and then daily: the library does so only for browsers
 * that come back. Called every few seconds.
 */
export function createSessionWatch(deps: {
  clock: Clock;
  library: SignInLibrary;
}): () => Promise<void> {
  const { clock, library } = deps;
  let nextForgetting = clock.now();
  return async () => {
    if (clock.now() < nextForgetting) return;
    nextForgetting = plus(clock.now(), FORGOTTEN_EVERY_MS);
    const { adapter } = await library.$context;
    // Sessions end by the machine's clock, which the library goes by.
    const ended = { field: 'expiresAt', operator: 'lt' as const, value: systemClock.now() };
    await adapter.deleteMany({ model: 'session', where: [ended] });
  };
}
