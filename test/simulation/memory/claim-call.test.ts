import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { XeroOrgId } from '#contract/ids';
import { createFakeClock, DAY_MS, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import { type Database, openDatabase } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { createBudget } from '../../../src/xero/budget.ts';
import { type BusyKind, XeroBusyError } from '../../../src/xero/xero-errors.ts';
import { createTestDatabase, type TestDatabase } from '../../world/database.ts';
import { pathOf } from '../hooks.ts';
import '../../world/property-seed.ts';
import { openGate, openMemory } from './database.ts';
import { readTables } from './tables.ts';
import { MemoryTables, type Picture } from './transactions.ts';

const START = new Date('2026-03-02T23:50:00.000Z');
const ORGS = [1, 2, 3].map((n) => `7f0e4c9a-1b2c-4d3e-8f4a-00000000000${n}` as XeroOrgId);
const RUNS = 60;

let test: TestDatabase;
let real: Database;
let tables: MemoryTables;
let memory: Database;
let empty: Picture;

beforeAll(async () => {
  test = await createTestDatabase();
  real = openDatabase(test.ownerUrl, { poolSize: 1 });
  tables = new MemoryTables(readTables(await readFile(pathOf('docs/schema.sql'), 'utf8')));
  memory = openMemory(tables, 'memory', openGate);
  empty = tables.picture();
});

afterAll(async () => {
  await real.close();
  await test.drop();
});

/** Limits that a few calls reach, unlike the product's own. */
interface Limits {
  minute: number;
  inFlight: number;
  dayReserve: number;
  appBurst: number;
  appPerSecond: number;
}

type Act =
  | { act: 'claim'; org: number; isForPeople: boolean; lateMs: number }
  | { act: 'settle'; which: number; left: { minute?: number; day?: number } }
  | { act: 'lost'; which: number }
  | { act: 'busy'; which: number; kind: BusyKind; seconds: number; left: number }
  | { act: 'time'; ms: number };

const limits: fc.Arbitrary<Limits> = fc.record({
  minute: fc.integer({ min: 2, max: 6 }),
  inFlight: fc.integer({ min: 2, max: 5 }),
  dayReserve: fc.integer({ min: 1, max: 3 }),
  appBurst: fc.integer({ min: 2, max: 12 }),
  appPerSecond: fc.constantFrom(0.1, 1, 7, 145),
});
const org = fc.integer({ min: 0, max: ORGS.length - 1 });
const which = fc.nat(20);
const left = fc.integer({ min: 0, max: 5 });
const claim = fc.record({
  act: fc.constant('claim' as const),
  org,
  isForPeople: fc.boolean(),
  // The clock is read before the database gives the turn.
  lateMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(12_000)),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: claim },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('settle' as const),
      which,
      left: fc.record({ minute: left, day: left }, { requiredKeys: [] }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lost' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('busy' as const),
      which,
      kind: fc.constantFrom<BusyKind>('minute', 'day', 'concurrent', 'app'),
      seconds: fc.nat(70),
      left,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('time' as const),
      ms: fc.oneof(
        fc.nat(300),
        fc.nat(20 * SECOND_MS),
        fc.nat(16 * MINUTE_MS),
        fc.constantFrom(SECOND_MS, 10 * SECOND_MS, 30 * SECOND_MS, 61 * SECOND_MS, DAY_MS),
      ),
    }),
  },
);

interface Lease {
  id: string;
  xeroOrgId: XeroOrgId;
  claimedAt: Date;
}

interface Verdict {
  granted: boolean;
  kind: string | null;
  retry_at: Date | null;
}

async function claimFrom(database: Database, lease: Lease, given: Limits, isForPeople: boolean) {
  const kept = isForPeople ? 0 : 1;
  const seconds = (ms: number) => sql`make_interval(secs => ${ms / SECOND_MS}::float8)`;
  const query = sql<Verdict>`select * from xero_claim_call(
    org => ${lease.xeroOrgId}::uuid, lease => ${lease.id}::uuid, at => ${lease.claimedAt},
    lease_length => ${seconds(30 * SECOND_MS)}, minute_limit => ${given.minute - kept}::int,
    minute_window => ${seconds(61 * SECOND_MS)},
    in_flight_limit => ${given.inFlight - kept}::int,
    day_reserve => ${kept * given.dayReserve}::int,
    day_probe_every => ${seconds(15 * MINUTE_MS)},
    app_burst => ${given.appBurst}::float8, app_per_second => ${given.appPerSecond}::float8)`;
  const { rows } = await database.asSystem((tx) => query.execute(tx));
  return rows[0] as Verdict;
}

