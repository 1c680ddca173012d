import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LearnerId, PartyId, ProviderId, XeroOrgId } from '#contract/ids';
import { createEventLog } from '#events/index';
import { createFakeClock, MINUTE_MS, plus } from '#platform/clock';
import { type Database, openDatabase, type Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { ownScope, type Scope } from '#platform/scope';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { createBilling } from './billing.ts';
import type { Paper } from './document.ts';
import { balanceEntries, listPapers } from './document-store.ts';

const START = '2026-03-02T01:00:00.000Z';
const clock = createFakeClock(START);
const changedAt = new Date(START);
const xeroOrgId = 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId;
const partyId = newId<PartyId>();

let testDatabase: TestDatabase;
let database: Database;
let scope: Scope;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.ownerUrl, { poolSize: 2 });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  scope = ownScope(newId<ProviderId>());
  await database.asSystem((tx) =>
    tx
      .insertInto('providers')
      .values({ provider_id: scope.providerId, name: 'Harbour', created_at: clock.now() })
      .execute(),
  );
});

const events = createEventLog(clock);
const asProvider = <T>(work: (tx: Tx) => Promise<T>) => database.asProvider(scope.providerId, work);
const billing = () => createBilling({ database, clock, events, onlineViewUrl: async () => null });
const mirror = async (...papers: Paper[]) => {
  const written = await asProvider((tx) => billing().mirror(tx, scope, papers));
  return written.length;
};
const list = () => asProvider((tx) => listPapers(tx, scope, { after: null, limit: 100 }));
const history = async () => {
  const subject = { kind: 'learner', id: partyId };
  const found = await asProvider((tx) => events.of(tx, scope, subject, { limit: 100 }));
  return found.map(({ event }) => event.kind === 'document.mirrored' && event.what);
};

function paper(fields: Partial<Paper> = {}): Paper {
  return {
    xeroOrgId,
    kind: 'invoice',
    xeroId: 'c0c0c0c0-0001-4000-8000-000000000001',
    contactId: 'd0d0d0d0-0001-4000-8000-000000000001',
    partyKind: 'learner',
    partyId,
    number: 'INV-1',
    reference: null,
    state: 'approved',
    date: '2026-03-01',
    dueDate: '2026-03-10',
    currency: 'AUD',
    taxMode: 'exclusive',
    subtotalMinor: 10_000n,
    taxMinor: 0n,
    totalMinor: 10_000n,
    paidMinor: 0n,
    creditedMinor: 0n,
    dueMinor: 10_000n,
    remainingMinor: 0n,
    allocations: [],
    lines: [
      {
        description: 'Fee',
        itemCode: null,
        quantity: '1',
        unitAmount: '100',
        accountCode: '200',
        taxType: 'NONE',
        taxMinor: 0n,
        amountMinor: 10_000n,
      },
    ],
    payments: [],
    hasOnlineView: true,
    changedAt,
    raw: { as: 'it came' },
    ...fields,
  };
}

const paid = (fields: Partial<Paper> = {}) =>
  paper({
    paidMinor: 4_000n,
    dueMinor: 6_000n,
    payments: [
      {
        xeroId: 'e0e0e0e0-0001-4000-8000-000000000001',
        date: '2026-03-02',
        amountMinor: 4_000n,
        reference: null,
        batchId: null,
      },
    ],
    changedAt: plus(changedAt, MINUTE_MS),
    ...fields,
  });

