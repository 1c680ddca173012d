import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import type { Document } from '../../emulator/accounting/model.ts';
import type { Desk } from './desk.ts';
import { touch } from './paper-acts.ts';
import { putRight } from './put-right.ts';
import { deliver, type WorldAct, type WorldAt } from './world-acts.ts';

/**
 * Several things that happen so close to each other, or so far apart, that chance alone seldom brings
 * them together: each aims at one gap in which something could be lost.
 */
export const tightActs: Record<string, { weight: number; act: WorldAct }> = {
  'put-right': { weight: 8, act: (at) => putRight(at, at.someDesk()) },
  'tokens-ended': { weight: 1.5, act: endTokens },
  'walked-unheard': { weight: 1, act: walkUnheard },
  'said-while-read': { weight: 1.5, act: sayWhileRead },
  'merged-while-created': { weight: 1.5, act: mergeWhileCreated },
  'copy-lagged': { weight: 1.5, act: lagBehind },
  'archived-and-restored': { weight: 1, act: archiveAndRestore },
  'archived-as-sent': { weight: 1, act: archiveAsSent },
  'edited-as-sent': { weight: 1, act: editAsSent },
};

/** Points within which what is due mostly leaves. */
const POINTS_TO_SEND = 200;

/** Lets others go on, for at most so many points. */
export async function meanwhile({ world, random }: WorldAt, atMost: number): Promise<void> {
  for (let left = random.whole(atMost); left > 0; left -= 1) await world.scheduler.pass('desk');
}

/** Lets others go on until what is due has left, or long enough for that. */
export async function untilSent({ world }: WorldAt, isSent: () => boolean): Promise<void> {
  for (let left = POINTS_TO_SEND; left > 0 && !isSent(); left -= 1) {
    await world.scheduler.pass('desk');
  }
}

/** So that a sequence is mostly carried through, and at times meets what was under way. */
export async function clearUp(at: WorldAt, desk: Desk): Promise<void> {
  const { ground, world, random } = at;
  if (random.chance(0.3)) return;
  ground.emulator.control.faults.clear();
  world.line.armed.length = 0;
  await putRight(at, desk);
}

/** Lanes are woken and worked in, at whichever node. */
export function workSomewhere({ world, random }: WorldAt): void {
  world.freeDeadJobs();
  if (world.nodes.length === 0) return;
  world.tick(random.pick(world.nodes));
  world.work(random.pick(world.nodes));
}

/** What Xero wanted to say of the last changes is lost on its way. */
async function loseNotices({ ground }: WorldAt): Promise<void> {
  const { webhooks } = ground.emulator.control;
  webhooks.switches.dropNext = Number.POSITIVE_INFINITY;
  await webhooks.deliverDue();
  webhooks.switches.dropNext = 0;
}

/** Contacts that were created by the sync: those whose papers matter here. */
function ourContactIds({ keeper }: Desk): string[] {
  return keeper.books.contacts
    .all()
    .filter(({ createdByApp, status }) => createdByApp !== undefined && status === 'ACTIVE')
    .map(({ id }) => id);
}

function raise({ keeper }: Desk, contactId: string): Document {
  const lines = [{ description: 'Fee', unitAmount: '80.00' }];
  return keeper.createInvoice({ contactId, lines });
}

/** Both nodes need a new token of the same grant at the same time. */
async function endTokens(at: WorldAt): Promise<void> {
  const { ground, world, random, someDesk } = at;
  if (world.nodes.length < 2) world.startNode();
  ground.clock.advance(27 * MINUTE_MS + random.whole(4 * MINUTE_MS));
  await world.scheduler.fireDue();
  for (const name of world.nodes) world.tick(name);
  workSomewhere(at);
  const desk = someDesk();
  if (desk.learnerIds.length === 0) return;
  for (let left = 3; left > 0; left -= 1) {
    const params = { learnerId: random.pick(desk.learnerIds) };
    world.scheduler.start('desk', 'look', () => desk.call(api.lookForLearner, { params }));
  }
}

/**
 * More papers than a page holds, raised over some time and told by nobody; some change again while
 * the walk that finds them is under way, and a process may die.
 */
async function walkUnheard(at: WorldAt): Promise<void> {
  const { ground, world, random, someDesk } = at;
  const desk = someDesk();
  const contactIds = ourContactIds(desk);
  if (contactIds.length === 0) return;
  const papers: Document[] = [];
  for (let left = 7 + random.whole(7); left > 0; left -= 1) {
    papers.push(raise(desk, random.pick(contactIds)));
    ground.clock.advance(random.whole(2 * MINUTE_MS));
  }
  await loseNotices(at);
  ground.clock.advance(31 * MINUTE_MS + random.whole(32 * MINUTE_MS));
  await world.scheduler.fireDue();
  workSomewhere(at);
  if (random.chance(0.4) && world.nodes.length > 0)
    world.scheduler.crashIn(random.pick(world.nodes), 1 + random.whole(150));
  for (let left = 5; left > 0; left -= 1) {
    await meanwhile(at, 30);
    touch(desk, random.pick(papers).id, random);
    await loseNotices(at);
    workSomewhere(at);
  }
}

