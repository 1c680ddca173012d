import { createHash } from 'node:crypto';
import type { FakeClock } from '#platform/clock';

/** An invariant that does not hold. */
export class Broken extends Error {
  readonly invariant: string;
  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

/** What happened, line by line; the same seed writes the same lines. */
export class Trace {
  readonly lines: string[] = [];
  readonly violations: Broken[] = [];
  /** How often each kind of event happened. */
  readonly counts = new Map<string, number>();
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  note(text: string): void {
    this.lines.push(`${this.#clock.now().toISOString().slice(5, 23)} ${text}`);
  }

  /** Something that a scenario made happen. */
  event(kind: string, text: string): void {
    this.count(kind);
    this.note(`${kind}: ${text}`);
  }

  /** Counts something without a line. */
  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  broken(invariant: string, what: string): void {
    this.violations.push(new Broken(invariant, what));
    this.note(`BROKEN ${invariant}: ${what}`);
  }

  hash(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex').slice(0, 16);
  }
}
