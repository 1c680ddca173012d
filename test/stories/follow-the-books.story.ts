import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

async function linked(firstName: string): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Followed' });
  await world.settle();
  expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
  // What follows has a later date of change than our own write.
  world.clock.advance(MINUTE_MS);
  return learner;
}

function contactOf(learner: Learner) {
  const contact = world.bookkeeper.findContact(learner.learnerNumber);
  if (!contact) throw new Error(`Xero has no contact ${learner.learnerNumber}`);
  return contact;
}

async function newestOf(learner: Learner, count = 1): Promise<string[]> {
  const { items } = await world.owner.call(api.learnerHistory, {
    params: { learnerId: learner.id },
  });
  return items.slice(0, count).map((entry) => entry.summary);
}

const writes = () =>
  world.emulator.control.log.calls('/Contacts').filter((call) => call.method !== 'GET');

describe('a contact whose bookkeeper', () => {
  it('archives and restores it: history says both', async () => {
    const learner = await linked('Archie');
    const { id } = contactOf(learner);
    world.bookkeeper.archiveContact(id);
    await world.settle();
    expect(await newestOf(learner)).toEqual(['The contact was archived in Xero']);
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.restoreContact(id);
    await world.settle();
    expect(await newestOf(learner, 3)).toContain('The contact was restored in Xero');
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
  });

  it('renames it: history says from what to what, and nothing is written back', async () => {
    const learner = await linked('Rena');
    world.emulator.control.log.clear();
    world.bookkeeper.editContact(contactOf(learner).id, { Name: 'Rena & Co' });
    await world.settle();
    expect(await newestOf(learner)).toEqual([
      'The contact was renamed in Xero: Rena Followed is now Rena & Co',
    ]);
    expect(writes()).toEqual([]);
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
  });

  it('gives it another code: the link holds, and profile and history say so', async () => {
    const learner = await linked('Cody');
    const { id } = contactOf(learner);
    world.bookkeeper.editContact(id, { ContactNumber: 'THEIRS-1' });
    await world.settle();
    expect(await newestOf(learner)).toEqual(['The contact’s code was changed in Xero to THEIRS-1']);
    const standing = await world.standingOf(learner.id);
    expect(standing?.reasons[0]).toContain('THEIRS-1');
  });

  it('merges it away: history says that, and to which contact the link went', async () => {
    const learner = await linked('Merga');
    const survivor = world.bookkeeper.createContact({ Name: 'Merga the Elder' });
    world.bookkeeper.mergeContacts(contactOf(learner).id, survivor.id);
    await world.settle();
    const told = await newestOf(learner, 4);
    expect(told).toContain('The contact was merged into another one in Xero');
    expect(told).toContain('Linked to a contact that was in Xero already');
  });

  it('is asked to erase the person: sync stops, people are told, and nothing is written', async () => {
    const learner = await linked('Gerda');
    const contact = contactOf(learner);
    world.bookkeeper.run(({ books, clock }) =>
      books.contacts.put({ ...contact, status: 'GDPRREQUEST', updatedAtMs: clock.nowMs() }),
    );
    await world.settle();
    expect(await newestOf(learner)).toEqual([
      'Xero was asked to erase this person’s details; nothing more is sent',
    ]);
    const standing = await world.standingOf(learner.id);
    expect(standing).toMatchObject({ standing: 'blocked' });
    expect(standing?.reasons[0]).toContain('asked to erase');

    world.emulator.control.log.clear();
    await world.edit(learner, { email: 'gerda@example.com' });
    await world.settle();
    await world.owner.call(api.syncLearnerNow, { params: { learnerId: learner.id } });
    await world.settle();
    expect(writes()).toEqual([]);
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'blocked' });
    expect(world.bookkeeper.contact(contact.id).email).not.toBe('gerda@example.com');
  });

  it('edits it in the very second of our own write: found minutes later, with one more call', async () => {
    const learner = await world.addLearner({ firstName: 'Sec', lastName: 'Ond' });
    await world.settle();
    world.bookkeeper.editContact(contactOf(learner).id, { EmailAddress: 'same@second.example' });
    await world.settle();
    const seen = async () => (await newestOf(learner, 5)).length;
    expect(await seen()).toBeGreaterThan(0);
    world.emulator.control.log.clear();
    world.bookkeeper.editContact(contactOf(learner).id, { Name: 'Renamed At Once' });
    await world.pass(11 * MINUTE_MS);
    expect(await newestOf(learner)).toEqual([
      'The contact was renamed in Xero: Sec Ond is now Renamed At Once',
    ]);
  });
});

describe('the settings of the books', () => {
  async function connectionId() {
    const { apps } = await world.owner.call(api.listApps);
    const active = apps
      .flatMap((app) => app.connections)
      .find((connection) => connection.state === 'active');
    if (!active) throw new Error('Nothing is connected');
    return active.id;
  }
  const books = async () =>
    world.owner.call(api.getBooks, { params: { connectionId: await connectionId() } });

  it('are read with the connection', async () => {
    expect(await books()).toMatchObject({
      organisationName: expect.any(String),
      readAt: expect.any(String),
      changedAt: null,
      isBeingRead: false,
      changes: [],
      settings: {
        baseCurrency: 'AUD',
        country: 'AU',
        periodLockDate: null,
        currencies: expect.arrayContaining([expect.objectContaining({ code: 'AUD' })]),
        taxRates: expect.arrayContaining([
          expect.objectContaining({ taxType: 'OUTPUT', rate: '10', forSales: true }),
        ]),
        accounts: expect.arrayContaining([
          expect.objectContaining({ code: '090', takesPayments: true }),
        ]),
      },
    });
  });

  it('are read daily: what changed is told once, setting by setting', async () => {
    world.bookkeeper.setLockDates('2026-01-31');
    world.bookkeeper.run(({ books: ledger }) => {
      ledger.currencies.put({ id: 'NZD', description: 'New Zealand Dollar' });
      const sales = ledger.accounts.all().find((account) => account.code === '200');
      if (sales) ledger.accounts.put({ ...sales, name: 'Tuition' });
    });
    await world.pass(DAY_MS + MINUTE_MS);
    const { settings, changes, changedAt } = await books();
    expect(settings?.periodLockDate).toBe('2026-01-31');
    expect(changedAt).not.toBeNull();
    expect(changes).toHaveLength(1);
    expect(changes[0]?.changes.map(({ field }) => field)).toEqual([
      'Lock date',
      'Currency NZD',
      'Account 200',
    ]);
    await world.pass(DAY_MS + MINUTE_MS);
    expect((await books()).changes).toHaveLength(1);
  });

  it('are read at once when somebody asks, but not on every click', async () => {
    world.bookkeeper.setLockDates('2026-02-28');
    await world.pass(2 * MINUTE_MS);
    const params = { connectionId: await connectionId() };
    const asked = await world.owner.call(api.readBooksNow, { params });
    expect(asked.isBeingRead).toBe(true);
    await world.settle();
    expect((await books()).settings?.periodLockDate).toBe('2026-02-28');
    world.emulator.control.log.clear();
    await world.owner.call(api.readBooksNow, { params });
    await world.settle();
    expect(world.emulator.control.log.calls('/Organisation')).toEqual([]);
  });

  it('are nothing that the neighbours can see', async () => {
    const neighbour = await world.neighbours.owner();
    const params = { connectionId: await connectionId() };
    for (const route of [api.getBooks, api.readBooksNow]) {
      expect((await neighbour.refusal(route, { params })).code).toBe('request.not-found');
    }
  });
});
