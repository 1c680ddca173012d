import { beforeEach, expect, it } from 'vitest';
import { AppError } from '#platform/app-error';
import { createFakeClock, type FakeClock, HOUR_MS, MINUTE_MS, plus } from '#platform/clock';
import { createRequestCounter } from './request-counter.ts';

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock('2026-03-02T01:00:00.000Z');
});

function waitOf(count: () => unknown): unknown {
  try {
    count();
    return 0;
  } catch (error) {
    return (error as AppError).extras.retryAfterSeconds;
  }
}

it('refuses above its limit until the minute is over, and says how long that is', () => {
  const count = createRequestCounter(2, clock);
  count('a');
  clock.advance(MINUTE_MS / 2);
  count('a');
  expect(() => count('a')).toThrow(AppError);
  expect(waitOf(() => count('a'))).toBe(30);
  expect(waitOf(() => count('b'))).toBe(0);
  clock.advance(MINUTE_MS / 2);
  expect(waitOf(() => count('a'))).toBe(0);
});

it('has room again for what is given back, in the minute it was counted in', () => {
  const count = createRequestCounter(1, clock);
  const giveBack = count('a');
  expect(waitOf(() => count('a'))).toBe(60);
  giveBack();
  const late = count('a');
  clock.advance(MINUTE_MS);
  count('a');
  late();
  expect(waitOf(() => count('a'))).toBe(60);
});

it('does not hold a refusal for longer when the clock is set back', () => {
  const count = createRequestCounter(1, clock);
  count('a');
  clock.set(plus(clock.now(), -HOUR_MS));
  expect(waitOf(() => count('a'))).toBe(0);
});
