import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LearnerId } from '#contract/ids';
import { LEARNER_SORTS, type Learner, type LearnerRow } from '#contract/learners';
import { newId } from '#platform/ids';
import { emptyFields, learnerNumberOf } from './learner.ts';
import { listLearners } from './learner-list.ts';
import { insertLearners } from './learner-store.ts';
import { type LearnersWorld, listQuery, startLearnersWorld } from './learners.fixture.ts';

const MANY = 6_000;
const GIVEN = ['Anna', 'Ben', 'Chloé', 'Duc', 'Ella', 'Finn', 'Ana'];
const FAMILY = ['Smith', "O'Neil", 'van der Berg', 'Nguyễn', 'Smythe'];

let world: LearnersWorld;
beforeAll(async () => {
  world = await startLearnersWorld();
  const learners = Array.from({ length: MANY }, (_, index) => made(index));
  for (let at = 0; at < MANY; at += 1_000) await insert(learners.slice(at, at + 1_000));
  await insert([made(1)], world.otherScope);
}, 120_000);
afterAll(() => world.close());

function made(index: number): Learner {
  const at = new Date(Date.UTC(2026, 0, 1) + (index % 50) * 60_000).toISOString();
  return {
    ...emptyFields,
    id: newId<LearnerId>(),
    learnerNumber: learnerNumberOf(index + 1),
    revision: 1,
    firstName: GIVEN[index % GIVEN.length] ?? null,
    lastName: FAMILY[index % FAMILY.length] ?? null,
    email: `learner${index}@example.org`,
    isActive: index % 3 !== 0,
    syncToXero: index % 4 === 0,
    createdAt: at,
    updatedAt: at,
  };
}

function insert(learners: Learner[], scope = world.scope): Promise<void> {
  return world.database.asProvider(scope.providerId, (tx) => insertLearners(tx, scope, learners));
}

function page(given: Record<string, unknown>) {
  const { scope } = world;
  const query = listQuery(given);
  return world.database.asProvider(scope.providerId, (tx) => listLearners(tx, scope, query));
}

async function walk(given: Record<string, unknown>, between: () => Promise<void> = async () => {}) {
  const rows: LearnerRow[] = [];
  let cursor: string | undefined;
  do {
    const next = await page({ ...given, ...(cursor ? { cursor } : {}) });
    rows.push(...next.items);
    cursor = next.nextCursor ?? undefined;
    await between();
  } while (cursor);
  return rows;
}

describe('walking', () => {
  it.each(
    LEARNER_SORTS.flatMap((sort) => ['asc', 'desc'].map((direction) => ({ sort, direction }))),
  )('gives each learner once by $sort $direction, though keys repeat', async (order) => {
    const rows = await walk({ ...order, limit: 200, syncToXero: 'true', active: 'true' });
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    expect(rows).toHaveLength(MANY / 6);
  });

  it('gives every learner that was there at the start exactly once while others are added', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 7, max: 90 }),
        fc.constantFrom(...LEARNER_SORTS),
        async (limit, sort) => {
          const filter = { search: 'ella smith', sort, limit };
          const before = await walk(filter);
          let count = 0;
          const rows = await walk(filter, async () => {
            count += 1;
            if (count < 3)
              await insert([{ ...made(4), learnerNumber: `X${newId().slice(-12)}${count}` }]);
          });
          const times = new Map<string, number>();
          for (const row of rows) times.set(row.id, (times.get(row.id) ?? 0) + 1);
          expect(Math.max(...times.values())).toBe(1);
          for (const row of before) expect(times.get(row.id)).toBe(1);
        },
      ),
      { numRuns: 4 },
    );
  }, 60_000);

  it('orders by family name, number as people count, and creation', async () => {
    const names = (await page({ limit: 5 })).items.map((row) => row.name);
    expect(new Set(names)).toEqual(new Set(['Ana Nguyễn']));
    const newest = await page({ sort: 'learnerNumber', direction: 'desc', limit: 1, search: 'l0' });
    expect(newest.items[0]?.learnerNumber).toBe('L06000');
  });
});

describe('search and filters', () => {
  it('needs every word, from its beginning, blind to case and accents', async () => {
    const rows = await walk({ search: 'CHLOE nguye', limit: 200 });
    expect(new Set(rows.map((row) => row.name))).toEqual(new Set(['Chloé Nguyễn']));
    expect(rows.length).toBeGreaterThan(100);
    expect((await page({ search: 'hloe' })).items).toEqual([]);
    expect((await page({ search: 'learner5999@exa' })).items).toHaveLength(1);
    expect((await page({ search: 'oneil 4002' })).items.map((row) => row.learnerNumber)).toEqual([
      'L04002',
    ]);
  });

  it('gives the same learners however the search is carried out', async () => {
    const all = await walk({ limit: 200 });
    const expected = all.filter((row) => row.name.startsWith('Ana ') && !row.isActive);
    const found = await walk({ search: 'ana', active: 'false', limit: 200 });
    expect(found.filter((row) => row.name.startsWith('Ana ')).map((row) => row.id)).toEqual(
      expected.map((row) => row.id),
    );
  });

  it('never shows another provider’s learners', async () => {
    const { otherScope } = world;
    const rows = await world.database.asProvider(otherScope.providerId, (tx) =>
      listLearners(tx, otherScope, listQuery({})),
    );
    expect(rows.items).toHaveLength(1);
  });

  it('takes signs that mean something in SQL or in a pattern as plain text', async () => {
    for (const search of [
      "'; drop table learners; --",
      '%',
      '_',
      '\\',
      '\u0000',
      '@\u0000',
      '💥',
    ]) {
      const rows = await page({ search, limit: 1 });
      expect(rows.items.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('cursors', () => {
  it('are refused when made up, cut, or of another order', async () => {
    const { nextCursor } = await page({ limit: 1 });
    const forged = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const cursors = [
      'nonsense',
      nextCursor?.slice(0, -4) ?? '',
      forged(['name', 'asc', 'a\u0000', newId()]),
      forged(['name', 'asc', 'a', 'no-id']),
      forged(['createdAt', 'asc', 'yesterday', newId()]),
    ];
    for (const cursor of cursors) {
      const sort = cursor === cursors[4] ? 'createdAt' : 'name';
      await expect(page({ cursor, sort })).rejects.toMatchObject({ code: 'request.invalid' });
    }
    await expect(page({ cursor: nextCursor, direction: 'desc' })).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });
});
