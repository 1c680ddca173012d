import type { Clock } from './clock.ts';

/** Notices when something that should be rare happens often. */
export interface BurstAlarm {
  /** It happened once more. */
  heard(): void;
}

/**
 * Rings once when `limit` happenings fall within `windowMs`, and again only after a window of
 * quiet: whoever watches the log hears of a burst, not of each of its parts.
 */
export function createBurstAlarm(options: {
  clock: Clock;
  limit: number;
  windowMs: number;
  ring: (count: number) => void;
}): BurstAlarm {
  let beganAt = 0;
  let count = 0;
  let hasRung = false;
  return {
    heard() {
      const now = options.clock.now().getTime();
      if (now - beganAt > options.windowMs) {
        hasRung &&= count >= options.limit;
        beganAt = now;
        count = 0;
      }
      count += 1;
      if (count < options.limit || hasRung) return;
      hasRung = true;
      options.ring(count);
    },
  };
}
