import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let database: pg.Client;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await world.close();
});
beforeEach(async () => {
  world.emulator.control.faults.clear();
  await world.pass(2 * HOUR_MS);
});

/** From now on Xero refuses this list, and would for ever. */
function refuse(list: string): void {
  const contentType = 'application/json';
  const body = JSON.stringify({ Message: `No ${list} for you` });
  const effect = { kind: 'status' as const, status: 400, contentType, body };
  world.emulator.control.faults.add({ path: `/api.xro/2.0/${list}`, method: 'GET', effect });
}
async function passHours(hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) await world.pass(HOUR_MS);
}
const problems = async () => (await world.owner.call(api.syncInbox)).problems;
const refusedCalls = () =>
  world.emulator.control.log.calls().filter(({ status }) => status === 400).length;
const contactOf = (who: Learner) => world.bookkeeper.findContact(who.learnerNumber);
const lines = [{ description: 'Fee', unitAmount: '10.00', taxType: 'EXEMPTOUTPUT' }];

async function compare() {
  const [first] = (await world.owner.call(api.listAgreements)).agreements;
  const body = { xeroOrgId: first?.xeroOrgId ?? ('' as never), way: 'counts' as const };
  const { id } = await world.owner.call(api.checkAgreement, { body });
  await world.settle();
  const params = { checkId: id };
  return async () => (await world.owner.call(api.getAgreementCheck, { params })).check;
}

describe('what Xero refuses for good', () => {
  it('holds up nothing else, is told once, is asked for ever more seldom, and comes to an end', async () => {
    refuse('Prepayments');
    const checked = await compare();
    const learner = await world.addLearner({ firstName: 'Ada', lastName: 'Onward' });
    await world.settle();
    expect(contactOf(learner)).toBeDefined();
    world.bookkeeper.createInvoice({ contactId: contactOf(learner)?.id ?? '', lines });
    await world.settle();
    expect((await world.documentsOf(learner.id)).items).toHaveLength(1);

    world.emulator.control.log.clear();
    await passHours(24);
    expect(refusedCalls()).toBeGreaterThan(10);
    expect(refusedCalls()).toBeLessThan(100);
    expect(await problems()).toMatchObject([
      {
        code: 'lane.refused',
        count: 1,
        xeroSays: ['No Prepayments for you'],
        entries: [{ reasons: expect.arrayContaining(['Reading prepayments.']) }],
      },
    ]);
    expect((await checked()).finishedAt).toBeNull();

    world.emulator.control.faults.clear();
    await passHours(2);
    expect(await problems()).toEqual([]);
    expect((await checked()).verdict).toBe('agreed');
  });

  it('is asked for at once when somebody says so', async () => {
    refuse('Accounts');
    await passHours(26);
    expect(await problems()).toMatchObject([
      { code: 'lane.refused', entries: [{ reasons: ['Reading the settings of the books.'] }] },
    ]);
    world.emulator.control.faults.clear();
    await world.owner.call(api.retryProblem, { body: { key: 'lane.refused' } });
    await world.settle();
    expect(await problems()).toEqual([]);
  });

  it('is not told where it was refused once and then taken', async () => {
    world.emulator.control.faults.add({
      path: '/api.xro/2.0/Invoices',
      times: 1,
      effect: { kind: 'status', status: 400 },
    });
    await world.pass(2 * HOUR_MS);
    expect(world.emulator.control.faults.list()).toMatchObject([{ fired: 1 }]);
    expect(await problems()).toEqual([]);
  });

  it('is no longer told once another way has brought it', async () => {
    const learner = await world.addLearner({ firstName: 'Swee', lastName: 'Ping' });
    await world.pass(2 * MINUTE_MS);
    refuse('CreditNotes*');
    world.bookkeeper.credits.createNote({ contactId: contactOf(learner)?.id ?? '', lines });
    await world.settle();
    await world.pass(20 * SECOND_MS);
    expect(await problems()).toMatchObject([
      { code: 'lane.refused', entries: [{ reasons: ['Reading credit notes.'] }] },
    ]);
    world.emulator.control.faults.clear();
    // A sweep comes before the notice is tried again.
    const now = world.clock.now();
    await database.query("update cursors set next_at = $1 where resource = 'credit-notes'", [now]);
    await database.query('update lanes set wake_at = $1, catching_up_since = $1', [now]);
    await world.settle();
    expect((await world.documentsOf(learner.id)).items).toHaveLength(1);
    expect(await problems()).toEqual([]);
    const { rows } = await database.query('select set_aside, catching_up_since from lanes');
    expect(rows).toEqual([{ set_aside: {}, catching_up_since: null }]);
  });

  it('is what the diagnosis of whoever misses papers answers with, and Sync now claims none', async () => {
    const learner = await world.addLearner({ firstName: 'Una', lastName: 'Nswered' });
    await world.pass(2 * MINUTE_MS);
    refuse('Invoices');
    world.bookkeeper.createInvoice({ contactId: contactOf(learner)?.id ?? '', lines });
    await world.settle();
    await passHours(2);
    const params = { learnerId: learner.id };
    const { checks } = await world.owner.call(api.learnerDiagnosis, { params });
    const said = checks.filter(({ state }) => state !== 'fine');
    expect(said.map(({ code, state }) => [code, state])).toEqual([
      ['papers', 'problem'],
      ['heard', 'problem'],
    ]);
    expect(said[0]?.words.join(' ')).toContain('Xero says: No Invoices for you');
    await world.owner.call(api.syncLearnerNow, { params });
    await world.settle();
    expect((await world.syncOf(learner.id)).link).toMatchObject({
      standing: 'in-step',
      arePapersHeld: true,
    });
  });

  it('leaves the other papers of a contact that is linked to come home, and its own later', async () => {
    const learner = await world.addLearner({ firstName: 'Bo', lastName: 'Partly' });
    const older = world.bookkeeper.createContact({ Name: 'Older Partly' });
    world.bookkeeper.credits.createNote({ contactId: older.id, lines });
    world.bookkeeper.createInvoice({ contactId: older.id, lines });
    await world.pass(5 * HOUR_MS);
    refuse('CreditNotes');
    const body = { xeroOrgId: xeroOrgs.au as never, contactId: older.id };
    await world.owner.call(api.relinkLearner, { params: { learnerId: learner.id }, body });
    await world.settle();
    const kinds = async () =>
      (await world.documentsOf(learner.id)).items.map(({ kind }) => kind).sort();
    expect(await kinds()).toEqual(['invoice']);
    await world.pass(3 * MINUTE_MS);
    expect((await world.syncOf(learner.id)).link).toMatchObject({ isReading: false });
    world.emulator.control.faults.clear();
    await world.pass(3 * HOUR_MS);
    expect(await kinds()).toEqual(['credit-note', 'invoice']);
  });
});
