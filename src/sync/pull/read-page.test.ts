import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WirePage, XeroDownError } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { afterPage, type Cursor, freshCursor } from './cursor-store.ts';
import { type PageOfWalk, readPageOf } from './read-page.ts';
import { seenOn } from './walk.ts';

interface Row {
  id: number;
  updatedAt: Date | null;
}

const now = new Date('2026-03-02T01:00:00Z');
const ends = (rows: number) => ({ invoice: { rows, until: new Date('2026-03-03T01:00:00Z') } });

/** A run of a lane of which only what is known of pages counts. */
function runThatKnows(pageRows: object): LaneRun {
  const lane = { page_rows: pageRows };
  const run = {
    seen: () => lane,
    now: () => now,
    record: async () => undefined,
    deps: { logger: { warn: () => undefined } },
  };
  return run as unknown as LaneRun;
}

/** Xero's list, by date of change; those without one stand first and are never filtered out. */
function pageOf(
  list: readonly Row[],
  { modifiedSince, page, pageSize }: PageOfWalk,
): WirePage<Row> {
  const timeOf = ({ updatedAt }: Row) => updatedAt?.getTime() ?? 0;
  const from = modifiedSince?.getTime() ?? 0;
  const found = list.filter((row) => row.updatedAt === null || timeOf(row) >= from);
  const sorted = found.sort((a, b) => timeOf(a) - timeOf(b) || a.id - b.id);
  const rows = sorted.slice((page - 1) * pageSize, page * pageSize);
  const pageCount = Math.max(1, Math.ceil(sorted.length / pageSize));
  return { rows, page, pageCount, itemCount: sorted.length, unreadable: [] };
}

/** Walks to the end; before each call something may happen in Xero. */
async function walked(run: LaneRun, list: Row[], before: (call: number) => void = () => undefined) {
  const met = new Map<number, number>();
  let cursor: Cursor = { ...freshCursor('invoices'), isWalking: true };
  let calls = 0;
  for (let steps = 0; cursor.isWalking; steps += 1) {
    if (steps > 200) throw new Error('The walk has no end');
    const page = await readPageOf(run, 'invoice', cursor, async (query) => {
      calls += 1;
      before(calls);
      return pageOf(list, query);
    });
    for (const row of page.rows) met.set(row.id, row.updatedAt?.getTime() ?? 0);
    cursor = afterPage(cursor, seenOn(page));
  }
  return { met, calls };
}

const at = (second: number) => new Date(now.getTime() - 86_400_000 + second * 1_000);

describe('a walk by smaller pages', () => {
  it('meets every row, however many share a second or say no date', async () => {
    const second = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null });
    const group = fc.tuple(second, fc.integer({ min: 1, max: 400 }));
    await fc.assert(
      fc.asyncProperty(fc.array(group, { maxLength: 6 }), async (groups) => {
        const seconds = groups.flatMap(([one, count]) => Array.from({ length: count }, () => one));
        const list = seconds.map((one, id) => ({ id, updatedAt: one === null ? null : at(one) }));
        const { met } = await walked(runThatKnows(ends(50)), list);
        expect(met.size).toBe(list.length);
      }),
      { numRuns: 60 },
    );
  });

  it('misses nobody who slips to the page before because another row was edited', async () => {
    for (let moment = 2; moment < 40; moment += 1) {
      const list = Array.from({ length: 1_200 }, (_, id): Row => ({ id, updatedAt: at(1) }));
      const { met } = await walked(runThatKnows(ends(250)), list, (call) => {
        if (call === moment) list[7] = { id: 7, updatedAt: at(500) };
      });
      expect(met.size).toBe(1_200);
    }
  });

  it('takes one call for what fits on one page', async () => {
    const list = [{ id: 1, updatedAt: at(1) }];
    expect((await walked(runThatKnows(ends(50)), list)).calls).toBe(1);
  });
});

it('asks for fewer rows as long as an answer is too much, and gives up at the fewest', async () => {
  const asked: number[] = [];
  const reading = readPageOf(
    runThatKnows({}),
    'invoice',
    freshCursor('invoices'),
    async ({ pageSize }): Promise<WirePage<Row>> => {
      asked.push(pageSize);
      throw new XeroDownError('Xero does not answer.', now, { isTooMuch: true });
    },
  );
  await expect(reading).rejects.toBeInstanceOf(XeroDownError);
  expect(asked).toEqual([1_000, 250, 50]);
});
