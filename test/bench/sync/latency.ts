import { setTimeout } from 'node:timers/promises';
import type { FakeClock } from '#platform/clock';
import type { Answer } from '../../../emulator/coverage/watch.ts';

/** How long Xero takes for a call, on the clock that Bursar and Xero share. */
export const CALL_MS = 250;
export const RECORD_MS = 3;

/**
 * For so long in real time an answer to a write is held back, so that writes which are sent at once
 * arrive while the clock still stands, and pass together on it as they do in life.
 */
export const GATHER_MS = 150;

/** Lets the shared clock move by as much as each call would have taken. */
export interface Latency {
  /** Given to the emulator, which hears every answer before it is sent, and waits for this. */
  hear(answer: Answer): Promise<void>;
  /** From so many calls on, each takes so many times longer than usual. */
  slow: { afterCalls: number; factor: number } | null;
  /** Acts of other people while a call lasts: one for each interval of this length. */
  meanwhile: { everyMs: number; act: () => void } | null;
  /** Looks at each answer before anybody else does. */
  onHear: ((answer: Answer) => void) | null;
  readonly calls: number;
  /** The longest call so far. */
  readonly slowestMs: number;
}

/** @param gatherMs 0 for a caller that sends nothing at once */
export function createLatency(clock: FakeClock, gatherMs: number): Latency {
  let slowestMs = 0;
  let calls = 0;
  /** Time that has passed since the last act of somebody else. */
  let sinceAct = 0;

  function pass(milliseconds: number, meanwhile: Latency['meanwhile']): void {
    if (meanwhile === null) {
      clock.advance(milliseconds);
      return;
    }
    let left = milliseconds;
    while (sinceAct + left >= meanwhile.everyMs) {
      const step = meanwhile.everyMs - sinceAct;
      clock.advance(step);
      left -= step;
      sinceAct = 0;
      meanwhile.act();
    }
    clock.advance(left);
    sinceAct += left;
  }

  const latency: Latency = {
    slow: null,
    meanwhile: null,
    onHear: null,
    get calls() {
      return calls;
    },
    get slowestMs() {
      return slowestMs;
    },
    async hear(answer) {
      const begunAt = clock.now().getTime();
      calls += 1;
      latency.onHear?.(answer);
      const { slow } = latency;
      const factor = slow !== null && calls > slow.afterCalls ? slow.factor : 1;
      const tookMs = callMs(recordsIn(answer)) * factor;
      slowestMs = Math.max(slowestMs, tookMs);
      if (answer.method !== 'GET' && gatherMs > 0) await setTimeout(gatherMs);
      // What passed with the calls beside this one has passed for it too.
      const left = begunAt + tookMs - clock.now().getTime();
      if (left > 0) pass(left, latency.meanwhile);
    },
  };
  return latency;
}

/** What a call with so many records takes when Xero is as quick as usual. */
export function callMs(records: number): number {
  return CALL_MS + RECORD_MS * records;
}

/** Rows of the list that an answer carries, refused ones too. */
export function recordsIn({ status, text }: Answer): number {
  if (status >= 400) return 0;
  const body: unknown = JSON.parse(text);
  const lists = Object.values(body ?? {}).filter((value) => Array.isArray(value));
  return Math.max(0, ...lists.map((list) => list.length));
}
