import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LearnerId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { emptyFields, learnerNumberOf } from './learner.ts';
import { listLearners } from './learner-list.ts';
import { insertLearners } from './learner-store.ts';
import { type LearnersWorld, listQuery, startLearnersWorld } from './learners.fixture.ts';

const MANY = 20_000;
const PAGE = 50;
/** More than few, and the last by name. */
const LAST_FROM = 17_000;

let world: LearnersWorld;
beforeAll(async () => {
  world = await startLearnersWorld();
  for (let at = 0; at < MANY; at += 1_000) await fill(at, 1_000);
  const client = await world.database.connect();
  await client.query('set role none');
  await client.query('analyze');
  client.release(true);
}, 120_000);
afterAll(() => world.close());

function fill(from: number, count: number): Promise<void> {
  const learners = Array.from({ length: count }, (_, offset) => {
    const index = from + offset;
    const at = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
    return {
      ...emptyFields,
      id: newId<LearnerId>(),
      learnerNumber: learnerNumberOf(index + 1),
      revision: 1,
      firstName: `Given${index % 97}`,
      lastName: index < LAST_FROM ? `Family${index % 1_009}` : `Zebra${index % 1_009}`,
      isActive: index % 2 === 0,
      syncToXero: index % 3 === 0,
      createdAt: at,
      updatedAt: at,
    };
  });
  const { scope } = world;
  return world.database.asProvider(scope.providerId, (tx) => insertLearners(tx, scope, learners));
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** What a list page reads, in the plans of all its queries, behind the wall between providers. */
async function read(given: Record<string, unknown>): Promise<{ rows: number; scans: string[] }> {
  const { scope } = world;
  return world.database.asProvider(scope.providerId, async (tx) => {
    const seen: CompiledQuery[] = [];
    await listLearners(recording(tx, seen), scope, listQuery({ limit: PAGE, ...given }));
    expect(seen.length).toBeGreaterThan(0);
    const totals = { rows: 0, scans: [] as string[] };
    for (const query of seen) {
      const explained = await tx.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
        ...query,
        sql: `explain (analyze, format json) ${query.sql}`,
      });
      for (const { Plan } of explained.rows[0]?.['QUERY PLAN'] ?? []) add(Plan, totals);
    }
    return totals;
  });
}

/** The same transaction, with every query written down that goes through it. */
function recording(tx: Tx, seen: CompiledQuery[]): Tx {
  const executor = standIn(tx.getExecutor(), 'executeQuery', (real) => (query: CompiledQuery) => {
    seen.push(query);
    return real.executeQuery(query);
  });
  return standIn(tx, 'getExecutor', () => () => executor);
}

/** The same object with one method replaced; its private members are still reached. */
function standIn<T extends object>(real: T, method: keyof T, replaced: (real: T) => unknown): T {
  return new Proxy(real, {
    get(target, name) {
      if (name === method) return replaced(target);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function add(node: PlanNode, totals: { rows: number; scans: string[] }): void {
  if (node['Relation Name']) {
    const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
    totals.rows += each * node['Actual Loops'];
    if (node['Node Type'] === 'Seq Scan' && node['Relation Name'].startsWith('learner')) {
      totals.scans.push(node['Relation Name']);
    }
  }
  for (const child of node.Plans ?? []) add(child, totals);
}

describe('a page of 20,000 learners, behind the wall between providers', () => {
  it.each([
    ['by name', {}],
    ['by name, backwards', { direction: 'desc' }],
    ['by number', { sort: 'learnerNumber' }],
    ['newest first', { sort: 'createdAt', direction: 'desc' }],
    ['of the active', { active: 'true' }],
    ['of the inactive with Sync to Xero', { active: 'false', syncToXero: 'true' }],
  ])('%s reads little more than the page', async (_, query) => {
    const { rows, scans } = await read(query);
    expect(scans).toEqual([]);
    expect(rows).toBeLessThanOrEqual(PAGE + 10);
  });

  it.each([
    ['one learner', { search: 'l00042' }, 50],
    ['a rare word', { search: 'family77' }, 800],
    ['two words', { search: 'family77 given5' }, 3_000],
    ['nobody', { search: 'zzz' }, 0],
    ['a word that everybody has', { search: 'given' }, 6_500],
  ])('searched for %s reads no more than it must', async (_, query, most) => {
    const { rows, scans } = await read(query);
    expect(scans).toEqual([]);
    expect(rows).toBeLessThanOrEqual(most);
  });

  it.each(['asc', 'desc'] as const)(
    'gives many who stand together at one end once each, %s',
    async (direction) => {
      const { scope } = world;
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listLearners>> = await world.database.asProvider(
          scope.providerId,
          (tx) =>
            listLearners(
              tx,
              scope,
              listQuery({ search: 'zebra', direction, limit: 200, ...(cursor ? { cursor } : {}) }),
            ),
        );
        seen.push(...page.items.map(({ learnerNumber }) => learnerNumber));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(MANY - LAST_FROM);
      expect(seen).toHaveLength(MANY - LAST_FROM);
    },
  );

  it('in the middle reads no more than at the beginning', async () => {
    const { scope } = world;
    const first = await world.database.asProvider(scope.providerId, (tx) =>
      listLearners(tx, scope, listQuery({ limit: 200, search: 'given9' })),
    );
    const key = Buffer.from(JSON.stringify(['name', 'asc', 'family5', first.items[0]?.id]));
    const { rows, scans } = await read({ cursor: key.toString('base64url') });
    expect(scans).toEqual([]);
    expect(rows).toBeLessThanOrEqual(PAGE + 10);
  });
});
