import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#platform/clock';
import type { FaultRule } from '../../emulator/control/faults.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { createMeanwhile } from '../world/meanwhile.ts';

const CONTACTS = '/api.xro/2.0/Contacts*';
const INVOICES = '/api.xro/2.0/Invoices*';
/** Longer than any pause that one failure brings, shorter than the way to the next sweep. */
const A_WHILE_MS = 45 * SECOND_MS;
const SWEEP_MS = 2 * HOUR_MS;

const { during, holdsAnswer } = createMeanwhile();

let world: ConnectedWorld;
let database: pg.Client;
beforeAll(async () => {
  world = await startConnectedWorld({ holdsAnswer });
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await world.close();
});
beforeEach(async () => {
  const { faults, log, webhooks, switches, limits } = world.emulator.control;
  faults.clear();
  switches.paymentEvents = true;
  limits.numbers.minute = 60;
  Object.assign(webhooks.switches, { repeats: 0, isReordered: false, dropNext: 0 });
  // A fresh minute of Xero's limits for each story, and no pause left from the one before.
  await world.pass(SWEEP_MS);
  log.clear();
});

const fault = (rule: FaultRule) => world.emulator.control.faults.add(rule);
const contactsOf = (learner: Learner) =>
  world.bookkeeper.books.contacts.find('number', learner.learnerNumber.toLowerCase());
const writes = () =>
  world.emulator.control.log.calls('/Contacts').filter((call) => call.method !== 'GET');
const standing = async (learner: Learner) => (await world.standingOf(learner.id))?.standing;
const reasons = async (learner: Learner) =>
  (await world.standingOf(learner.id))?.reasons.join(' ') ?? '';

async function linked(firstName: string): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Lost' });
  await world.settle();
  expect(await standing(learner)).toBe('in-step');
  return learner;
}

function invoiceFor(learner: Learner, unitAmount = '100') {
  const [contact] = contactsOf(learner);
  return world.bookkeeper.createInvoice({
    contactId: contact?.id ?? '',
    lines: [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }],
  });
}

const statusOf = async (learner: Learner) => {
  const { items } = await world.documentsOf(learner.id);
  return items.map((paper) => paper.status);
};

