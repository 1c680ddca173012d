import { plus, SECOND_MS } from '#platform/clock';
import { announce } from '#platform/live-updates';
import {
  XeroBusyError,
  XeroDownError,
  type XeroError,
  XeroRefusedError,
  XeroUncertainError,
} from '#xero/index';
import { retryDelay } from '../links/contact-link.ts';
import { beginWalk, cursorOf, saveCursor } from '../pull/cursor-store.ts';
import { countAttempt, waitingNotices } from '../pull/notice-store.ts';
import { failRun } from '../runs/carry-on.ts';
import type { Act } from './lane-plan.ts';
import type { LaneRun } from './lane-run.ts';
import { noteOnLane } from './lane-store.ts';

/** Retries are spread over this part of the wait, so that many lanes don't ask as one. */
const JITTER = 0.2;
/** After a lost answer, before anything is looked up or sent. */
const UNCERTAIN_WAIT_MS = 5 * SECOND_MS;

/**
 * Lets the lane wait after Xero did not do what was asked: exactly as long as Xero says, or with
 * growing waits where it says nothing. The waiting is the lane's alone; no link loses an attempt.
 */
export async function pauseLane(run: LaneRun, act: Act, error: XeroError): Promise<void> {
  await run.record(async (tx, lane) => {
    const now = run.now();
    if (error instanceof XeroBusyError) {
      await noteOnLane(tx, run.scope, run.lease, {
        paused_until: later(error.retryAt, plus(now, 1)),
        pause_reason: error.detail ?? null,
        // What is kept of the limits for people is still theirs.
        pause_spares_people: !('forPerson' in act && act.forPerson),
      });
      await announce(tx, run.scope.providerId, 'sync', []);
      return;
    }
    const failures = lane.failures + 1;
    await noteOnLane(tx, run.scope, run.lease, {
      failures,
      paused_until: until(run, error, failures, now),
      pause_reason: error.detail ?? null,
      pause_spares_people: false,
    });
    await announce(tx, run.scope.providerId, 'sync', []);
  });
  if (error instanceof XeroRefusedError) await setAside(run, act, error);
}

function until(run: LaneRun, error: XeroError, failures: number, now: Date): Date {
  if (error instanceof XeroUncertainError && failures === 1) return plus(now, UNCERTAIN_WAIT_MS);
  const random = run.deps.random ?? Math.random;
  const wait = retryDelay(failures) * (1 + JITTER * random());
  const own = plus(now, Math.round(wait));
  return error instanceof XeroDownError ? later(error.retryAt, own) : own;
}

/**
 * A read that Xero refuses as wrong would be refused again: it is put off, so that it can't hold up
 * the rest of the lane, and whoever runs Bursar hears of it.
 */
async function setAside(run: LaneRun, act: Act, error: XeroRefusedError): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  deps.logger.error({ err: error, xeroOrgId, act }, 'Xero refused a read');
  if (act.do === 'resync') return failRun(run, error.detail ?? 'Xero refused it.');
  await run.record(async (tx) => {
    if (act.do === 'sweep') {
      const cursor = beginWalk(await cursorOf(tx, scope, xeroOrgId, act.resource));
      await saveCursor(tx, scope, xeroOrgId, { ...cursor, isWalking: false });
    }
    if (act.do === 'pull-papers') {
      const notices = await waitingNotices(tx, scope, xeroOrgId, act.kind, 50);
      await countAttempt(tx, scope, xeroOrgId, notices, run.now());
    }
  });
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
