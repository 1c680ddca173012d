import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { DriftAct, DriftField, SyncRules, Winner } from '#contract/drift';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import type { SignedIn } from '../world/people.ts';

let world: ConnectedWorld;
let finance: SignedIn;
beforeAll(async () => {
  world = await startConnectedWorld();
  finance = await world.people.finance();
});
afterAll(() => world.close());

const fields = ['name', 'email', 'mobile', 'home', 'work', 'street', 'postal'] as const;
const rulesAll = (winner: Winner) =>
  Object.fromEntries(fields.map((field) => [field, winner])) as SyncRules;
const setRules = (rules: SyncRules) => world.owner.call(api.setSyncRules, { body: { rules } });
const contactOf = (learner: Learner) => world.bookkeeper.findContact(learner.learnerNumber);
const writes = () =>
  world.emulator.control.log.calls('/Contacts').filter((call) => call.method !== 'GET').length;
const nowHere = (learner: Learner) =>
  world.owner.call(api.getLearner, { params: { learnerId: learner.id } });
const driftOf = async ({ id: partyId }: Learner, who: SignedIn = world.owner) =>
  (await who.call(api.partyDrift, { params: { partyId } })).drift;
const history = async ({ id: learnerId }: Learner) =>
  (await world.owner.call(api.learnerHistory, { params: { learnerId } })).items;

async function decide(
  learner: Learner,
  act: DriftAct,
  some?: DriftField[],
  who: SignedIn = world.owner,
) {
  const version = (await driftOf(learner, who))?.version ?? '';
  const body = { act, version, ...(some ? { fields: some } : {}) };
  return (await who.call(api.decideDrift, { params: { partyId: learner.id }, body })).drift;
}

/** What a bookkeeper types into the contact, a minute later. */
async function editInXero(learner: Learner, sent: Record<string, unknown>): Promise<void> {
  world.clock.advance(MINUTE_MS);
  world.bookkeeper.editContact(contactOf(learner)?.id ?? '', sent);
  await world.settle();
}

/** Someone in step, whose e-mail the bookkeeper then changed. */
async function drifted(lastName: string, theirs = `${lastName.toLowerCase()}@books.example`) {
  const learner = await world.addLearner({
    firstName: 'Dana',
    lastName,
    email: `${lastName.toLowerCase()}@learner.example`,
    phoneMobile: '0400 000 001',
  });
  await world.settle();
  await editInXero(learner, { EmailAddress: theirs });
  return learner;
}

const openFields = async (learner: Learner) =>
  (await driftOf(learner))?.fields.filter((one) => one.state === 'open').map((one) => one.field) ??
  [];
const inboxCount = async () => (await world.owner.call(api.syncInboxCount)).open;

