import type { EmulatorClock } from '../core/clock.ts';

/** One call as it was answered. Bodies and headers are not kept: they may carry secrets. */
export interface LoggedCall {
  readonly atMs: number;
  readonly method: string;
  /** Path and query; identity paths come without their query. */
  readonly path: string;
  readonly appId: string | undefined;
  readonly orgId: string | undefined;
  /** 0 when no answer was sent. */
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly fault: string | undefined;
}

/** Sums over the calls that reached one organisation. */
export interface OrganisationCounters {
  readonly calls: number;
  readonly writes: number;
  readonly refusedByLimits: number;
  /** As Xero would bill it: answers sent, `GET /Organisation` left out. */
  readonly egressBytes: number;
  /** What of it answered writes; whether Xero bills that is not documented. */
  readonly egressOfWritesBytes: number;
  readonly ingressBytes: number;
}

const MAX_CALLS = 10_000;
const NOTHING: OrganisationCounters = {
  calls: 0,
  writes: 0,
  refusedByLimits: 0,
  egressBytes: 0,
  egressOfWritesBytes: 0,
  ingressBytes: 0,
};

/** The last ten thousand calls, and counters per organisation since the start. */
export class CallLog {
  readonly #clock: EmulatorClock;
  readonly #counters = new Map<string, OrganisationCounters>();
  #calls: LoggedCall[] = [];

  constructor(clock: EmulatorClock) {
    this.#clock = clock;
  }

  add(call: Omit<LoggedCall, 'atMs'>): void {
    this.#calls.push({ atMs: this.#clock.nowMs(), ...call });
    if (this.#calls.length > MAX_CALLS * 2) this.#calls = this.#calls.slice(-MAX_CALLS);
    if (call.orgId !== undefined) this.#count(call.orgId, call);
  }

  /** Calls in the order of their answers, those whose path contains `pathPart` if given. */
  calls(pathPart = ''): readonly LoggedCall[] {
    const part = pathPart.toLowerCase();
    return this.#calls.slice(-MAX_CALLS).filter((call) => call.path.toLowerCase().includes(part));
  }

  counters(orgId: string): OrganisationCounters {
    return this.#counters.get(orgId) ?? NOTHING;
  }

  allCounters(): Record<string, OrganisationCounters> {
    return Object.fromEntries(this.#counters);
  }

  clear(): void {
    this.#calls = [];
    this.#counters.clear();
  }

  #count(orgId: string, call: Omit<LoggedCall, 'atMs'>): void {
    const sums = this.counters(orgId);
    const isWrite = call.method !== 'GET' && call.method !== 'HEAD';
    const isFree = /\/organisation$/i.test(call.path.split('?')[0] ?? '');
    this.#counters.set(orgId, {
      calls: sums.calls + 1,
      writes: sums.writes + (isWrite ? 1 : 0),
      refusedByLimits: sums.refusedByLimits + (call.status === 429 ? 1 : 0),
      egressBytes: sums.egressBytes + (isFree ? 0 : call.responseBytes),
      egressOfWritesBytes: sums.egressOfWritesBytes + (isWrite ? call.responseBytes : 0),
      ingressBytes: sums.ingressBytes + call.requestBytes,
    });
  }
}
