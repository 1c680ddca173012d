import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LearnerId } from '#contract/ids';
import { newId } from '#platform/ids';
import { type ReadRows, readPlans } from '../../test/world/read-plans.ts';
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

/** What a list page reads, behind the wall between providers. */
async function read(given: Record<string, unknown>): Promise<ReadRows> {
  const { scope } = world;
  const query = listQuery({ limit: PAGE, ...given });
  const { rows, scans } = await world.database.asProvider(scope.providerId, (asked) =>
    readPlans(asked, (tx) => listLearners(tx, scope, query)),
  );
  return { rows, scans: scans.filter((table) => table.startsWith('learner')) };
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
