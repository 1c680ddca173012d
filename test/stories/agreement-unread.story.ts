import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import { compare, stand } from '../world/compare.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { changeInvoice, owedBy, raiseLongAgo } from '../world/old-papers.ts';

let world: ConnectedWorld;
let database: pg.Client;
let eve: Learner;
let strangerId: string;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  eve = await world.addLearner({ firstName: 'Eve', lastName: 'Even' });
  await world.settle();
  strangerId = world.bookkeeper.createContact({ Name: 'Coffee Bar' }).id;
  await raise(contactOf(eve), '10.00');
  await raise(strangerId, '20.00');
  await world.pass(2 * DAY_MS);
});
afterAll(async () => {
  await database.end();
  // No real Xero says such things today, which is told where its description is at hand.
  await world.close().catch((error: Error) => {
    expect(error.message).toMatch(/"ONHOLD" is not listed/);
  });
});

const contactOf = (who: Learner) => world.bookkeeper.findContact(who.learnerNumber)?.id ?? '';

const raise = (contactId: string, amount: string) => raiseLongAgo(world, contactId, amount);
const change = (id: string, fields: object, way?: 'quiet') => changeInvoice(world, id, fields, way);
const owed = (who: Learner) => owedBy(world, who);

const problems = async () => (await world.owner.call(api.syncInbox)).problems;
async function papersCheck() {
  const params = { learnerId: eve.id };
  const { checks } = await world.owner.call(api.learnerDiagnosis, { params });
  return checks.find(({ code }) => code === 'papers');
}

describe('agreement is not claimed', () => {
  it.each([
    ['a state that is new to Bursar', { status: 'ONHOLD' }, { status: 'AUTHORISED' }],
    ['a form that Bursar can’t read', { currency: 'usd' }, { currency: 'AUD' }],
    ['a form that says not what is due', { credited: Number.NaN }, { credited: 0 }],
  ])('while an invoice of a learner is in %s', async (_, broken, whole) => {
    const before = await owed(eve);
    const id = await raise(contactOf(eve), '77.00');
    change(id, { ...broken, reference: 'Changed' });
    await world.pass(3 * HOUR_MS);
    const { agreedAt } = await stand(world);
    for (const way of ['counts', 'everything', 'counts'] as const) {
      const { check: done, differences } = await compare(world, way);
      expect(done).toMatchObject({ verdict: 'differs', differenceCount: 1 });
      expect(differences).toMatchObject([
        { xeroId: id, learnerName: 'Eve Even', isMended: false, theirs: null },
      ]);
      expect(differences[0]?.why).toContain('Bursar can’t read');
    }
    expect((await stand(world)).agreedAt).toBe(agreedAt);
    const { number } = world.bookkeeper.books.invoices.get(id) ?? {};
    expect(await problems()).toMatchObject([
      {
        code: 'paper.unreadable',
        count: 1,
        entries: [{ subjectId: eve.id, partyKind: 'learner', reasons: [`Invoice ${number}.`] }],
      },
    ]);
    const staff = await world.people.staff();
    expect((await staff.call(api.syncInbox)).problems).toEqual([]);
    expect(await papersCheck()).toMatchObject({
      state: 'problem',
      words: [expect.any(String), expect.stringContaining('Bursar can’t read')],
    });
    change(id, whole, 'quiet');
    await world.owner.call(api.retryProblem, { body: { key: 'paper.unreadable' } });
    await world.settle();
    expect(await problems()).toEqual([]);
    expect(await papersCheck()).toMatchObject({ state: 'fine' });
    change(id, { reference: 'Changed again' });
    await world.pass(3 * HOUR_MS);
    expect((await compare(world, 'counts')).check.verdict).toBe('agreed');
    expect(await owed(eve)).toBe(before + 7_700);
  });

  it('while an invoice of a learner was never readable', async () => {
    const id = await raise(contactOf(eve), '5.00');
    await database.query(`delete from documents where xero_id = '${id}'`);
    await database.query(`delete from paper_marks where xero_id = '${id}'`);
    change(id, { currency: 'usd' }, 'quiet');
    for (const way of ['counts', 'counts', 'everything'] as const) {
      const { check: done, differences } = await compare(world, way);
      expect(done).toMatchObject({ verdict: 'differs', differenceCount: 1 });
      expect(differences).toMatchObject([{ xeroId: id, learnerName: 'Eve Even', ours: null }]);
    }
    change(id, { currency: 'AUD' });
    await world.pass(3 * HOUR_MS);
    expect((await compare(world, 'counts')).check.verdict).toBe('agreed');
  });

  it('while not even the contact of an invoice can be read', async () => {
    const id = await raise(contactOf(eve), '6.00');
    await database.query(`delete from documents where xero_id = '${id}'`);
    await database.query(`delete from paper_marks where xero_id = '${id}'`);
    change(id, { contactId: 'in another form' }, 'quiet');
    for (const way of ['counts', 'everything'] as const) {
      const { check: done, differences } = await compare(world, way);
      expect(done).toMatchObject({ verdict: 'differs', differenceCount: 1 });
      expect(differences).toMatchObject([{ xeroId: id, learnerName: null, isMended: false }]);
      expect(differences[0]?.why).toContain('whose it is');
    }
    change(id, { contactId: contactOf(eve) });
    await world.pass(3 * HOUR_MS);
    expect((await compare(world, 'counts')).check.verdict).toBe('agreed');
  });
});

describe('agreement is claimed', () => {
  it('though an invoice of nobody here can’t be read', async () => {
    const id = await raise(strangerId, '6.00');
    change(id, { currency: 'usd' });
    await world.pass(3 * HOUR_MS);
    expect((await compare(world, 'counts')).check.verdict).toBe('agreed');
    expect((await compare(world, 'everything')).check.verdict).toBe('agreed');
    change(id, { currency: 'AUD' });
    await world.pass(3 * HOUR_MS);
  });
});