describe('a push whose answer gets lost', () => {
  it('leaves exactly one contact: it is looked for before anything is created again', async () => {
    fault({
      path: CONTACTS,
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    const learner = await world.addLearner({ firstName: 'Ann', lastName: 'Swer' });
    await world.settle();
    expect(await standing(learner)).toBe('waiting');
    expect(await reasons(learner)).toContain('Xero’s answer got lost');
    expect(contactsOf(learner)).toHaveLength(1);

    await world.pass(A_WHILE_MS);
    expect(await standing(learner)).toBe('in-step');
    expect(contactsOf(learner)).toHaveLength(1);
    expect(writes()).toHaveLength(1);
  });

  it('creates the contact when the request never arrived', async () => {
    fault({
      path: CONTACTS,
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'before' },
    });
    const learner = await world.addLearner({ firstName: 'Never', lastName: 'Arrived' });
    await world.settle();
    expect(contactsOf(learner)).toHaveLength(0);
    await world.pass(A_WHILE_MS);
    expect(await standing(learner)).toBe('in-step');
    expect(contactsOf(learner)).toHaveLength(1);
  });

  it('does so for a whole batch with one look', async () => {
    fault({
      path: CONTACTS,
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    const learners: Learner[] = [];
    for (const lastName of ['One', 'Two', 'Three', 'Four']) {
      learners.push(await world.addLearner({ firstName: 'Batch', lastName }));
    }
    await world.settle();
    world.emulator.control.log.clear();
    await world.pass(A_WHILE_MS);
    for (const learner of learners) {
      expect(contactsOf(learner)).toHaveLength(1);
      expect(await standing(learner)).toBe('in-step');
    }
    expect(writes()).toHaveLength(0);
    expect(world.emulator.control.log.calls('ContactNumber')).toHaveLength(1);
    // Contacts that we made a moment ago have no papers that nobody has met.
    expect(world.emulator.control.log.calls('ContactIDs')).toHaveLength(0);
  });

  it('brings the papers home even if Sync to Xero is turned off before it was looked for', async () => {
    fault({ path: CONTACTS, method: 'PUT', times: 1, effect: { kind: 'reset', when: 'after' } });
    const learner = await world.addLearner({ firstName: 'Off', lastName: 'Meanwhile' });
    await world.settle();
    await world.edit(learner, { syncToXero: false });
    invoiceFor(learner);
    await world.pass(A_WHILE_MS);
    expect(await world.standingOf(learner.id)).toBeNull();
    expect(await statusOf(learner)).toEqual(['approved']);
    expect(writes()).toHaveLength(1);
  });

  it('of an edit: the edit is there once the lane has looked again', async () => {
    const learner = await linked('Edita');
    fault({
      path: CONTACTS,
      method: 'POST',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    await world.edit(learner, { email: 'edita@example.com' });
    await world.settle();
    await world.pass(A_WHILE_MS);
    expect(await standing(learner)).toBe('in-step');
    expect(contactsOf(learner)[0]?.email).toBe('edita@example.com');
  });
});

describe('a push that gets lost twice', () => {
  it('asks nobody about what it wrote the first time', async () => {
    const learner = await linked('Twice');
    fault({ path: CONTACTS, method: 'POST', times: 1, effect: { kind: 'reset', when: 'after' } });
    await world.edit(learner, { phoneMobile: '0400 000 111' });
    await world.settle();
    fault({ path: CONTACTS, method: 'POST', times: 9, effect: { kind: 'reset', when: 'before' } });
    const params = { learnerId: learner.id };
    await world.edit(await world.owner.call(api.getLearner, { params }), { firstName: 'Again' });
    await world.pass(2 * MINUTE_MS);
    expect(contactsOf(learner)[0]?.phones.MOBILE?.number).toBe('0400 000 111');
    expect(await standing(learner)).toBe('waiting');
    const partyId = learner.id;
    const { drift } = await world.owner.call(api.partyDrift, { params: { partyId } });
    expect(drift).toBeNull();
  });
});

describe('a Xero that fails', () => {
  it('is waited for when it is down, and everything goes out afterwards', async () => {
    const down = fault({
      path: '/api.xro/*',
      effect: { kind: 'status', status: 503, body: 'The Organisation is offline' },
    });
    const learner = await world.addLearner({ firstName: 'Wai', lastName: 'Ting' });
    await world.settle();
    await world.pass(A_WHILE_MS);
    expect(await standing(learner)).toBe('waiting');
    const { lanes } = await world.owner.call(api.syncHealth);
    expect(lanes[0]).toMatchObject({ waiting: 1, pausedUntil: expect.any(String) });
    world.emulator.control.faults.remove(down);
    await world.pass(SWEEP_MS);
    expect(await standing(learner)).toBe('in-step');
    expect(contactsOf(learner)).toHaveLength(1);
  });

  it('that is busy is asked again exactly when it allows, and the profile says so', async () => {
    fault({
      path: CONTACTS,
      method: 'PUT',
      times: 1,
      effect: {
        kind: 'status',
        status: 429,
        body: '',
        headers: { 'retry-after': '26', 'x-rate-limit-problem': 'minute' },
      },
    });
    const learner = await world.addLearner({ firstName: 'Bu', lastName: 'Sy' });
    await world.settle();
    expect(await reasons(learner)).toMatch(/limit of calls a minute/i);
    await world.pass(20 * SECOND_MS);
    expect(await standing(learner)).toBe('waiting');
    expect(contactsOf(learner)).toHaveLength(0);
    await world.pass(10 * SECOND_MS);
    expect(await standing(learner)).toBe('in-step');
  });

  it('that refuses a whole batch over one row holds up none of the others', async () => {
    fault({
      path: CONTACTS,
      method: 'PUT',
      times: 1,
      effect: {
        kind: 'status',
        status: 400,
        contentType: 'application/json',
        body: JSON.stringify({ ErrorNumber: 17, Type: 'PostDataInvalidException', Message: 'No' }),
      },
    });
    const one = await world.addLearner({ firstName: 'Half', lastName: 'One' });
    const two = await world.addLearner({ firstName: 'Half', lastName: 'Two' });
    await world.settle();
    expect(await standing(one)).toBe('in-step');
    expect(await standing(two)).toBe('in-step');
    expect(writes()).toHaveLength(3);
  });

  it('that fails a read brings the paper later', async () => {
    const learner = await linked('Reada');
    fault({ path: INVOICES, times: 1, effect: { kind: 'status', status: 500, body: '<html>' } });
    invoiceFor(learner);
    await world.settle();
    expect(await statusOf(learner)).toEqual([]);
    await world.pass(A_WHILE_MS);
    expect(await statusOf(learner)).toEqual(['approved']);
  });
});

describe('webhooks that misbehave', () => {
  it('are lost: the sweep finds what they would have told', async () => {
    const learner = await linked('Swept');
    world.emulator.control.webhooks.switches.dropNext = 5;
    const invoice = invoiceFor(learner);
    world.bookkeeper.pay(invoice.id, '40');
    await world.settle();
    expect(await statusOf(learner)).toEqual([]);
    await world.pass(SWEEP_MS);
    expect(await statusOf(learner)).toEqual(['part-paid']);
  });

  it('never tell of payments: the sweep of payments finds them', async () => {
    const learner = await linked('Payer');
    const invoice = invoiceFor(learner);
    await world.settle();
    world.emulator.control.switches.paymentEvents = false;
    world.clock.advance(MINUTE_MS);
    const payment = world.bookkeeper.pay(invoice.id, '100');
    await world.settle();
    expect(await statusOf(learner)).toEqual(['approved']);
    await world.pass(SWEEP_MS);
    expect(await statusOf(learner)).toEqual(['paid']);
    world.bookkeeper.deletePayment(payment.id);
    await world.pass(SWEEP_MS);
    expect(await statusOf(learner)).toEqual(['approved']);
  });

  it('come twenty times and in the wrong order', async () => {
    const learner = await linked('Twenty');
    Object.assign(world.emulator.control.webhooks.switches, { repeats: 20, isReordered: true });
    const invoice = invoiceFor(learner);
    world.clock.advance(2 * SECOND_MS);
    world.bookkeeper.pay(invoice.id, '100');
    world.clock.advance(2 * SECOND_MS);
    await world.settle();
    expect(await statusOf(learner)).toEqual(['paid']);
    const reads = world.emulator.control.log.calls('/Invoices');
    expect(reads.length).toBeLessThanOrEqual(3);
  });
});

describe('consent that ends', () => {
  it('keeps every wish: after a reconnect all goes out, to the same contacts', async () => {
    const learner = await linked('Grant');
    world.emulator.control.people.disconnect(xeroOrgs.au);
    await world.edit(learner, { email: 'while@example.com' });
    const added = await world.addLearner({ firstName: 'Mean', lastName: 'While' });
    await world.settle();
    expect(await standing(learner)).toBe('waiting');
    expect(await reasons(learner)).toContain('Connect again');

    const landing = await world.connectXero(world.owner);
    expect(landing.outcome).toBe('connected');
    await world.settle();
    expect(contactsOf(learner)).toHaveLength(1);
    expect(contactsOf(learner)[0]?.email).toBe('while@example.com');
    expect(await standing(added)).toBe('in-step');
  });

  it('by a disconnect here: nothing is claimed, and connecting again makes nobody twice', async () => {
    const learner = await linked('Again');
    const { apps } = await world.owner.call(api.listApps);
    const active = apps[0]?.connections.find((one) => one.state === 'active');
    if (!active) throw new Error('Nothing is connected');
    await world.owner.call(api.disconnect, { params: { connectionId: active.id } });
    await world.settle();
    expect(await world.standingOf(learner.id)).toBeNull();
    expect((await world.owner.call(api.syncHealth)).lanes).toEqual([]);
    await world.edit(learner, { email: 'apart@example.com' });
    await world.settle();

    await world.connectXero(world.owner, { confirm: true });
    await world.settle();
    expect(await standing(learner)).toBe('in-step');
    expect(contactsOf(learner)).toHaveLength(1);
    expect(contactsOf(learner)[0]?.email).toBe('apart@example.com');
  });
});

describe('a Bursar that falls over', () => {
  const lane = async () => {
    const { rows } = await database.query('select * from lanes');
    return rows[0];
  };

  it('loses no wish when its whole queue is emptied', async () => {
    const learner = await world.addLearner({ firstName: 'Queue', lastName: 'Emptied' });
    await database.query('delete from graphile_worker._private_jobs');
    await world.settle();
    expect(await standing(learner)).toBe('in-step');
  });

  it('lets nobody else work while a run holds the lane, and a follower once it is silent', async () => {
    await database.query(
      `update lanes set lease_owner = gen_random_uuid(), lease_until = $1::timestamptz`,
      [new Date(world.clock.now().getTime() + 20 * SECOND_MS)],
    );
    const learner = await world.addLearner({ firstName: 'Lea', lastName: 'Sed' });
    await world.settle();
    expect(contactsOf(learner)).toHaveLength(0);
    await world.pass(21 * SECOND_MS);
    expect(await standing(learner)).toBe('in-step');
    expect((await lane()).lease_owner).toBeNull();
  });

  it('between writing down a creation and sending it: looks, then creates once', async () => {
    const learner = await world.owner.call(api.addLearner, {
      body: { firstName: 'Half', lastName: 'Done', syncToXero: true, saveAnyway: true },
    });
    await database.query('update contact_links set uncertain_since = $1 where party_id = $2', [
      world.clock.now(),
      learner.id,
    ]);
    await world.settle();
    expect(await standing(learner)).toBe('in-step');
    expect(contactsOf(learner)).toHaveLength(1);
  });

  it('sends an edit that came while an earlier one was under way', async () => {
    const learner = await linked('Racer');
    const once = await world.edit(learner, { email: 'first@example.com' });
    const edited = during('POST /Contacts?', () =>
      world.edit(once, { email: 'second@example.com' }),
    );
    await world.settle();
    await edited;
    expect(contactsOf(learner)[0]?.email).toBe('second@example.com');
    const { link } = await world.syncOf(learner.id);
    expect(link).toMatchObject({ standing: 'in-step', wantedRevision: 3, pushedRevision: 3 });
  });
});
