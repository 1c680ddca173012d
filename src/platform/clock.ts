/** Where time comes from. Business code and SQL never ask the machine; they ask this. */
export interface Clock {
  /** The present instant. */
  now(): Date;
}

/** The machine's own clock: for processes that serve people. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until moved: for tests, which own time. */
export interface FakeClock extends Clock {
  advance(milliseconds: number): void;
  set(instant: Date): void;
}

/**
 * A clock that stands at `start`, an ISO 8601 instant; nobody can move it by changing what it gave.
 */
export function createFakeClock(start: string): FakeClock {
  let instant = new Date(start);
  return {
    now: () => new Date(instant),
    advance(milliseconds) {
      instant = new Date(instant.getTime() + milliseconds);
    },
    set(next) {
      instant = new Date(next);
    },
  };
}

/** An instant moved by whole milliseconds (negative: into the past). */
export function plus(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
