import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner, NewLearner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { owedBy } from '../world/old-papers.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());
beforeEach(() => world.pass(2 * MINUTE_MS));

/** Somebody whom a bookkeeper or another app has put into Xero, with a code and an open invoice. */
function stranger(code: string, fields: object = {}) {
  const contact = world.bookkeeper.createContact({
    Name: `Walter ${code}`,
    FirstName: 'Walter',
    LastName: code,
    EmailAddress: 'walter@stranger.example',
    ContactNumber: code,
    ...fields,
  });
  const lines = [{ description: 'Fee', unitAmount: '99.00', taxType: 'EXEMPTOUTPUT' }];
  world.bookkeeper.createInvoice({ contactId: contact.id, lines });
  return world.bookkeeper.contact(contact.id);
}

async function joins(learnerNumber: string, fields: Partial<NewLearner> = {}): Promise<Learner> {
  const name = { firstName: 'Mia', lastName: `Other${learnerNumber.replace(/\W/g, '')}` };
  const learner = await world.addLearner({ ...name, learnerNumber, ...fields });
  await world.settle();
  return learner;
}

async function decide(learner: Learner, decision: 'create') {
  const params = { learnerId: learner.id };
  const { open } = await world.owner.call(api.learnerMatch, { params });
  if (!open) throw new Error('Nothing is to be decided');
  const body = { xeroOrgId: open.xeroOrgId, decision };
  await world.owner.call(api.decideLearnerMatch, { params, body });
  await world.settle();
  await world.pass(HOUR_MS);
}

/** Lets a contact of nobody be met, which is gathered for some minutes. */
async function met() {
  await world.settle();
  await world.pass(11 * MINUTE_MS);
}

/** The next notice of Xero gets lost on its way. */
function loseNotice() {
  world.emulator.control.webhooks.switches.dropNext = 1;
}

const lostAnswer = () =>
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Contacts',
    method: 'PUT',
    times: 1,
    effect: { kind: 'reset', when: 'after' },
  });

async function expectLeftAlone(learner: Learner, before: ReturnType<typeof stranger>) {
  const { name, firstName, lastName, email, number } = before;
  const same = { name, firstName, lastName, email, number };
  expect(world.bookkeeper.contact(before.id)).toMatchObject(same);
  expect(await owedBy(world, learner)).toBe(0);
  expect((await world.syncOf(learner.id)).link?.contactId).toBeNull();
}

async function expectToldOfCode(learner: Learner) {
  const { learnerNumber: number, firstName, lastName } = learner;
  const { standing, reasons } = (await world.standingOf(learner.id)) ?? { reasons: [] };
  expect(standing).toBe('blocked');
  expect(reasons[0]).toContain(
    `Another contact in Xero has the code ${number}. Clear it there, or give ${firstName} ${lastName} another number.`,
  );
  const { problems } = await world.owner.call(api.syncInbox);
  const taken = problems.find(({ code }) => code === 'contact.code-taken');
  expect(taken?.entries.map(({ subjectId }) => subjectId)).toContain(learner.id);
}

