import { createHash } from 'node:crypto';
import type { EmulatorClock } from '../core/clock.ts';
import type { Tier } from '../identity/model.ts';

/** How many calls each window allows. */
export interface LimitNumbers {
  minute: number;
  /** By tier unless set: 1,000 for Starter, 5,000 above. */
  day: number | undefined;
  concurrent: number;
  appMinute: number;
}

export type LimitProblem = 'minute' | 'day' | 'concurrent' | 'appminute';

export interface Admission {
  readonly problem: LimitProblem | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

interface Window {
  startMs: number;
  used: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const STARTER_DAY = 1_000;
const PAID_DAY = 5_000;
/** Tiers whose connections are young for half an hour: neither minute nor day counts then. */
const RAPID_TIERS: readonly Tier[] = ['PLUS', 'ADVANCED', 'ENTERPRISE'];
const RAPID_MS = 30 * MINUTE_MS;

/**
 * The four limits. Minute and day are fixed windows per app and organisation that reset at a
 * moment of their own; five calls may be under way at once; an app has one minute window over all.
 */
export class RateLimits {
  readonly numbers: LimitNumbers = {
    minute: 60,
    day: undefined,
    concurrent: 5,
    appMinute: 10_000,
  };
  readonly #clock: EmulatorClock;
  readonly #windows = new Map<string, Window>();
  readonly #underWay = new Map<string, number>();

  constructor(clock: EmulatorClock) {
    this.#clock = clock;
  }

  /**
   * Lets a call in, or says which limit it ran into. A refused call spends nothing. In the first
   * half hour of a connection the better tiers spend neither minute nor day (Xero's Rapid Sync),
   * and the headers say that all of them is left.
   */
  admit(appId: string, tier: Tier, orgId: string, connectedAtMs: number): Admission {
    const isRapid = RAPID_TIERS.includes(tier) && this.#clock.nowMs() < connectedAtMs + RAPID_MS;
    const pair = `${appId}:${orgId}`;
    const day = { window: this.#window(`day:${pair}`, DAY_MS), limit: this.#dayLimit(tier) };
    const minute = {
      window: this.#window(`minute:${pair}`, MINUTE_MS),
      limit: this.numbers.minute,
    };
    const app = { window: this.#window(`app:${appId}`, MINUTE_MS), limit: this.numbers.appMinute };
    const counted = isRapid ? [app] : [day, minute, app];
    const problem = this.#problem(pair, isRapid ? undefined : { minute, day }, app);
    if (!problem) {
      for (const { window } of counted) window.used++;
      this.#underWay.set(pair, (this.#underWay.get(pair) ?? 0) + 1);
    }
    const headers: Record<string, string> = {
      'x-daylimit-remaining': isRapid ? String(day.limit) : left(day),
      'x-minlimit-remaining': isRapid ? String(minute.limit) : left(minute),
      'x-appminlimit-remaining': left(app),
    };
    if (problem) headers['x-rate-limit-problem'] = problem;
    const waitMs = this.#waitMs(problem, minute.window, day.window);
    if (waitMs !== undefined)
      headers['retry-after'] = String(Math.max(1, Math.ceil(waitMs / 1000)));
    return { problem, headers };
  }

  /** A call that was let in has ended. */
  release(appId: string, orgId: string): void {
    const pair = `${appId}:${orgId}`;
    this.#underWay.set(pair, Math.max(0, (this.#underWay.get(pair) ?? 0) - 1));
  }

  /** Spends calls without making them, to stand close to a limit. */
  spend(appId: string, orgId: string, calls: number): void {
    this.#window(`minute:${appId}:${orgId}`, MINUTE_MS).used += calls;
    this.#window(`day:${appId}:${orgId}`, DAY_MS).used += calls;
  }

  /** Forgets what was used. */
  clear(): void {
    this.#windows.clear();
  }

  #dayLimit(tier: Tier): number {
    return this.numbers.day ?? (tier === 'STARTER' ? STARTER_DAY : PAID_DAY);
  }

  #problem(
    pair: string,
    own: { minute: Meter; day: Meter } | undefined,
    app: Meter,
  ): LimitProblem | undefined {
    if ((this.#underWay.get(pair) ?? 0) >= this.numbers.concurrent) return 'concurrent';
    if (own && isSpent(own.day)) return 'day';
    if (own && isSpent(own.minute)) return 'minute';
    return isSpent(app) ? 'appminute' : undefined;
  }

  #waitMs(problem: LimitProblem | undefined, minute: Window, day: Window): number | undefined {
    if (problem === 'minute') return minute.startMs + MINUTE_MS - this.#clock.nowMs();
    if (problem === 'day') return day.startMs + DAY_MS - this.#clock.nowMs();
    return undefined;
  }

  /** The window that holds this moment; each key's windows begin at an offset of their own. */
  #window(key: string, lengthMs: number): Window {
    const nowMs = this.#clock.nowMs();
    const known = this.#windows.get(key);
    if (known && nowMs >= known.startMs && nowMs < known.startMs + lengthMs) return known;
    const offset = createHash('sha256').update(key).digest().readUInt32BE(0) % lengthMs;
    const startMs = Math.floor((nowMs - offset) / lengthMs) * lengthMs + offset;
    const window = { startMs, used: 0 };
    this.#windows.set(key, window);
    return window;
  }
}

interface Meter {
  readonly window: Window;
  readonly limit: number;
}

function isSpent({ window, limit }: Meter): boolean {
  return window.used >= limit;
}

function left({ window, limit }: Meter): string {
  return String(Math.max(0, limit - window.used));
}
