import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '#platform/app-error';
import { MINUTE_MS } from '#platform/clock';
import { createRequestCounter } from './request-counter.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

function waitOf(count: () => unknown): unknown {
  try {
    count();
    return 0;
  } catch (error) {
    return (error as AppError).extras.retryAfterSeconds;
  }
}

it('refuses above its limit until the minute is over, and says how long that is', () => {
  const count = createRequestCounter(2);
  count('a');
  vi.advanceTimersByTime(MINUTE_MS / 2);
  count('a');
  expect(() => count('a')).toThrow(AppError);
  expect(waitOf(() => count('a'))).toBe(30);
  expect(waitOf(() => count('b'))).toBe(0);
  vi.advanceTimersByTime(MINUTE_MS / 2);
  expect(waitOf(() => count('a'))).toBe(0);
});

it('has room again for what is given back, in the minute it was counted in', () => {
  const count = createRequestCounter(1);
  const giveBack = count('a');
  expect(waitOf(() => count('a'))).toBe(60);
  giveBack();
  const late = count('a');
  vi.advanceTimersByTime(MINUTE_MS);
  count('a');
  late();
  expect(waitOf(() => count('a'))).toBe(60);
});
