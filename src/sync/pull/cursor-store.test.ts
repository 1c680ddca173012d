import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plus, SECOND_MS } from '#platform/clock';
import { afterPage, beginWalk, type Cursor, freshCursor, OVERLAP_MS } from './cursor-store.ts';

const start = new Date('2026-03-02T00:00:00.000Z');
const fresh = freshCursor('invoices');

interface Row {
  id: number;
  changedAt: Date;
}

/** Xero's list: rows changed since a whole second, oldest change first, page by page. */
function readPage(rows: readonly Row[], cursor: Cursor, pageSize: number) {
  const since = cursor.position ? Math.floor(cursor.position.getTime() / 1000) * 1000 : 0;
  const all = rows
    .filter((row) => row.changedAt.getTime() >= since)
    .sort((a, b) => a.changedAt.getTime() - b.changedAt.getTime() || a.id - b.id);
  const from = (Math.max(1, cursor.page) - 1) * pageSize;
  const pageCount = Math.ceil(all.length / pageSize);
  return { rows: all.slice(from, from + pageSize), pageCount };
}

describe('a walk', () => {
  it('goes by instant: rows edited while it is on are read as they end up, and none is missed', () => {
    // Some come so late that the next walk does not look back at what was there before.
    const pause = fc.oneof(fc.nat(3_000), fc.constant(2 * OVERLAP_MS));
    const edits = fc.array(fc.record({ row: fc.nat(29), pause }), { maxLength: 60 });
    const gap = fc.oneof(fc.constant(0), fc.nat(2_500));
    const gaps = fc.array(gap, { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(gaps, edits, fc.integer({ min: 1, max: 7 }), (spread, stream, pageSize) => {
        let clock = start;
        const rows = spread.map((gap, id) => {
          clock = plus(clock, gap);
          return { id, changedAt: clock };
        });
        const mirror = new Map<number, number>();
        let cursor = beginWalk(fresh);
        for (let step = 0; cursor.isWalking; step += 1) {
          expect(step).toBeLessThan(500);
          const page = readPage(rows, cursor, pageSize);
          for (const row of page.rows) mirror.set(row.id, row.changedAt.getTime());
          cursor = afterPage(cursor, {
            changedAt: page.rows.map((row) => row.changedAt),
            pageCount: page.pageCount,
          });
          const edit = stream.shift();
          const edited = edit && rows[edit.row];
          if (!edit || !edited) continue;
          clock = plus(clock, edit.pause);
          edited.changedAt = clock;
        }
        // What changed after the last page is read by the next walk.
        let next = beginWalk(cursor);
        while (next.isWalking) {
          const page = readPage(rows, next, pageSize);
          for (const row of page.rows) mirror.set(row.id, row.changedAt.getTime());
          next = afterPage(next, {
            changedAt: page.rows.map((row) => row.changedAt),
            pageCount: page.pageCount,
          });
        }
        for (const row of rows) expect(mirror.get(row.id)).toBe(row.changedAt.getTime());
      }),
      { numRuns: 1_000 },
    );
  });

  it('gets through more rows of one instant than a page holds', () => {
    const rows = Array.from({ length: 25 }, (_, id) => ({ id, changedAt: start }));
    const seen = new Set<number>();
    let cursor = beginWalk(fresh);
    for (let step = 0; cursor.isWalking && step < 100; step += 1) {
      const page = readPage(rows, cursor, 4);
      for (const row of page.rows) seen.add(row.id);
      cursor = afterPage(cursor, {
        changedAt: page.rows.map((row) => row.changedAt),
        pageCount: page.pageCount,
      });
    }
    expect(seen.size).toBe(25);
    expect(cursor).toMatchObject({ isWalking: false, readUntil: start });
  });

  it('begins a little before the end of the last one, and goes on when it is on already', () => {
    const ended = { ...fresh, readUntil: start };
    const begun = beginWalk(ended);
    expect(begun.position).toEqual(plus(start, -OVERLAP_MS));
    expect(beginWalk(begun)).toBe(begun);
  });

  it('that finds nothing keeps where it was', () => {
    const ended = { ...fresh, readUntil: start };
    const after = afterPage(beginWalk(ended), { changedAt: [], pageCount: 0 });
    expect(after).toMatchObject({ isWalking: false, readUntil: start });
    const stale = plus(start, -90 * SECOND_MS);
    const again = afterPage(beginWalk(ended), { changedAt: [stale, null], pageCount: 1 });
    expect(again.readUntil).toEqual(start);
  });
});
