import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { InboxProblem } from '#contract/inbox';
import type { Learner } from '#contract/learners';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());
beforeEach(() => world.pass(2 * MINUTE_MS));

const inbox = (who = world.owner) => who.call(api.syncInbox);
const count = async () => (await world.owner.call(api.syncInboxCount)).open;
async function problemOf(code: InboxProblem['code']): Promise<InboxProblem | undefined> {
  return (await inbox()).problems.find((problem) => problem.code === code);
}

async function linked(firstName: string): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Boxer' });
  await world.settle();
  // Xero's stamps are exact to the second, and what follows happens later.
  await world.pass(2 * SECOND_MS);
  return learner;
}

async function archived(firstName: string): Promise<{ learner: Learner; contactId: string }> {
  const learner = await linked(firstName);
  const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  world.bookkeeper.archiveContact(contactId);
  await world.pass(2 * SECOND_MS);
  return { learner, contactId };
}

it('shows each cause once, whomever it concerns, and empties itself when the cause is gone', async () => {
  expect(await inbox()).toEqual({ problems: [], ignored: [] });
  const one = await archived('Ada');
  const other = await archived('Ben');
  expect(await count()).toBe(2);
  const problem = await problemOf('contact.archived');
  expect(problem).toMatchObject({ key: 'contact.archived', count: 2, xeroSays: [] });
  const sent = (await world.syncOf(one.learner.id)).link?.lastPushedAt;
  expect(Date.parse(problem?.since ?? '')).toBeGreaterThan(Date.parse(sent ?? ''));
  expect(problem?.entries.map((entry) => entry.label).sort()).toEqual(
    [one, other].map(({ learner }) => `${learner.firstName} Boxer (${learner.learnerNumber})`),
  );
  const page = (query: object) =>
    world.owner.call(api.listProblemEntries, { query: { key: 'contact.archived', ...query } });
  const first = await page({ limit: 1 });
  const second = await page({ limit: 1, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ subjectId }) => subjectId)).toEqual([
    one.learner.id,
    other.learner.id,
  ]);
  expect(second.nextCursor).toBeNull();
  expect((await page({ search: 'ben BOX' })).items).toMatchObject([
    { subjectId: other.learner.id },
  ]);
  for (const { contactId } of [one, other]) world.bookkeeper.restoreContact(contactId);
  await world.pass(2 * SECOND_MS);
  expect(await inbox()).toEqual({ problems: [], ignored: [] });
});

it('looks again when told that it was fixed in Xero, although no webhook came', async () => {
  const { learner, contactId } = await archived('Cleo');
  world.emulator.control.webhooks.switches.dropNext = 1;
  world.bookkeeper.restoreContact(contactId);
  await world.settle();
  expect(await count()).toBe(1);
  const { tried } = await world.owner.call(api.retryProblem, { body: { key: 'contact.archived' } });
  expect(tried).toBe(1);
  await world.settle();
  expect(await count()).toBe(0);
  expect((await world.standingOf(learner.id))?.standing).toBe('in-step');
});

it('sends anew what Xero refused a minute ago, and is not given the answer of then', async () => {
  world.bookkeeper.createContact({ Name: 'Cy Boxer' });
  const learner = await linked('Cy');
  const { learnerNumber: number } = learner;
  const taken = world.bookkeeper.createContact({ Name: `Cyd Boxer (${number})` });
  await world.edit(learner, { firstName: 'Cyd' });
  await world.settle();
  expect((await world.standingOf(learner.id))?.standing).toBe('blocked');
  await world.pass(MINUTE_MS);
  world.bookkeeper.editContact(taken.id, { Name: 'Cyd Somebody' });
  await world.settle();
  await world.owner.call(api.retryProblem, { body: { key: 'contact.name-taken' } });
  await world.settle();
  expect(await world.standingOf(learner.id)).toEqual({ standing: 'in-step', reasons: [] });
  expect(world.bookkeeper.findContact(number)?.name).toBe(`Cyd Boxer (${number})`);
});

it('gives Xero’s own words, and tries again', async () => {
  const learner = await linked('Dora');
  const number = learner.learnerNumber;
  const names = ['Dorothea Boxer', `Dorothea Boxer (${number})`];
  const others = names.map((Name) => world.bookkeeper.createContact({ Name }));
  await world.edit(learner, { firstName: 'Dorothea' });
  await world.settle();
  const problem = await problemOf('contact.name-taken');
  expect(problem?.count).toBe(1);
  expect(problem?.xeroSays[0]).toMatch(/is already assigned to another contact/);
  for (const other of others) world.bookkeeper.editContact(other.id, { Name: `Old ${other.id}` });
  await world.owner.call(api.retryProblem, {
    body: { key: 'contact.name-taken', subjectIds: [learner.id] },
  });
  await world.settle();
  expect(await problemOf('contact.name-taken')).toBeUndefined();
});

