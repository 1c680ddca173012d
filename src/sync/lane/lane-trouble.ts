import { chance } from '#platform/chance';
import { plus, SECOND_MS } from '#platform/clock';
import { jsonText } from '#platform/json-text';
import { announce } from '#platform/live-updates';
import {
  XeroBusyError,
  XeroDownError,
  type XeroError,
  XeroRefusedError,
  XeroUncertainError,
} from '#xero/index';
import { retryDelay } from '../links/contact-link.ts';
import { skipRefusedPapers } from '../pull/read-linked-papers.ts';
import { failRun } from '../runs/carry-on.ts';
import { failingOf, isDownAlone, withFailure, without } from './aside.ts';
import { type Act, nameOf } from './lane-plan.ts';
import type { LaneRun } from './lane-run.ts';
import { type Lane, noteOnLane } from './lane-store.ts';

/** Retries are spread over this part of the wait, so that many lanes don't ask as one. */
const JITTER = 0.2;
/** After a lost answer, before anything is looked up or sent. */
const UNCERTAIN_WAIT_MS = 5 * SECOND_MS;

/**
 * Lets the lane wait after Xero did not do what was asked: exactly as long as Xero says, or with
 * growing waits where it says nothing. The waiting is the lane's alone; no link loses an attempt.
 * What Xero refuses as wrong lets only the act itself wait. What goes down is counted by act as well,
 * so that one at which Xero fails for long lets the others go first, and waits by itself.
 */
export async function meetTrouble(run: LaneRun, act: Act, error: XeroError): Promise<void> {
  if (error instanceof XeroRefusedError) return setAside(run, act, error);
  await run.record(async (tx, lane) => {
    const now = run.now();
    if (error instanceof XeroBusyError) {
      await noteOnLane(tx, run.scope, run.lease, {
        paused_until: later(error.retryAt, plus(now, 1)),
        pause_reason: error.detail ?? null,
        // What is kept of the limits for people is still theirs, unless nothing of it was left for
        // them, or what they wait for needs more in this very pause.
        pause_spares_people: error.urgency === 'background' && !isPaused(lane, now),
      });
      await announce(tx, run.scope.providerId, 'sync', []);
      return;
    }
    const failures = lane.failures + 1;
    const failing = failingOf(lane);
    const name = nameOf(act);
    const how = isDownAlone(failing, name, lane.failures) ? 'alone-down' : 'down';
    const xeroSays = error.detail ?? 'Xero did not answer.';
    await noteOnLane(tx, run.scope, run.lease, {
      failures,
      paused_until: until(run, error, failures, now),
      pause_reason: error.detail ?? null,
      pause_spares_people: false,
      set_aside: jsonText(withFailure(failing, name, { how, xeroSays, now })),
    });
    await announce(tx, run.scope.providerId, 'sync', []);
  });
}

/** A pause that began before: since then only acts for people were tried. */
function isPaused(lane: Lane, now: Date): boolean {
  return lane.paused_until !== null && lane.paused_until > now;
}

function until(run: LaneRun, error: XeroError, failures: number, now: Date): Date {
  if (error instanceof XeroUncertainError && failures === 1) return plus(now, UNCERTAIN_WAIT_MS);
  const { random = chance } = run.deps;
  const wait = retryDelay(failures) * (1 + JITTER * random());
  const own = plus(now, Math.round(wait));
  return error instanceof XeroDownError ? later(error.retryAt, own) : own;
}

/**
 * A read that Xero refuses as wrong would be refused again: it is put off, so that it can't hold up
 * the rest of the lane, and people and whoever runs Bursar hear of it.
 */
async function setAside(run: LaneRun, act: Act, error: XeroRefusedError): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  deps.logger.error({ err: error, xeroOrgId, act }, 'Xero refused a read');
  const xeroSays = error.detail ?? 'Xero refused it.';
  if (act.do === 'resync') return failRun(run, xeroSays);
  if (act.do === 'read-papers') return skipRefusedPapers(run);
  await run.record(async (tx, lane) => {
    const failure = { how: 'refused', xeroSays, now: run.now() } as const;
    const failing = withFailure(failingOf(lane), nameOf(act), failure);
    await noteOnLane(tx, scope, run.lease, { set_aside: jsonText(failing) });
    await announce(tx, scope.providerId, 'sync', []);
  });
}

/** What did not come about before has been done after all. */
export async function endAside(run: LaneRun, act: Act, seen: Lane): Promise<void> {
  const name = nameOf(act);
  if (!(name in failingOf(seen))) return;
  await run.record(async (tx, lane) => {
    const failing = without(failingOf(lane), name);
    await noteOnLane(tx, run.scope, run.lease, { set_aside: jsonText(failing) });
    await announce(tx, run.scope.providerId, 'sync', []);
  });
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