describe('what was changed in Xero', () => {
  it('is asked about: both sides keep theirs, the inbox tells it once, other fields go on', async () => {
    const before = await inboxCount();
    const one = await drifted('Asks');
    const two = await drifted('Asksalso');
    expect(await inboxCount()).toBe(before + 2);
    const { problems } = await world.owner.call(api.syncInbox);
    const problem = problems.find(({ code }) => code === 'drift.open');
    expect(problem).toMatchObject({ count: 2 });
    expect(problem?.entries[0]?.reasons).toEqual(['E-mail.']);

    await world.edit(one, { phoneMobile: '0400 000 002' });
    await world.settle();
    expect(contactOf(one)?.email).toBe('asks@books.example');
    expect((await nowHere(one)).email).toBe('asks@learner.example');
    expect(await driftOf(one)).toMatchObject({
      organisationName: expect.any(String),
      changedAt: expect.any(String),
      fields: [
        {
          field: 'email',
          ours: 'asks@learner.example',
          theirs: 'asks@books.example',
          state: 'open',
          cannotTake: null,
        },
      ],
    });
    const { runs } = await world.owner.call(api.startSyncRun, {
      body: { kind: 'resync-learners', learners: { ids: [one.id, two.id] } },
    });
    await world.settle();
    const { items } = await world.owner.call(api.listSyncRunItems, {
      params: { runId: runs[0]?.id ?? ('' as never) },
    });
    expect(items.map(({ outcome, reason }) => ({ outcome, reason }))).toEqual(
      [0, 1].map(() => ({
        outcome: 'unchanged',
        reason: 'Differs in Xero, and somebody has to decide: E-mail.',
      })),
    );

    // The bookkeeper puts one back, the other is typed here: nothing is left to ask.
    await editInXero(one, { EmailAddress: 'asks@learner.example' });
    await world.edit(two, { email: 'asksalso@books.example' });
    await world.settle();
    expect(await driftOf(one)).toBeNull();
    expect(await driftOf(two)).toBeNull();
    expect(await inboxCount()).toBe(before);
  });

  it('is typed here too, which asks Xero nothing: it was read when it was changed there', async () => {
    const learner = await drifted('Typed');
    world.emulator.control.log.clear();
    await world.edit(learner, { email: 'typed@books.example' });
    await world.settle();
    expect(world.emulator.control.log.calls('/Contacts')).toEqual([]);
    expect(await world.standingOf(learner.id)).toEqual({ standing: 'in-step', reasons: [] });
    expect(await driftOf(learner)).toBeNull();
  });

  it('is kept: it goes into the record, and nothing is written to Xero', async () => {
    const learner = await drifted('Keeps');
    await editInXero(learner, { LastName: 'Kept', Name: 'Dana Kept' });
    expect(await openFields(learner)).toEqual(['name', 'lastName', 'email']);
    const before = writes();
    expect(await decide(learner, 'take')).toBeNull();
    await world.settle();
    expect(await nowHere(learner)).toMatchObject({
      firstName: 'Dana',
      lastName: 'Kept',
      email: 'keeps@books.example',
    });
    expect(writes()).toBe(before);
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
    const [taken] = (await history(learner)).filter((one) => one.kind === 'contact.drift-decided');
    expect(taken?.actor).toBe(world.owner.name);
    expect(taken?.summary).toContain('Took over what Xero says');
  });

  it('is replaced by ours where somebody says so, field by field', async () => {
    const learner = await drifted('Pushes');
    await editInXero(learner, { FirstName: 'Daniela' });
    const left = await decide(learner, 'push', ['email'], finance);
    expect(left?.fields.map(({ field }) => field)).toEqual(['firstName']);
    await world.settle();
    expect(contactOf(learner)).toMatchObject({
      email: 'pushes@learner.example',
      firstName: 'Daniela',
    });
    const pushed = (await history(learner)).find((one) => one.kind === 'contact.drift-decided');
    expect(pushed?.details).toEqual([
      { field: 'E-mail', from: 'pushes@books.example', to: 'pushes@learner.example' },
    ]);
  });

  it('may stay different until either side changes again, and can be asked about anew', async () => {
    const learner = await drifted('Ignores');
    const ignored = await decide(learner, 'ignore');
    expect(ignored?.fields.map(({ state }) => state)).toEqual(['ignored']);
    await world.edit(learner, { phoneMobile: '0400 000 003' });
    await world.settle();
    expect(await openFields(learner)).toEqual([]);
    expect(contactOf(learner)?.email).toBe('ignores@books.example');

    await decide(learner, 'ask-again');
    expect(await openFields(learner)).toEqual(['email']);
    await decide(learner, 'ignore', ['email']);
    await editInXero(learner, { EmailAddress: 'third@books.example' });
    expect(await openFields(learner)).toEqual(['email']);

    await decide(learner, 'ignore');
    const present = await nowHere(learner);
    await world.edit(present, { email: 'fourth@learner.example' });
    await world.settle();
    expect(await openFields(learner)).toEqual(['email']);
    expect(contactOf(learner)?.email).toBe('third@books.example');
  });

  it('has nothing left to push once it may stay different, and is told so', async () => {
    const learner = await drifted('Settled');
    const version = (await decide(learner, 'ignore'))?.version ?? '';
    const before = await history(learner);
    const params = { partyId: learner.id };
    for (const act of ['push', 'take', 'ignore'] as const) {
      const refused = await world.owner.refusal(api.decideDrift, {
        params,
        body: { act, version },
      });
      expect(refused.code).toBe('request.not-found');
    }
    expect(await history(learner)).toEqual(before);
  });

  it('is decided about once: what is said of the code stays when nothing is open any more', async () => {
    const learner = await drifted('Decoded');
    await editInXero(learner, { ContactNumber: '' });
    await decide(learner, 'ignore');
    const { version = '' } = (await driftOf(learner)) ?? {};
    const given = { params: { partyId: learner.id }, body: { act: 'push' as const, version } };
    expect((await world.owner.refusal(api.decideDrift, given)).code).toBe('request.not-found');
    const { link } = await world.syncOf(learner.id);
    expect(link?.reasons[0]).toContain('the contact has no code');
  });

  it('is never overwritten unseen: another edit in Xero while ours is on its way is asked about', async () => {
    const learner = await drifted('Races');
    await decide(learner, 'push');
    world.clock.advance(1_000);
    world.bookkeeper.editContact(contactOf(learner)?.id ?? '', {
      EmailAddress: 'second@books.example',
    });
    await world.settle();
    expect(contactOf(learner)?.email).toBe('second@books.example');
    expect(await driftOf(learner)).toMatchObject({
      fields: [{ field: 'email', theirs: 'second@books.example', state: 'open' }],
    });
  });

  it('that the record can’t hold stays where it is, with the reason', async () => {
    const learner = await drifted('Invalid');
    await editInXero(learner, {
      Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '0400 000 001 ask for Dana or her mother' }],
    });
    const drift = await driftOf(learner);
    expect(drift?.fields.find(({ field }) => field === 'mobile')?.cannotTake).toContain(
      'at most 30 characters',
    );
    const refused = await world.owner.refusal(api.decideDrift, {
      params: { partyId: learner.id },
      body: { act: 'take', fields: ['mobile'], version: drift?.version ?? '' },
    });
    expect(refused.code).toBe('request.invalid');
    const left = await decide(learner, 'take');
    expect(left?.fields.map(({ field }) => field)).toEqual(['mobile']);
    expect((await nowHere(learner)).email).toBe('invalid@books.example');
  });
});

