import type { BurstAlarm } from '#platform/burst-alarm';
import { type Clock, MINUTE_MS } from '#platform/clock';
import type { Logger } from '#platform/logger';
import type { Metrics } from '#platform/metrics';
import type { XeroOrgAccess } from './org-client.ts';
import type { WireAnswer } from './request.ts';
import { XeroDownError } from './xero-errors.ts';

/** What a call taught about a connection beside its answer. */
export type CallFinding =
  | { kind: 'down'; error: XeroDownError }
  /** Xero's clock was ahead of ours by so much (negative: behind). */
  | { kind: 'clock-skew'; milliseconds: number };

type FindingListener = (access: XeroOrgAccess, finding: CallFinding) => Promise<void>;

/**
 * Looks on while calls are made: counts them, and tells what they say of a connection’s health.
 * Never throws: what Xero did stands, whether or not it could be noted.
 */
export interface CallWatch {
  answered(access: XeroOrgAccess, answer: WireAnswer): Promise<void>;
  failed(access: XeroOrgAccess, error: unknown): Promise<void>;
  onFinding(listener: FindingListener): void;
  /** Takes down what an answer says of Xero's clock. */
  noteDate(answer: WireAnswer): void;
  /** Xero's clock less ours at the last answer in this process, in ms; null before the first. */
  skew(): number | null;
}

/** Clocks that differ by more are worth a word; a call lasts seconds and headers are whole seconds. */
export const SKEW_MAX_MS = 5 * MINUTE_MS;

/**
 * What it knows, the skew and its listeners, belongs to one process. Listeners are told one after
 * another, and a call waits for them.
 */
export function createCallWatch(deps: {
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Rings when many answers in a short time say that our access is not good. */
  refusals: BurstAlarm;
}): CallWatch {
  const listeners: FindingListener[] = [];
  let skew: number | null = null;

  function noteDate(answer: WireAnswer): void {
    skew = skewOf(answer, deps.clock.now()) ?? skew;
  }

  async function tell(access: XeroOrgAccess, finding: CallFinding): Promise<void> {
    try {
      for (const listener of listeners) await listener(access, finding);
    } catch (error) {
      deps.logger.warn({ err: error }, 'what a call taught could not be noted');
    }
  }

  return {
    async answered(access, answer) {
      deps.metrics.count('bursar_xero_answers_total', { status: String(answer.status) });
      if (answer.status === 401) deps.refusals.heard();
      noteDate(answer);
      if (skew !== null && Math.abs(skew) > SKEW_MAX_MS) {
        await tell(access, { kind: 'clock-skew', milliseconds: skew });
      }
    },
    async failed(access, error) {
      if (!(error instanceof XeroDownError)) return;
      deps.metrics.count('bursar_xero_failures_total', { why: error.why });
      await tell(access, { kind: 'down', error });
    },
    onFinding: (listener) => {
      listeners.push(listener);
    },
    noteDate,
    skew: () => skew,
  };
}

function skewOf(answer: WireAnswer, now: Date): number | null {
  const theirs = Date.parse(answer.headers.get('date') ?? '');
  return Number.isNaN(theirs) ? null : theirs - now.getTime();
}
