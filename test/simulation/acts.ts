import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import type { Desk } from './desk.ts';
import { CONTACT_EDITS, FIRST_NAMES, LAST_NAMES, LEARNER_EDITS, pickEdit } from './field-edits.ts';
import { actAtRandom } from './owed-acts.ts';
import type { Random } from './random.ts';

/** What people do on both sides, by chance; the same over tables in memory and over PostgreSQL. */
export type DeskAct = (desk: Desk, random: Random) => Promise<void> | void;

export const deskActs: Record<string, { weight: number; act: DeskAct }> = {
  'learner-added': { weight: 6, act: addLearner },
  'learner-edited': { weight: 8, act: editLearner },
  'sync-switched': { weight: 2, act: switchSync },
  'sync-now': { weight: 2, act: syncNow },
  'contact-edited': { weight: 3, act: editContact },
  'contact-archived': { weight: 1, act: archiveContact },
  'contact-restored': { weight: 2, act: restoreContact },
  'contacts-merged': { weight: 1, act: mergeContacts },
  'name-taken': { weight: 1, act: takeName },
  'books-kept': { weight: 22, act: keepBooks },
};

async function someLearner(desk: Desk, random: Random): Promise<Learner | null> {
  if (desk.learnerIds.length === 0) return null;
  // Half of what happens happens to those who are still on their way.
  const among = random.chance(0.5) ? desk.learnerIds.slice(-3) : desk.learnerIds;
  const learnerId = random.pick(among);
  return desk.call(api.getLearner, { params: { learnerId } });
}

async function addLearner(desk: Desk, random: Random): Promise<void> {
  const body = {
    firstName: random.pick(FIRST_NAMES),
    lastName: random.pick(LAST_NAMES),
    syncToXero: true,
    saveAnyway: true,
  };
  const learner = await desk.call(api.addLearner, { body });
  desk.learnerIds.push(learner.id);
}

async function editLearner(desk: Desk, random: Random): Promise<void> {
  const change = pickEdit(random, LEARNER_EDITS);
  const more = random.chance(0.5) ? pickEdit(random, LEARNER_EDITS) : {};
  const learner = await someLearner(desk, random);
  if (!learner) return;
  await desk.call(api.editLearner, {
    params: { learnerId: learner.id },
    body: { revision: learner.revision, ...change, ...more, saveAnyway: true },
  });
}

async function switchSync(desk: Desk, random: Random): Promise<void> {
  const learner = await someLearner(desk, random);
  if (!learner) return;
  await desk.call(api.editLearner, {
    params: { learnerId: learner.id },
    body: { revision: learner.revision, syncToXero: !learner.syncToXero },
  });
}

async function syncNow(desk: Desk, random: Random): Promise<void> {
  if (desk.learnerIds.length === 0) return;
  const learnerId = random.pick(desk.learnerIds);
  await desk.call(api.syncLearnerNow, { params: { learnerId } });
}

function someContact({ keeper }: Desk, random: Random, status = 'ACTIVE') {
  const all = keeper.books.contacts.all().filter((one) => one.status === status);
  return all.length === 0 ? null : random.pick(all);
}

function editContact(desk: Desk, random: Random): void {
  const contact = someContact(desk, random);
  if (!contact) return;
  const [field, sent] = pickEdit(random, CONTACT_EDITS);
  desk.keeper.editContact(contact.id, sent);
  desk.edited.add(`${contact.id} ${field}`);
  if (field === 'contactNumber') desk.edited.add(`number ${contact.number}`);
  desk.note(`${contact.name} (${contact.number}) ${JSON.stringify(sent)}`);
}

function archiveContact(desk: Desk, random: Random): void {
  const contact = someContact(desk, random);
  if (!contact) return;
  desk.keeper.archiveContact(contact.id);
  desk.note(`${contact.name} (${contact.number})`);
}

function restoreContact(desk: Desk, random: Random): void {
  const contact = someContact(desk, random, 'ARCHIVED');
  // A merge is for good.
  if (!contact || contact.mergedToId !== undefined) return;
  desk.keeper.restoreContact(contact.id);
  desk.note(`${contact.name} (${contact.number})`);
}

/** A contact of nobody is merged into one of ours, or one of ours into another, or on and on. */
function mergeContacts(desk: Desk, random: Random): void {
  const loser = someContact(desk, random);
  const winner = someContact(desk, random);
  if (!loser || !winner || loser === winner) return;
  desk.keeper.mergeContacts(loser.id, winner.id);
  desk.note(`${loser.name} (${loser.number}) into ${winner.name} (${winner.number})`);
  const last = someContact(desk, random);
  if (!last || last.id === winner.id || random.chance(0.5)) return;
  desk.keeper.mergeContacts(winner.id, last.id);
  desk.note(`and that into ${last.name} (${last.number})`);
}

function takeName({ keeper }: Desk, random: Random): void {
  const Name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
  keeper.createContact({ Name });
}

function keepBooks({ keeper }: Desk, random: Random): void {
  const contactIds = keeper.books.contacts
    .all()
    .filter((one) => one.status === 'ACTIVE')
    .map(({ id }) => id);
  if (contactIds.length > 0) actAtRandom({ keeper, contactIds, random: () => random.next() });
}