describe('who may decide', () => {
  it('is who may sync; taking asks for the right to edit; an old look counts for nothing', async () => {
    const learner = await drifted('Permits');
    const version = (await driftOf(learner))?.version ?? '';
    const params = { partyId: learner.id };
    const staff = await world.people.staff();
    const refusedStaff = await staff.refusal(api.decideDrift, {
      params,
      body: { act: 'push', version },
    });
    expect(refusedStaff.code).toBe('permission.missing');
    const refusedFinance = await finance.refusal(api.decideDrift, {
      params,
      body: { act: 'take', version },
    });
    expect(refusedFinance.code).toBe('permission.missing');
    expect(refusedFinance.whoMay?.length).toBeGreaterThan(0);
    const rules = { body: { rules: rulesAll('xero') } };
    expect((await finance.refusal(api.setSyncRules, rules)).code).toBe('permission.missing');

    await editInXero(learner, { EmailAddress: 'newer@books.example' });
    const late = await world.owner.refusal(api.decideDrift, {
      params,
      body: { act: 'push', version },
    });
    expect(late.code).toBe('request.conflict');
    const stranger = await world.neighbours.owner();
    expect(await driftOf(learner, stranger)).toBeNull();
    await decide(learner, 'push');
    await world.settle();
    const gone = await world.owner.refusal(api.decideDrift, {
      params,
      body: { act: 'push', version },
    });
    expect(gone.code).toBe('request.not-found');
  });
});

describe('a rule', () => {
  it('settles all that is open once it is set, some at a time, and what follows by itself', async () => {
    const many: Learner[] = [];
    for (let count = 0; count < 60; count += 1) {
      const email = `many${count}@learner.example`;
      many.push(await world.addLearner({ firstName: 'Many', lastName: `Rule${count}`, email }));
    }
    await world.settle();
    world.clock.advance(MINUTE_MS);
    many.forEach((learner, count) => {
      const id = contactOf(learner)?.id ?? '';
      world.bookkeeper.editContact(id, { EmailAddress: `many${count}@books.example` });
    });
    await world.pass(MINUTE_MS);
    const open = (await world.owner.call(api.getSyncRules)).openDrifts;
    expect(open).toBeGreaterThanOrEqual(60);

    await setRules({ ...rulesAll('ask'), email: 'xero' });
    expect((await world.owner.call(api.getSyncRules)).openDrifts).toBe(open);
    const before = writes();
    await world.settle();
    const [first] = many;
    if (!first) throw new Error('Nobody was added');
    expect(await nowHere(first)).toMatchObject({ email: 'many0@books.example' });
    const left = await Promise.all(many.map((learner) => driftOf(learner)));
    expect(left.filter((drift) => drift !== null)).toEqual([]);
    expect(writes()).toBe(before);
    const changed = (await history(first)).filter((one) => one.kind === 'learner.changed');
    expect(changed.map((one) => one.actor)).toEqual(['Xero']);

    // It comes to rest: nothing goes to and fro.
    const calls = world.emulator.control.log.calls().length;
    await world.settle();
    await world.settle();
    expect(world.emulator.control.log.calls().length).toBe(calls);

    await editInXero(first, { EmailAddress: 'again@books.example', FirstName: 'Asked' });
    expect((await nowHere(first)).email).toBe('again@books.example');
    expect(await openFields(first)).toEqual(['firstName']);
  });

  it('that Bursar’s stands sets Xero back, and the history names what was replaced', async () => {
    const learner = await drifted('Stands', 'stands@learner.example');
    await setRules(rulesAll('bursar'));
    await world.settle();
    await editInXero(learner, { EmailAddress: 'stood@books.example', LastName: 'Otherwise' });
    await world.settle();
    expect(contactOf(learner)).toMatchObject({
      email: 'stands@learner.example',
      lastName: 'Stands',
    });
    expect(await driftOf(learner)).toBeNull();
    const [pushed] = (await history(learner)).filter((one) => one.kind === 'contact.drift-decided');
    expect(pushed?.details).toContainEqual({
      field: 'E-mail',
      from: 'stood@books.example',
      to: 'stands@learner.example',
    });
    expect(pushed?.summary).toContain('as the sync rules say');
  });

  it('that Xero’s stands leaves open what the record can’t hold, and comes to rest', async () => {
    await setRules(rulesAll('xero'));
    await world.settle();
    const learner = await drifted('Unheld');
    expect((await nowHere(learner)).email).toBe('unheld@books.example');
    await editInXero(learner, { Name: 'The Unheld Family' });
    expect(await openFields(learner)).toEqual(['name']);
    const calls = world.emulator.control.log.calls().length;
    await world.settle();
    expect(world.emulator.control.log.calls().length).toBe(calls);
    await setRules(rulesAll('ask'));
  });
});
