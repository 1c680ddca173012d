import { isDeepStrictEqual } from 'node:util';
import type { XeroOrgId } from '#contract/ids';
import { HOUR_MS, plus, SECOND_MS } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { jsonText } from '#platform/json-text';
import { announce } from '#platform/live-updates';
import { ownScope, type Scope } from '#platform/scope';
import { XeroBusyError, XeroConsentError, XeroError } from '#xero/index';
import { checkAgreement } from '../agreement/check-agreement.ts';
import { weighDrifts } from '../drift/weigh-drifts.ts';
import { countInvoices } from '../matching/count-invoices.ts';
import { matchLearners } from '../matching/propose.ts';
import { pullContacts } from '../pull/contact-notices.ts';
import { pullPapers } from '../pull/pull-documents.ts';
import { readLinkedPapers } from '../pull/read-linked-papers.ts';
import { sweep } from '../pull/sweep.ts';
import { pushLearners } from '../push/push-learners.ts';
import { carryOnRun } from '../runs/carry-on.ts';
import { endCatchUp } from './catch-up.ts';
import { enqueueCalled } from './due-lanes.ts';
import { isCalled, takeCalls } from './lane-calls.ts';
import { readFacts } from './lane-facts.ts';
import { runLaneJob } from './lane-jobs.ts';
import {
  type Act,
  Patience,
  pausedPatience,
  planLane,
  restingPatience,
  wornPatience,
} from './lane-plan.ts';
import { createLaneRun, type LaneRun, type SyncDeps } from './lane-run.ts';
import {
  holdLane,
  type Lane,
  type Lease,
  LeaseLostError,
  noteOnLane,
  releaseLane,
  takeLane,
} from './lane-store.ts';
import { endAside, meetTrouble } from './lane-trouble.ts';

/** After so many acts a run ends and a new one follows, so that other lanes get their turn. */
const ACTS_PER_RUN = 40;
const HEARTBEAT_MS = 5 * SECOND_MS;
/** So long a lane rests while nothing may flow; whatever changes that calls it. */
const CLOSED_WAIT_MS = HOUR_MS;
/** After a failure that is our own, before the lane is tried again. */
const OWN_FAILURE_WAIT_MS = 30 * SECOND_MS;

/** What carries out the job that wakes a lane. */
export function runLaneHandler(deps: SyncDeps): Handler {
  return handlerOf(runLaneJob, ({ providerId, xeroOrgId }) =>
    runLane(deps, ownScope(providerId), { xeroOrgId, owner: newId() }),
  );
}

/**
 * One run of a lane: takes the lane if nobody has it, does what is most urgent until nothing is due
 * or Xero asks to wait, and gives it back with the instant at which to look again. Everything it
 * does may be done twice; where it stops, the next run goes on.
 */