describe('A stranger in Xero whose code is a learner’s number', () => {
  it('is left alone after somebody said that the learner is to be created', async () => {
    const walter = stranger('S-100');
    await met();
    const learner = await joins('S-100');
    expect((await world.standingOf(learner.id))?.standing).toBe('undecided');
    await decide(learner, 'create');
    await expectLeftAlone(learner, walter);
    await expectToldOfCode(learner);
    world.bookkeeper.editContact(walter.id, { ContactNumber: 'W-100' });
    await world.owner.call(api.retryProblem, { body: { key: 'contact.code-taken' } });
    await world.settle();
    expect((await world.standingOf(learner.id))?.standing).toBe('in-step');
    expect(world.bookkeeper.findContact('S-100')?.name).toBe('Mia OtherS100');
  });

  it('is left alone also where much speaks for it, once somebody said so', async () => {
    const walter = stranger('S-101', { EmailAddress: 'mia@other.example' });
    world.bookkeeper.archiveContact(walter.id);
    await met();
    const learner = await joins('S-101', { email: 'mia@other.example' });
    expect((await world.standingOf(learner.id))?.standing).toBe('undecided');
    await decide(learner, 'create');
    await expectLeftAlone(learner, walter);
    world.bookkeeper.restoreContact(walter.id);
    await world.pass(HOUR_MS);
    await expectLeftAlone(learner, walter);
    await expectToldOfCode(learner);
  });

  it('is left alone where it is archived, and so that nobody met it before', async () => {
    loseNotice();
    const walter = stranger('S-102', { EmailAddress: 'two@other.example' });
    world.bookkeeper.archiveContact(walter.id);
    const learner = await joins('S-102', { email: 'two@other.example' });
    await world.pass(HOUR_MS);
    await expectLeftAlone(learner, walter);
    await expectToldOfCode(learner);
    expect((await world.standingOf(learner.id))?.reasons[0]).toContain('has to be restored');
    world.bookkeeper.restoreContact(walter.id);
    await world.pass(HOUR_MS);
    expect((await world.syncOf(learner.id)).link?.contactId).toBe(walter.id);
  });

  it('is left alone where its notice got lost, so that nobody was asked', async () => {
    loseNotice();
    const walter = stranger('S-103');
    const learner = await joins('S-103');
    await world.pass(HOUR_MS);
    await expectLeftAlone(learner, walter);
    await expectToldOfCode(learner);
  });

  it('is left alone by the look after a lost answer, which found it and not ours', async () => {
    world.emulator.control.faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'before' },
    });
    const learner = await joins('S-104');
    loseNotice();
    const walter = stranger('S-104');
    await world.pass(HOUR_MS);
    await expectLeftAlone(learner, walter);
    await expectToldOfCode(learner);
  });
});

describe('Without a person’s word a contact that bears the number is the learner’s', () => {
  const linkOf = async ({ id }: Learner) => (await world.syncOf(id)).link;

  it('where a lost answer made it, though the learner has another name since', async () => {
    lostAnswer();
    const learner = await joins('S-200', { email: 'zoe@other.example' });
    const made = world.bookkeeper.findContact('S-200');
    const fields = { firstName: 'Zoe', lastName: 'Quill', email: 'quill@other.example' };
    await world.edit(learner, fields);
    await world.pass(HOUR_MS);
    expect(await linkOf(learner)).toMatchObject({ standing: 'in-step', contactId: made?.id });
    expect(world.bookkeeper.findContact('S-200')).toMatchObject({
      name: 'Zoe Quill',
      email: 'quill@other.example',
    });
  });

  it('where a lost answer made it, after a person said that it is to be made', async () => {
    stranger('S-201', { ContactNumber: '', Name: 'Mia OtherS201' });
    await met();
    const learner = await joins('S-201');
    lostAnswer();
    await decide(learner, 'create');
    const made = world.bookkeeper.findContact('S-201');
    expect(await linkOf(learner)).toMatchObject({ standing: 'in-step', contactId: made?.id });
  });

  it('where it has the e-mail too; what it says stays, and what it lacks is filled in', async () => {
    loseNotice();
    const known = stranger('S-202', { EmailAddress: 'known@other.example' });
    const learner = await joins('S-202', {
      email: 'known@other.example',
      phoneMobile: '0400 222 222',
    });
    await world.pass(HOUR_MS);
    expect(await linkOf(learner)).toMatchObject({ standing: 'in-step', contactId: known.id });
    expect(world.bookkeeper.contact(known.id)).toMatchObject({
      name: 'Walter S-202',
      firstName: 'Walter',
      phones: { MOBILE: { number: '0400 222 222' } },
    });
    expect(await owedBy(world, learner)).toBe(9_900);
  });

  it('where the bookkeeper says so, by what both have in common', async () => {
    loseNotice();
    const walter = stranger('S-203');
    const learner = await joins('S-203', { email: 'says@other.example' });
    await expectToldOfCode(learner);
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.editContact(walter.id, { EmailAddress: 'says@other.example' });
    await world.settle();
    await world.pass(HOUR_MS);
    expect(await linkOf(learner)).toMatchObject({ standing: 'in-step', contactId: walter.id });
  });
});