/** Every row of what is counted, in an order that does not depend on where it lies. */
function rowsOf(database: Database) {
  return database.asSystem(async (tx) => ({
    budgets: await tx.selectFrom('xero_budgets').selectAll().orderBy('xero_org_id').execute(),
    leases: await tx.selectFrom('xero_call_leases').selectAll().orderBy('id').execute(),
    app: await tx.selectFrom('xero_app_budgets').selectAll().execute(),
  }));
}

async function startAnew(): Promise<void> {
  tables.restore(empty);
  await real.asSystem(async (tx) => {
    await tx.deleteFrom('xero_call_leases').execute();
    await tx.deleteFrom('xero_budgets').execute();
    await tx.deleteFrom('xero_app_budgets').execute();
  });
}

/** What of it happened, over all runs: a comparison of refusals that never came would say little. */
const seen = new Map<string, number>();

function count(kind: string): void {
  seen.set(kind, (seen.get(kind) ?? 0) + 1);
}

async function bothAgree(given: Limits, acts: readonly Act[]): Promise<void> {
  await startAnew();
  const clock = createFakeClock(START.toISOString());
  const both = [real, memory] as const;
  const budgets = both.map((database) => createBudget({ database, clock, logger: silentLogger }));
  const leases: Lease[] = [];
  let made = 0;

  async function settle(lease: Lease, headers: Record<string, string>, busy: XeroBusyError | null) {
    const answer = { status: 200, headers: new Headers(headers), text: '', bytes: 7 };
    for (const budget of budgets) await budget.settle(lease, answer, busy);
  }

  async function claimBoth({ org: at, isForPeople, lateMs }: Act & { act: 'claim' }) {
    made += 1;
    const id = `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`;
    const claimedAt = plus(clock.now(), -lateMs);
    const lease = { id, xeroOrgId: ORGS[at] as XeroOrgId, claimedAt };
    const theirs = await claimFrom(real, lease, given, isForPeople);
    expect(await claimFrom(memory, lease, given, isForPeople)).toEqual(theirs);
    count(theirs.kind ?? 'granted');
    if (theirs.granted) leases.push(lease);
  }

  for (const one of acts) {
    if (one.act === 'time') clock.advance(one.ms);
    else if (one.act === 'claim') await claimBoth(one);
    else {
      const lease = leases.splice(one.which % Math.max(1, leases.length), 1)[0];
      if (!lease) continue;
      if (one.act === 'lost') for (const budget of budgets) await budget.settle(lease, null, null);
      else if (one.act === 'settle') await settle(lease, headersOf(one.left), null);
      else {
        const retryAt = plus(clock.now(), one.seconds * SECOND_MS);
        const headers = headersOf({ minute: 0, day: one.left });
        await settle(lease, headers, new XeroBusyError(one.kind, retryAt));
      }
    }
    expect(await rowsOf(memory)).toEqual(await rowsOf(real));
  }
}

function headersOf({ minute, day }: { minute?: number; day?: number }): Record<string, string> {
  return {
    ...(minute === undefined ? {} : { 'x-minlimit-remaining': String(minute) }),
    ...(day === undefined ? {} : { 'x-daylimit-remaining': String(day) }),
  };
}

it('gives a place, or the same reason to wait, as the function in PostgreSQL does', async () => {
  const acts = fc.array(act, { minLength: 20, maxLength: 50, size: 'max' });
  await fc.assert(
    fc.asyncProperty(limits, acts, (given, all) => bothAgree(given, all)),
    { numRuns: RUNS },
  );
  const kinds = ['granted', 'local', 'minute', 'day', 'concurrent', 'app'];
  for (const kind of kinds) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(5);
});