/** A paper is changed again and again, and told of, while it is being read. */
async function sayWhileRead(at: WorldAt): Promise<void> {
  const { random, someDesk } = at;
  const desk = someDesk();
  const contactIds = ourContactIds(desk);
  if (contactIds.length === 0) return;
  const paper = raise(desk, random.pick(contactIds));
  for (let left = 6; left > 0; left -= 1) {
    deliver(at);
    workSomewhere(at);
    await meanwhile(at, 40);
    touch(desk, paper.id, random);
  }
}

/** Somebody is given a contact by a merge while one is being created for them. */
async function mergeWhileCreated(at: WorldAt): Promise<void> {
  const { random, someDesk } = at;
  const desk = someDesk();
  const linked = await someoneLinked(at, desk);
  if (!linked) return;
  await clearUp(at, desk);
  const otherLearnerId = linked.learnerId;
  const body = { firstName: 'Noa', lastName: `Twice${random.whole(100)}`, syncToXero: true };
  const kept = await desk.call(api.addLearner, { body: { ...body, saveAnyway: true } });
  desk.learnerIds.push(kept.id);
  workSomewhere(at);
  await meanwhile(at, 120);
  const params = { learnerId: otherLearnerId };
  const { revision: otherRevision } = await desk.call(api.getLearner, { params });
  const { revision } = await desk.call(api.getLearner, { params: { learnerId: kept.id } });
  await desk.call(api.mergeLearners, {
    params: { learnerId: kept.id },
    body: { otherLearnerId, revision, otherRevision },
  });
  workSomewhere(at);
}

/** A paper is settled and read; when it is read once more, the answer comes from before. */
async function lagBehind(at: WorldAt): Promise<void> {
  const { ground, world, random, someDesk } = at;
  const desk = someDesk();
  const contactIds = ourContactIds(desk);
  if (contactIds.length === 0) return;
  await clearUp(at, desk);
  const paper = raise(desk, random.pick(contactIds));
  world.line.lag.begin();
  ground.clock.advance(2 * SECOND_MS);
  desk.keeper.pay(paper.id, '30.00');
  deliver(at);
  workSomewhere(at);
  await meanwhile(at, 200);
  world.line.armed.push({ fault: 'stale', path: '/Invoices', times: 1 });
  touch(desk, raise(desk, random.pick(contactIds)).id, random);
  const last = world.posted.at(-1);
  if (last && world.nodes.length > 0)
    world.scheduler.start('xero', 'late delivery', () => world.post(last.body, last.signature));
  workSomewhere(at);
}

/** A contact of somebody here, and whose it is. */
export async function someoneLinked({ random }: WorldAt, desk: Desk) {
  if (desk.learnerIds.length === 0) return null;
  const learnerId = random.pick(desk.learnerIds);
  const { link } = await desk.call(api.learnerSync, { params: { learnerId } });
  return link?.contactId ? { learnerId, contactId: link.contactId } : null;
}

/** Xero tells, and lanes are worked in, until something is so. Answers whether it came to that. */
export async function workUntil(at: WorldAt, isSo: () => Promise<boolean>): Promise<boolean> {
  for (let left = 5; left > 0; left -= 1) {
    deliver(at);
    workSomewhere(at);
    await meanwhile(at, 60);
    if (await isSo()) return true;
  }
  return false;
}

/** A contact is archived by mistake, which is seen here, and restored. */
async function archiveAndRestore(at: WorldAt): Promise<void> {
  const desk = at.someDesk();
  const linked = await someoneLinked(at, desk);
  if (!linked) return;
  await clearUp(at, desk);
  const { learnerId, contactId } = linked;
  desk.keeper.archiveContact(contactId);
  await workUntil(at, async () => {
    const { link } = await desk.call(api.learnerSync, { params: { learnerId } });
    return link?.standing === 'blocked';
  });
  desk.keeper.restoreContact(contactId);
}

/** Somebody is edited, and Xero has what was sent of it while its answer is still on the way. */
async function sendAnEdit(at: WorldAt, desk: Desk) {
  const linked = await someoneLinked(at, desk);
  if (!linked) return null;
  await clearUp(at, desk);
  const contact = () => desk.keeper.books.contacts.get(linked.contactId);
  const before = contact();
  await editMobile(at, desk, linked.learnerId);
  workSomewhere(at);
  await untilSent(at, () => contact() !== before);
  return linked;
}

/** Gives a learner another mobile number; what stands here already is saved all the same. */
export async function editMobile(
  { random }: WorldAt,
  desk: Desk,
  learnerId: LearnerId,
): Promise<void> {
  const params = { learnerId };
  const { revision } = await desk.call(api.getLearner, { params });
  const phoneMobile = `0422 ${random.whole(1_000_000)}`;
  await desk.call(api.editLearner, { params, body: { revision, phoneMobile, saveAnyway: true } });
}

/** A contact is archived in the very millisecond in which Xero takes what we send of it. */
async function archiveAsSent(at: WorldAt): Promise<void> {
  const desk = at.someDesk();
  const sent = await sendAnEdit(at, desk);
  if (sent) desk.keeper.archiveContact(sent.contactId);
}

/** Somebody is edited again before the answer to the edit before is here. */
async function editAsSent(at: WorldAt): Promise<void> {
  const desk = at.someDesk();
  const sent = await sendAnEdit(at, desk);
  if (sent) await editMobile(at, desk, sent.learnerId);
}
