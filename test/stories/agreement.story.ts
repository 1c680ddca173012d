import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { compare, stand } from '../world/compare.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let database: pg.Client;
let learner: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  learner = await world.addLearner({ firstName: 'Eve', lastName: 'Even' });
  await world.settle();
  const stranger = world.bookkeeper.createContact({ Name: 'Coffee Bar' });
  for (const unitAmount of ['10.00', '20.00', '30.00']) {
    raise(contactOf(learner), unitAmount);
    raise(stranger.id, unitAmount);
  }
  await world.pass(HOUR_MS);
  // Something later, so that sweeps no longer look back at the papers above.
  raise(stranger.id, '5.00');
  await world.pass(HOUR_MS);
});
afterAll(async () => {
  await database.end();
  await world.close();
});

const contactOf = (who: Learner) => world.bookkeeper.findContact(who.learnerNumber)?.id ?? '';
const raise = (contactId: string, unitAmount: string) =>
  world.bookkeeper.createInvoice({
    contactId,
    lines: [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }],
  });

/** Loses something here without a trace, as a restored backup or a slip of the hand would. */
async function slip(statement: string): Promise<void> {
  const { rowCount } = await database.query(statement);
  expect(rowCount).toBe(1);
}

describe('proof that both ledgers agree', () => {
  it('is given each night for a handful of calls, and says since when', async () => {
    await world.pass(DAY_MS);
    world.emulator.control.log.clear();
    await world.pass(DAY_MS);
    const { agreedAt, latest, nextAt } = await stand(world);
    expect(latest).toMatchObject({ verdict: 'agreed', way: 'counts', askedBy: null });
    expect(latest?.calls).toBeLessThanOrEqual(8);
    expect(agreedAt).toBe(latest?.begunAt);
    expect(new Date(nextAt ?? 0).getTime()).toBeGreaterThan(world.clock.now().getTime());
    const counting = world.emulator.control.log
      .calls()
      .filter((call) => call.path.includes('pageSize=1&') || call.path.endsWith('pageSize=1'));
    expect(counting.length).toBe(latest?.calls);
  });

  it('says what comparing everything would cost, and what is left of the day', async () => {
    const before = await stand(world);
    expect(before.callsForEverything).toBe(4);
    const left = before.callsLeftToday ?? 0;
    expect(left).toBeGreaterThan(0);
    const { check } = await compare(world, 'counts');
    expect(check).toMatchObject({ verdict: 'agreed', way: 'counts', askedBy: world.owner.name });
    expect(check.calls).toBeLessThanOrEqual(8);
    expect((await stand(world)).callsLeftToday).toBeLessThanOrEqual(left - check.calls);
  });

  it('adds both sides up by learner when everything is compared', async () => {
    const { check: done, differences } = await compare(world, 'everything');
    expect(done).toMatchObject({ verdict: 'agreed', differenceCount: 0, papers: 7 });
    expect(differences).toEqual([]);
    const { items } = await world.owner.call(api.listAgreementSums, {
      params: { checkId: done.id },
    });
    const side = { count: 3, total: { amountMinor: 6_000, currency: 'AUD' } };
    expect(items).toMatchObject([
      { learnerName: 'Eve Even', kind: 'invoice', ours: side, theirs: side, isEqual: true },
    ]);
  });

  it('lists the sums page by page, each line once', async () => {
    const { check: done } = await compare(world, 'everything');
    const params = { checkId: done.id };
    // Four lines of one learner, four of one each.
    await database.query(
      `insert into agreement_sums (provider_id, check_id, party_id, kind, status, currency)
        select provider_id, id, case kind when 'invoice' then id else gen_random_uuid() end,
          kind, status, currency
        from agreement_checks, unnest(array['invoice', 'credit-note']) as kind,
          unnest(array['paid', 'approved']) as status, unnest(array['AUD', 'NZD']) as currency
        where id = $1`,
      [done.id],
    );
    const all = await world.owner.call(api.listAgreementSums, { params, query: { limit: 200 } });
    expect(all.items).toHaveLength(9);
    const met: typeof all.items = [];
    for (let cursor: string | undefined | null; cursor !== null; ) {
      const query = { limit: 2, ...(cursor ? { cursor } : {}) };
      const page = await world.owner.call(api.listAgreementSums, { params, query });
      met.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(met).toEqual(all.items);
    const foreign = await world.owner.refusal(api.listAgreementSums, {
      params,
      query: { cursor: Buffer.from('["x"]').toString('base64url') },
    });
    expect(foreign.code).toBe('request.invalid');
  });

  it('finds one copy that got lost here, by counting alone, and brings it back', async () => {
    await slip("delete from documents where total_minor = 2000 and number like 'INV%'");
    expect((await world.documentsOf(learner.id)).items).toHaveLength(2);
    const { check: done } = await compare(world, 'counts');
    expect(done.verdict).toBe('agreed');
    expect((await world.documentsOf(learner.id)).items).toHaveLength(3);
  });

  it('finds a paper that was never heard of, and says that it was in Xero and not here', async () => {
    await slip("delete from documents where total_minor = 3000 and number like 'INV%'");
    await slip(
      `delete from paper_marks where xero_id not in (select xero_id from documents)
        and contact_id = '${contactOf(learner)}'`,
    );
    const { check: done, differences } = await compare(world, 'counts');
    expect(done).toMatchObject({ verdict: 'mended', differenceCount: 1 });
    expect(differences).toMatchObject([
      { why: 'It was in Xero and not here.', learnerName: 'Eve Even', isMended: true, ours: null },
    ]);
    expect((await world.documentsOf(learner.id)).items).toHaveLength(3);
  });

  it('finds a copy whose sum was changed here without a trace, by comparing everything', async () => {
    await slip('update documents set due_minor = 1 where total_minor = 1000');
    const { check: done, differences } = await compare(world, 'everything');
    expect(done.verdict).toBe('mended');
    expect(differences).toMatchObject([
      { ours: { amountMinor: 1 }, theirs: { amountMinor: 1_000 }, isMended: true },
    ]);
    expect((await compare(world, 'everything')).check.verdict).toBe('agreed');
  });

  it('finds it each night as well, since what Xero said last is kept beside the copy', async () => {
    await slip('update documents set due_minor = 2 where total_minor = 1000');
    world.emulator.control.log.clear();
    await world.pass(DAY_MS);
    expect((await stand(world)).latest).toMatchObject({ way: 'counts', verdict: 'agreed' });
    const reads = world.emulator.control.log.calls().filter((call) => call.path.includes('IDs='));
    expect(reads).toHaveLength(1);
    const copies = await database.query('select due_minor from documents where total_minor = 1000');
    expect(copies.rows).toEqual([{ due_minor: '1000' }]);
  });

  it('adds both sides up each night, without a call', async () => {
    const { latest } = await stand(world);
    const params = { checkId: latest?.id ?? '' };
    const { items } = await world.owner.call(api.listAgreementSums, { params });
    const side = { count: 3, due: { amountMinor: 6_000, currency: 'AUD' } };
    expect(items).toMatchObject([{ ours: side, theirs: side, isEqual: true }]);
  });

  it('says each night of a copy that Xero no longer has this paper', async () => {
    const xeroId = '00000000-0000-4000-8000-00000000dead';
    await slip(
      `insert into documents select (jsonb_populate_record(paper,
          jsonb_build_object('xero_id', '${xeroId}', 'id', '${xeroId}', 'number', 'GHOST'))).*
        from documents paper where total_minor = 1000`,
    );
    for (let night = 0; night < 2; night += 1) {
      const { check: done, differences } = await compare(world, 'counts');
      expect(done).toMatchObject({ verdict: 'differs', differenceCount: 1 });
      expect(differences).toMatchObject([
        { number: 'GHOST', learnerName: 'Eve Even', isMended: false },
      ]);
    }
    await slip(`delete from documents where xero_id = '${xeroId}'`);
    expect((await compare(world, 'counts')).check.verdict).toBe('agreed');
  });

  it('is not alarmed by what a bookkeeper does while it runs', async () => {
    world.emulator.control.webhooks.switches.dropNext = 5;
    raise(contactOf(learner), '40.00');
    const { check: done } = await compare(world, 'counts');
    expect(done).toMatchObject({ verdict: 'agreed', differenceCount: 0 });
    expect((await world.documentsOf(learner.id)).items).toHaveLength(4);
  });

  it('costs no more after a busy day, with papers of every kind', async () => {
    const contactId = contactOf(learner);
    const { credits } = world.bookkeeper;
    const { nextAt } = await stand(world);
    await world.pass(new Date(nextAt ?? 0).getTime() - world.clock.now().getTime() + HOUR_MS);
    for (let hour = 0; hour < 4; hour += 1) {
      raise(contactId, `5${hour}.00`);
      credits.createNote({
        contactId,
        lines: [{ description: 'Discount', unitAmount: '1', taxType: 'EXEMPTOUTPUT' }],
      });
      credits.receivePrepayment({ contactId, amount: '1' });
      credits.receiveOverpayment({ contactId, amount: '5' });
      await world.pass(HOUR_MS);
    }
    // Until the last of them is swept: no notice tells of a prepayment.
    await world.pass(8 * HOUR_MS);
    const { check: done } = await compare(world, 'counts');
    expect(done).toMatchObject({ verdict: 'agreed', differenceCount: 0 });
    expect(done.calls).toBeLessThanOrEqual(8);
  });

  it('finds what changed right after it at Xero, whose clock is minutes behind', async () => {
    await world.pass(HOUR_MS);
    // Something that is only heard of by a sweep, so that the next one does not look back that far.
    world.emulator.control.webhooks.switches.dropNext = 5;
    raise(world.bookkeeper.createContact({ Name: 'Tea Bar' }).id, '5.00');
    const { check: before } = await compare(world, 'counts');
    const { invoices } = world.bookkeeper.books;
    const invoice = invoices.all().find((paper) => paper.contactId === contactOf(learner));
    if (!invoice) throw new Error('The learner has no invoice');
    const updatedAtMs = new Date(before.begunAt).getTime() - 5 * MINUTE_MS;
    invoices.put({ ...invoice, reference: 'Changed unheard', updatedAtMs }, 'quiet');
    await world.pass(HOUR_MS);
    await compare(world, 'counts');
    const { items } = await world.documentsOf(learner.id);
    expect(items.map(({ reference }) => reference)).toContain('Changed unheard');
  });

  it('keeps every comparison, newest first, and is not for everybody', async () => {
    const first = await world.owner.call(api.listAgreementChecks, { query: { limit: 2 } });
    const cursor = first.nextCursor ?? '';
    const second = await world.owner.call(api.listAgreementChecks, { query: { limit: 2, cursor } });
    const at = [...first.items, ...second.items].map((one) => one.begunAt);
    expect(at).toEqual([...at].sort().reverse());
    const staff = await world.people.staff();
    await expect(staff.call(api.listAgreements)).rejects.toMatchObject({
      problem: { code: 'permission.missing' },
    });
    const { xeroOrgId } = await stand(world);
    const finance = await world.people.finance();
    const other = { xeroOrgId: xeroOrgId.replace(/^....../, '000000') as typeof xeroOrgId };
    await expect(
      finance.call(api.checkAgreement, { body: { ...other, way: 'counts' } }),
    ).rejects.toMatchObject({ problem: { code: 'request.not-found' } });
  });
});
