import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import { compare } from '../world/compare.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { createMeanwhile } from '../world/meanwhile.ts';
import { changeInvoice, owedBy, raiseLongAgo } from '../world/old-papers.ts';

const { during, holdsAnswer } = createMeanwhile();

let world: ConnectedWorld;
let database: pg.Client;
let eve: Learner;
let odd: Learner;
let strangerId: string;
beforeAll(async () => {
  world = await startConnectedWorld({ holdsAnswer });
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  eve = await world.addLearner({ firstName: 'Eve', lastName: 'Even' });
  odd = await world.addLearner({ firstName: 'Odd', lastName: 'Other' });
  await world.settle();
  strangerId = world.bookkeeper.createContact({ Name: 'Coffee Bar' }).id;
  await raise(contactOf(eve), '10.00');
  await raise(strangerId, '20.00');
  await world.pass(2 * DAY_MS);
});
afterAll(async () => {
  await database.end();
  await world.close();
});

const contactOf = (who: Learner) => world.bookkeeper.findContact(who.learnerNumber)?.id ?? '';

const raise = (contactId: string, amount: string) => raiseLongAgo(world, contactId, amount);
const change = (id: string, fields: object, way?: 'quiet') => changeInvoice(world, id, fields, way);
const owed = (who: Learner) => owedBy(world, who);
const historyOf = async (who: Learner) => {
  const { items } = await world.owner.call(api.learnerHistory, { params: { learnerId: who.id } });
  return items.map(({ summary }) => summary);
};

describe('a paper on the wrong learner', () => {
  it('is told and mended when everything is compared', async () => {
    const id = await raise(contactOf(eve), '30.00');
    change(id, { contactId: contactOf(odd) }, 'quiet');
    const { check: done, differences } = await compare(world, 'everything');
    expect(done.verdict).toBe('mended');
    expect(differences).toMatchObject([
      { xeroId: id, learnerName: 'Odd Other', why: 'It stood on somebody else here.' },
    ]);
    expect(await owed(odd)).toBe(3_000);
    expect((await historyOf(eve))[0]).toMatch(/was moved to someone else in Xero$/);
    expect((await historyOf(odd))[0]).toMatch(/arrived from Xero$/);
  });

  it('is told where it belongs to nobody here, and dropped', async () => {
    const id = await raise(contactOf(eve), '31.00');
    const before = await owed(eve);
    change(id, { contactId: strangerId }, 'quiet');
    const { check: done, differences } = await compare(world, 'everything');
    expect(done).toMatchObject({ verdict: 'mended', differenceCount: 1 });
    expect(differences).toMatchObject([
      { xeroId: id, learnerName: 'Eve Even', ours: { amountMinor: 3_100 }, theirs: null },
    ]);
    expect(await owed(eve)).toBe(before - 3_100);
    expect((await compare(world, 'everything')).check.verdict).toBe('agreed');
  });

  it('is found each night where our own records tell', async () => {
    const before = [await owed(eve), await owed(odd)];
    await database.query(`update documents set party_id = '${odd.id}'`);
    const { rowCount } = await database.query(
      `insert into documents select (jsonb_populate_record(paper,
          jsonb_build_object('xero_id', mark.xero_id, 'id', mark.xero_id))).*
        from documents paper join paper_marks mark on mark.contact_id = '${strangerId}'
        where paper.total_minor = 1000 and mark.kind = 'invoice'`,
    );
    expect(rowCount).toBeGreaterThan(1);
    const { check: done } = await compare(world, 'counts');
    expect(done.verdict).toBe('agreed');
    expect([await owed(eve), await owed(odd)]).toEqual(before);
  });
});

describe('a learner who is linked to another contact while both sides are counted', () => {
  it('is no difference, though the papers of that contact are still to come', async () => {
    const learner = await world.addLearner({ firstName: 'Back', lastName: 'Andforth' });
    await world.settle();
    const own = contactOf(learner);
    const other = world.bookkeeper.createContact({ Name: 'A. Forth' });
    await raise(own, '32.00');
    const xeroOrgId = xeroOrgs.au as never;
    const relink = (contactId: string) =>
      world.owner.call(api.relinkLearner, {
        params: { learnerId: learner.id },
        body: { xeroOrgId, contactId, replaceCode: true },
      });
    await relink(other.id);
    await world.settle();
    await world.pass(HOUR_MS);
    expect(await owed(learner)).toBe(0);
    const undone = during('GET /CreditNotes', () => relink(own));
    const { check: done, differences } = await compare(world, 'counts');
    await undone;
    expect(differences).toEqual([]);
    expect(done.verdict).toBe('agreed');
    await world.settle();
    expect(await owed(learner)).toBe(3_200);
    expect((await compare(world, 'counts')).check.verdict).toBe('agreed');
  });
});