it('puts a problem aside with a note, and brings it back when the cause is another', async () => {
  const learner = await linked('Ewan');
  const number = learner.learnerNumber;
  const clashing = ['Euan', 'Evan'].flatMap((first) => [
    `${first} Boxer`,
    `${first} Boxer (${number})`,
  ]);
  for (const Name of clashing) world.bookkeeper.createContact({ Name });
  const edited = await world.edit(learner, { firstName: 'Euan' });
  await world.settle();
  await world.owner.call(api.ignoreProblem, {
    body: { key: 'contact.name-taken', note: 'The bookkeeper is on leave' },
  });
  expect(await count()).toBe(0);
  const { ignored } = await inbox();
  expect(ignored[0]?.entries[0]).toMatchObject({
    subjectId: learner.id,
    ignored: { note: 'The bookkeeper is on leave', by: world.owner.name },
  });
  await world.edit(edited, { firstName: 'Evan' });
  await world.settle();
  expect(await count()).toBe(1);
  await world.owner.call(api.ignoreProblem, { body: { key: 'contact.name-taken' } });
  expect(await count()).toBe(0);
  await world.owner.call(api.unignoreProblem, { body: { key: 'contact.name-taken' } });
  expect(await count()).toBe(1);
});

it('keeps the note of whom was put aside before, when the others follow', async () => {
  const key = 'contact.archived';
  const [{ learner: one }, { learner: other }] = [await archived('Gil'), await archived('Hal')];
  const ignore = (note: string, subjectIds?: string[]) =>
    world.owner.call(api.ignoreProblem, {
      body: { key, note, ...(subjectIds ? { subjectIds } : {}) },
    });
  expect(await ignore('On leave', [one.id])).toEqual({ ignored: 1 });
  expect(await ignore('Ask Priya')).toEqual({ ignored: 1 });
  const { items } = await world.owner.call(api.listProblemEntries, { query: { key } });
  expect(items.map(({ subjectId, ignored }) => [subjectId, ignored?.note])).toEqual([
    [one.id, 'On leave'],
    [other.id, 'Ask Priya'],
  ]);
  await world.owner.call(api.unignoreProblem, { body: { key } });
});

it('counts what the inbox shows, also where one of somebody’s two problems was put aside', async () => {
  const before = await count();
  const { learner, contactId } = await archived('Ida');
  world.bookkeeper.restoreContact(contactId);
  world.bookkeeper.editContact(contactId, { EmailAddress: 'ida@books.example' });
  world.bookkeeper.archiveContact(contactId);
  await world.pass(2 * SECOND_MS);
  const shown = async () => (await inbox()).problems.reduce((sum, one) => sum + one.count, 0);
  expect([await count(), await shown()]).toEqual([before + 2, before + 2]);
  for (const [key, left] of [['drift.open', 1] as const, ['contact.archived', 0] as const]) {
    await world.owner.call(api.ignoreProblem, { body: { key, subjectIds: [learner.id] } });
    expect([await count(), await shown()]).toEqual([before + left, before + left]);
  }
  await world.edit(learner, { syncToXero: false });
  expect([await count(), await shown()]).toEqual([before, before]);
});

it('may be read by everybody here and acted on by those who may sync', async () => {
  const staff = await world.people.staff();
  expect((await inbox(staff)).problems.length).toBeGreaterThan(0);
  const refused = await staff.refusal(api.retryProblem, { body: { key: 'contact.name-taken' } });
  expect(refused.code).toBe('permission.missing');
  const kea = await world.neighbours.owner();
  expect(await kea.call(api.syncInbox)).toEqual({ problems: [], ignored: [] });
});

it('tells of a failed run until it succeeds', async () => {
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Invoices',
    times: 1,
    effect: {
      kind: 'status',
      status: 400,
      body: '{"Message":"Too wide"}',
      contentType: 'application/json',
    },
  });
  await world.owner.call(api.startSyncRun, { body: { kind: 'resync-papers' } });
  await world.settle();
  expect((await problemOf('run.failed'))?.entries[0]?.reasons).toEqual(['Too wide']);
  await world.owner.call(api.startSyncRun, { body: { kind: 'resync-papers' } });
  await world.pass(MINUTE_MS);
  expect(await problemOf('run.failed')).toBeUndefined();
});
