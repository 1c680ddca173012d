import type { Scheduler } from './scheduler.ts';

/** Timers of whatever the product and the emulator set go by the simulated clock. */
export function takeTimers(schedulerNow: () => Scheduler | null): void {
  const set =
    (isRepeated: boolean) =>
    (fire: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) => {
      const scheduler = schedulerNow();
      if (!scheduler) return idle;
      const timer = scheduler.timer(
        scheduler.current,
        () => fire(...args),
        milliseconds,
        isRepeated,
      );
      return Object.assign(timer, { unref: () => timer, ref: () => timer });
    };
  const clear = (timer: unknown) => schedulerNow()?.clear(timer);
  Object.assign(globalThis, {
    setTimeout: set(false),
    setInterval: set(true),
    clearTimeout: clear,
    clearInterval: clear,
  });
}

const idle = { unref: () => idle, ref: () => idle };