async function runLane(deps: SyncDeps, scope: Scope, lease: Lease): Promise<void> {
  const taken = await deps.database.asProvider(scope.providerId, async (tx) => {
    const lane = await takeLane(tx, scope, lease, deps.clock.now());
    if (!lane) return null;
    // Also where nothing may flow: word that nobody takes up would call the lane again and again.
    const wakes = lane.wakes + (await takeCalls(deps, tx, scope, lease.xeroOrgId));
    const access = await accessOf(deps, tx, scope, lease.xeroOrgId);
    if (access) return { access, lane: { ...lane, wakes } };
    const now = deps.clock.now();
    const rest = { wakeAt: plus(now, CLOSED_WAIT_MS), wakesSeen: wakes, now };
    await releaseLane(tx, scope, lease, rest);
    return null;
  });
  if (!taken) return;

  const run = createLaneRun(deps, scope, taken.access, lease.owner);
  const heartbeat = keepLease(run);
  try {
    await workThrough(run, taken.lane);
  } catch (error) {
    if (error instanceof LeaseLostError) {
      deps.logger.info({ xeroOrgId: lease.xeroOrgId }, 'another run has taken over the lane');
      return;
    }
    await giveBack(run, plus(run.now(), OWN_FAILURE_WAIT_MS), null).catch((err: unknown) =>
      deps.logger.warn({ err }, 'a lane could not be given back; its lease will end by itself'),
    );
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

function keepLease(run: LaneRun): NodeJS.Timeout {
  const { database, clock, logger } = run.deps;
  let isBeating = false;
  return setInterval(() => {
    // One that waits for a record of this very run would be joined by the next, a connection each.
    if (isBeating) return;
    isBeating = true;
    database
      .asProvider(run.scope.providerId, (tx) => holdLane(tx, run.scope, run.lease, clock.now()))
      .catch((error: unknown) => logger.warn({ err: error }, 'a lane’s lease was not renewed'))
      .finally(() => {
        isBeating = false;
      });
  }, HEARTBEAT_MS).unref();
}

/** The connection through which data may flow now; undefined: nothing may. */
async function accessOf(deps: SyncDeps, tx: Tx, scope: Scope, xeroOrgId: XeroOrgId) {
  const active = await deps.connections.active(tx, scope);
  return active.find((connection) => connection.xeroOrgId === xeroOrgId);
}

/** Whether data may still flow. Whatever ends that calls the lane, so it is asked only after a call. */
function mayFlow({ deps, scope, xeroOrgId }: LaneRun): Promise<boolean> {
  return deps.database.asProvider(scope.providerId, async (tx) =>
    Boolean(await accessOf(deps, tx, scope, xeroOrgId)),
  );
}

async function workThrough(run: LaneRun, taken: Lane): Promise<void> {
  let patience: Patience = Patience.parse(taken.patience);
  let wakesSeen = taken.wakes;
  for (let acts = 0; ; acts += 1) {
    const { facts, lane } = await readFacts(run);
    if (lane.wakes !== wakesSeen && !(await mayFlow(run))) {
      return giveBack(run, plus(run.now(), CLOSED_WAIT_MS), lane.wakes);
    }
    wakesSeen = lane.wakes;
    const plan = planLane(facts, patience);
    if (plan.do === 'rest') {
      await endCatchUp(run, facts, lane);
      return giveBack(run, plan.until, lane.wakes, restingPatience(facts, patience));
    }
    if (acts === ACTS_PER_RUN) return giveBack(run, run.now(), lane.wakes, patience);
    const before = patience;
    patience = wornPatience(facts, plan, before);
    try {
      const isDone = await carryOut(run, plan);
      if (isDone) await endAside(run, plan, lane);
      await tellSwept(run);
      const isPauseOver = lane.paused_until !== null && lane.paused_until <= facts.now;
      if (lane.failures > 0 || isPauseOver) await endPause(run);
    } catch (error) {
      if (error instanceof XeroConsentError) return loseConsent(run, error);
      if (!(error instanceof XeroError)) throw error;
      await meetTrouble(run, plan, error);
      if (error instanceof XeroBusyError) patience = pausedPatience(facts, plan, before);
    }
  }
}

/** Changes that were found by looking say whether notices still arrive. */
async function tellSwept({ deps, scope, xeroOrgId, swept }: LaneRun): Promise<void> {
  const changedAt = swept.splice(0);
  if (changedAt.length > 0) await deps.connections.noteSwept(scope, { xeroOrgId }, changedAt);
}

/** Answers whether it came about; no: a push has only found out what became of an earlier one. */
async function carryOut(run: LaneRun, act: Act): Promise<boolean> {
  if (act.do === 'push') return pushLearners(run);
  await carryOutOther(run, act);
  return true;
}

function carryOutOther(run: LaneRun, act: Exclude<Act, { do: 'push' }>): Promise<void> {
  switch (act.do) {
    case 'match':
      return matchLearners(run);
    case 'count-invoices':
      return countInvoices(run);
    case 'read-papers':
      return readLinkedPapers(run, act.forPerson ? 'person' : 'background');
    case 'weigh-drifts':
      return weighDrifts(run);
    case 'pull-contacts':
      return pullContacts(run);
    case 'pull-papers':
      return pullPapers(run, act.kind);
    case 'sweep':
      return sweep(run, act.resource);
    case 'resync':
      return carryOnRun(run);
    case 'check-agreement':
      return checkAgreement(run);
  }
}

async function endPause(run: LaneRun): Promise<void> {
  await run.record(async (tx) => {
    await noteOnLane(tx, run.scope, run.lease, {
      failures: 0,
      paused_until: null,
      pause_reason: null,
      pause_spares_people: false,
    });
    await announce(tx, run.scope.providerId, 'sync', []);
  });
}

/**
 * `wakesSeen` null: whatever was called meanwhile, the lane looks again at `wakeAt`. Without
 * `patience` that of the run before stays.
 */
async function giveBack(
  run: LaneRun,
  wakeAt: Date,
  wakesSeen: bigint | null,
  patience?: Patience,
): Promise<void> {
  const { scope, xeroOrgId } = run;
  const { database } = run.deps;
  await database.asProvider(scope.providerId, async (tx) => {
    const lane = await holdLane(tx, scope, run.lease, run.now());
    if (patience && !isDeepStrictEqual(patience, lane.patience)) {
      await noteOnLane(tx, scope, run.lease, { patience: jsonText(patience) });
    }
    const rest = { wakeAt, wakesSeen: wakesSeen ?? lane.wakes, now: run.now() };
    await releaseLane(tx, scope, run.lease, rest);
  });
  if (wakesSeen === null) return;
  // Word that was left without the lane's row: a job that came for it while the row was held has
  // ended, and what was left before that is seen now.
  await database.asProvider(scope.providerId, async (tx) => {
    if (await isCalled(tx, scope, xeroOrgId)) await enqueueCalled(tx, scope.providerId, xeroOrgId);
  });
}

/** The connection is marked first; its event then stops the lane, in the same transaction. */
async function loseConsent(run: LaneRun, error: XeroConsentError): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const mine = await accessOf(deps, tx, scope, xeroOrgId);
    if (!mine) return;
    await deps.connections.markConsentLost(tx, scope, mine.connectionId, error.reason);
  });
}
