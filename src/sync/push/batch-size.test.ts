import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '#xero/index';
import {
  BATCH,
  type BatchSize,
  callsAtOnce,
  firstBatch,
  nextBatch,
  partsWithin,
  type Sent,
} from './batch-size.ts';

const sizes: fc.Arbitrary<BatchSize> = fc.record({
  rows: fc.integer({ min: BATCH.least, max: BATCH.most }),
  isCareful: fc.boolean(),
});
const calls: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({
    how: fc.constant('answered' as const),
    rows: fc.nat(BATCH.most),
    tookMs: fc.nat(60_000),
    bytes: fc.nat(5_000_000),
  }),
  fc.record({ how: fc.constantFrom('lost' as const, 'too-large' as const), rows: fc.nat(600) }),
);

/** Sends `total` rows to a Xero that takes `baseMs` a call and `rowMs` a row. */
function pushAll(total: number, baseMs: number, rowMs: number, bytesPerRow = 600) {
  let size = firstBatch;
  let ms = 0;
  let longestMs = 0;
  let largest = 0;
  let callCount = 0;
  for (let left = total; left > 0; callCount += 1) {
    const rows = Math.min(left, size.rows);
    const tookMs = baseMs + rows * rowMs;
    ms += tookMs;
    longestMs = Math.max(longestMs, tookMs);
    largest = Math.max(largest, rows * bytesPerRow);
    left -= rows;
    size = nextBatch(size, { how: 'answered', rows, tookMs, bytes: rows * bytesPerRow });
  }
  return { callCount, ms, longestMs, largest, size };
}

describe('how many contacts a call carries', () => {
  it('begins at fifty and doubles while Xero is quick: 10,000 learners in 23 calls', () => {
    const { callCount, ms, size } = pushAll(10_000, 250, 3);
    expect(callCount).toBe(23);
    expect(ms).toBeLessThanOrEqual(45_000);
    expect(size.rows).toBe(BATCH.most);
  });

  it('stays within what is quick when Xero is ten times slower', () => {
    const { longestMs } = pushAll(10_000, 2_500, 30);
    expect(longestMs).toBeLessThanOrEqual(BATCH.quickMs + 2_500);
  });

  it('never lets a body near the bytes that Xero refuses', () => {
    const { largest } = pushAll(10_000, 250, 3, 20_000);
    expect(largest).toBeLessThanOrEqual(BATCH.bytesMax);
  });

  it('is halved by a lost answer and then grows by steps', () => {
    const full = { rows: 400, isCareful: false };
    const halved = nextBatch(full, { how: 'lost', rows: 400 });
    expect(halved).toEqual({ rows: 200, isCareful: true });
    const quick: Sent = { how: 'answered', rows: 200, tookMs: 900, bytes: 100_000 };
    expect(nextBatch(halved, quick).rows).toBe(200 + BATCH.step);
  });

  it('stays at fifty where whoever runs Bursar wants no more', () => {
    const sent: Sent = { how: 'answered', rows: 50, tookMs: 300, bytes: 20_000 };
    expect(nextBatch(firstBatch, sent, 50)).toEqual(firstBatch);
    expect(nextBatch({ rows: 400, isCareful: false }, { ...sent, rows: 400 }, 50).rows).toBe(50);
  });

  it('learns nothing about larger calls from one that was not full', () => {
    const sent: Sent = { how: 'answered', rows: 3, tookMs: 300, bytes: 2_000 };
    expect(nextBatch(firstBatch, sent)).toEqual(firstBatch);
  });

  it('stays between its bounds, shrinks when slow or lost, and at most doubles', () => {
    fc.assert(
      fc.property(sizes, calls, (size, sent) => {
        const next = nextBatch(size, sent);
        expect(next.rows).toBeGreaterThanOrEqual(BATCH.least);
        expect(next.rows).toBeLessThanOrEqual(BATCH.most);
        expect(next.rows).toBeLessThanOrEqual(size.rows * 2);
        if (sent.rows > 0 && sent.how !== 'answered') {
          expect(next.rows).toBeLessThanOrEqual(Math.max(BATCH.least, size.rows / 2));
        }
        if (sent.how === 'answered' && sent.rows === size.rows && sent.tookMs > BATCH.quickMs) {
          expect(next.rows).toBeLessThanOrEqual(size.rows);
        }
      }),
    );
  });
});

describe('bodies', () => {
  it('are cut below the bound, lose no row and keep the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 })), (rows) => {
        const parts = partsWithin(rows, (row) => row, 60);
        expect(parts.flat()).toEqual(rows);
        for (const part of parts) {
          const bytes = part.reduce((sum, row) => sum + row, 0);
          expect(bytes <= 60 || part.length === 1).toBe(true);
        }
      }),
    );
  });
});

describe('batches that go at once', () => {
  it('are several only where a call carries its most and Xero is quick', () => {
    expect(callsAtOnce(firstBatch)).toBe(1);
    expect(callsAtOnce({ rows: BATCH.most, isCareful: false })).toBe(BATCH.atOnce);
    expect(callsAtOnce({ rows: BATCH.most, isCareful: true })).toBe(1);
    expect(callsAtOnce({ rows: 50, isCareful: false }, 50)).toBe(BATCH.atOnce);
  });

  it('leave a place for people', () => {
    expect(BATCH.atOnce).toBeLessThan(LIMITS.inFlight);
  });
});
