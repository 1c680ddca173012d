import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import { LOOK_UP_AFTER_MS } from '../../src/sync/links/contact-link.ts';
import type { Desk } from './desk.ts';
import { DRIFT_EDITS, pickEdit } from './field-edits.ts';
import {
  clearUp,
  editMobile,
  meanwhile,
  someoneLinked,
  untilSent,
  workSomewhere,
  workUntil,
} from './tight-acts.ts';
import { connectAgain, type WorldAct, type WorldAt } from './world-acts.ts';

/**
 * Tight sequences in which something is not known yet, or not sent yet, when the next thing happens to
 * the same record.
 */
export const unansweredActs: Record<string, { weight: number; act: WorldAct }> = {
  'edited-unanswered': { weight: 1, act: editUnanswered },
  'created-unanswered': { weight: 1, act: createUnanswered },
  'decided-unsent': { weight: 1, act: decideUnsent },
  'drift-decided-at-once': { weight: 2, act: decideAtOnce },
};

/** What the address of each write of contacts holds, and that of no read. */
const WRITES = '/Contacts?summarizeErrors';

/** Xero does what the next write of contacts asks for, and its answer is lost on the way. */
async function loseNextWrite(at: WorldAt): Promise<void> {
  const { world, random } = at;
  const lost = {
    fault: random.pick(['reset-after', 'truncated'] as const),
    path: WRITES,
    times: 1,
  };
  // Before whatever else is armed for such an address.
  world.line.armed.unshift(lost);
  workSomewhere(at);
  await untilSent(at, () => lost.times === 0);
}

/** The answer to a change is lost, and before anybody looks the same record is edited again. */
async function editUnanswered(at: WorldAt): Promise<void> {
  const { random, someDesk } = at;
  const desk = someDesk();
  if (desk.learnerIds.length === 0) return;
  const learnerId = random.pick(desk.learnerIds);
  await editMobile(at, desk, learnerId);
  await loseNextWrite(at);
  await editMobile(at, desk, learnerId);
  workSomewhere(at);
}

/**
 * The answer to a creation is lost, nobody wants the contact any more, and who looks for it is first
 * answered without a list.
 */
async function createUnanswered(at: WorldAt): Promise<void> {
  const { ground, world, random, someDesk } = at;
  const desk = someDesk();
  const lastName = `Unheard${random.whole(100)}`;
  const body = { firstName: 'Ari', lastName, syncToXero: true, saveAnyway: true };
  const learner = await desk.call(api.addLearner, { body });
  desk.learnerIds.push(learner.id);
  await loseNextWrite(at);
  const effect = { kind: 'status', status: 200, body: '{}' } as const;
  const path = `*/Contacts/${learner.learnerNumber}`;
  ground.emulator.control.faults.add({ path, times: 1, effect });
  const params = { learnerId: learner.id };
  const { revision } = await desk.call(api.getLearner, { params });
  await desk.call(api.editLearner, { params, body: { revision, syncToXero: false } });
  // A lost answer may belong to a write that is under way: nobody looks before a moment has passed.
  ground.clock.advance(LOOK_UP_AFTER_MS);
  await world.scheduler.fireDue();
  workSomewhere(at);
}

/** Somebody decides that ours stands, and before it is sent the consent is withdrawn and given anew. */
async function decideUnsent(at: WorldAt): Promise<void> {
  const { ground, world, someDesk } = at;
  const desk = someDesk();
  const partyId = await driftingLearner(at, desk);
  const drift = partyId && (await openDrift(desk, partyId));
  if (!drift) return;
  ground.emulator.control.people.disconnect(desk.xeroOrgId);
  const body = { act: 'push' as const, version: drift.version };
  await desk.call(api.decideDrift, { params: { partyId }, body });
  workSomewhere(at);
  await meanwhile(at, 100);
  if (world.nodes.length > 0) connectAgain(at, desk);
}

/** Somebody decides about a difference as soon as it is seen, while others go on. */
async function decideAtOnce(at: WorldAt): Promise<void> {
  const { random, someDesk } = at;
  const desk = someDesk();
  const partyId = await driftingLearner(at, desk);
  const drift = partyId && (await openDrift(desk, partyId));
  if (!drift) return;
  const act = random.pick(['take', 'push', 'ignore'] as const);
  const body = { act, version: drift.version };
  await desk.call(api.decideDrift, { params: { partyId }, body });
}

/** Somebody whose contact was changed in Xero, which has been seen here. */
async function driftingLearner(at: WorldAt, desk: Desk): Promise<LearnerId | null> {
  const linked = await someoneLinked(at, desk);
  if (!linked) return null;
  await clearUp(at, desk);
  const { learnerId, contactId } = linked;
  const [field, sent] = pickEdit(at.random, DRIFT_EDITS);
  desk.keeper.editContact(contactId, sent);
  desk.edited.add(`${contactId} ${field}`);
  const isSeen = await workUntil(at, async () => (await openDrift(desk, learnerId)) !== null);
  return isSeen ? learnerId : null;
}

async function openDrift(desk: Desk, partyId: LearnerId) {
  const { drift } = await desk.call(api.partyDrift, { params: { partyId } });
  return drift?.fields.some(({ state }) => state === 'open') ? drift : null;
}