describe('our copy of a paper', () => {
  it('is written once however often the same version is read', async () => {
    expect(await mirror(paper())).toBe(1);
    expect(await mirror(paper())).toBe(0);
    expect(await mirror(paper(), paper())).toBe(0);
    expect(await history()).toEqual(['appeared']);
  });

  it('is never overwritten by an older version, whichever comes first', async () => {
    await mirror(paid());
    expect(await mirror(paper())).toBe(0);
    expect((await list())[0]).toMatchObject({ status: 'part-paid', paidMinor: 4_000n });
    await mirror(paper({ xeroId: newUuid(2) }), paid({ xeroId: newUuid(2) }));
    await mirror(paid({ xeroId: newUuid(3) }), paper({ xeroId: newUuid(3) }));
    expect((await list()).map((one) => one.status)).toEqual(Array(3).fill('part-paid'));
  });

  it('takes a different version of the same instant, since not every change moves it', async () => {
    await mirror(paper());
    expect(await mirror(paper({ dueDate: '2026-03-20' }))).toBe(1);
    expect((await list())[0]?.dueDate).toBe('2026-03-20');
  });

  it('that went to another learner by a merge is read again without any noise', async () => {
    const kept = newId<LearnerId>();
    const credit = paid({
      kind: 'credit-note',
      xeroId: newUuid(2),
      remainingMinor: 1_000n,
      allocations: [
        {
          xeroId: newUuid(4),
          invoiceXeroId: newUuid(5),
          invoiceNumber: 'INV-5',
          date: '2026-03-02',
          amountMinor: 2_000n,
        },
      ],
    });
    await mirror(paid(), credit);
    const handover = { from: [partyId as LearnerId], to: kept };
    await asProvider((tx) => billing().handOver(tx, scope, handover));
    expect(await mirror(paid({ partyId: kept }), { ...credit, partyId: kept })).toBe(0);
    expect(await mirror(paid({ partyId: kept, reference: 'New' }))).toBe(1);
  });

  it('that is newer but says the same makes no noise', async () => {
    await mirror(paper());
    expect(await mirror(paper({ changedAt: plus(changedAt, MINUTE_MS) }))).toBe(0);
    expect((await list())[0]?.changedAt).toEqual(plus(changedAt, MINUTE_MS));
    expect(await history()).toEqual(['appeared']);
  });

  it('loses a payment that was taken back', async () => {
    await mirror(paid());
    await mirror(paper({ changedAt: plus(changedAt, 2 * MINUTE_MS) }));
    expect((await list())[0]).toMatchObject({ status: 'approved', payments: [] });
    expect(await history()).toEqual(['changed', 'appeared']);
  });

  it('keeps its identity through every change, and comes back whole', async () => {
    await mirror(paper());
    const [before] = await list();
    await mirror(paid());
    const [after] = await list();
    expect(after?.id).toBe(before?.id);
    const { state: _state, raw: _raw, ...content } = paid();
    expect(after).toMatchObject({ ...content, status: 'part-paid' });
  });

  it('is dropped when the paper goes to somebody else, and told so', async () => {
    await mirror(paper());
    const gone = { xeroOrgId, kind: 'invoice' as const, xeroId: paper().xeroId };
    const forget = () => asProvider((tx) => billing().forget(tx, scope, [gone]));
    expect(await forget()).toMatchObject([{ number: 'INV-1', dueMinor: 10_000n }]);
    expect(await forget()).toEqual([]);
    expect(await list()).toEqual([]);
    expect(await history()).toEqual(['changed', 'appeared']);
  });

  it('is out of sight for every other provider', async () => {
    await mirror(paper());
    const other = ownScope(newId<ProviderId>());
    const seen = await database.asProvider(other.providerId, (tx) =>
      listPapers(tx, scope, { after: null, limit: 100 }),
    );
    expect(seen).toEqual([]);
  });

  it('adds up in the database as it does on paper', async () => {
    await mirror(
      paper(),
      paid({ xeroId: newUuid(2) }),
      paper({ xeroId: newUuid(3), currency: 'NZD', dueDate: '2026-02-01' }),
      paper({ xeroId: newUuid(4), state: 'voided' }),
    );
    const entries = await asProvider((tx) => balanceEntries(tx, scope, partyId, '2026-03-10'));
    const due = entries.map(({ currency, status, dueMinor, pastDueMinor }) => ({
      currency,
      status,
      dueMinor,
      pastDueMinor,
    }));
    expect(due).toHaveLength(4);
    expect(due).toEqual(
      expect.arrayContaining([
        { currency: 'AUD', status: 'approved', dueMinor: 10_000n, pastDueMinor: 0n },
        { currency: 'AUD', status: 'part-paid', dueMinor: 6_000n, pastDueMinor: 0n },
        { currency: 'NZD', status: 'approved', dueMinor: 10_000n, pastDueMinor: 10_000n },
        { currency: 'AUD', status: 'voided', dueMinor: 0n, pastDueMinor: 0n },
      ]),
    );
  });
});

function newUuid(number: number): string {
  return `c0c0c0c0-0001-4000-8000-00000000000${number}`;
}
