import { AppError } from '#platform/app-error';
import { type Clock, MINUTE_MS, SECOND_MS } from '#platform/clock';

/** Who is counted at once; beyond it the count that began longest ago is dropped. */
const KEYS_MAX = 10_000;

/** Takes a counted request out of the count again. */
export type GiveBack = () => void;

/**
 * Counts requests by key, each for a minute from its first on. What comes above the limit is
 * refused and told when to come again.
 * @throws AppError `request.too-many`
 */
export function createRequestCounter(max: number, clock: Clock): (key: string) => GiveBack {
  const windows = new Map<string, { count: number; endsAt: number }>();
  return (key) => {
    const now = clock.now().getTime();
    let window = windows.get(key);
    // A clock that was set back begins anew.
    if (!window || window.endsAt <= now || window.endsAt > now + MINUTE_MS) {
      window = { count: 0, endsAt: now + MINUTE_MS };
      windows.delete(key);
      windows.set(key, window);
      const [oldest] = windows.keys();
      if (windows.size > KEYS_MAX && oldest !== undefined) windows.delete(oldest);
    }
    if (window.count >= max) {
      const retryAfterSeconds = Math.ceil((window.endsAt - now) / SECOND_MS);
      throw new AppError('request.too-many', undefined, { extras: { retryAfterSeconds } });
    }
    const counted = window;
    counted.count += 1;
    return () => {
      counted.count -= 1;
    };
  };
}
