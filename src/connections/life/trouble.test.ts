import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TROUBLE_CODES } from '#contract/connection-life';
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '#platform/clock';
import { isGraver, nextLookIn, spread } from './trouble.ts';

const since = new Date('2026-03-02T01:00:00Z');

describe('the graver trouble', () => {
  it('takes the place of a milder one and never the other way round', () => {
    const code = fc.constantFrom(...TROUBLE_CODES);
    fc.assert(
      fc.property(code, code, (a, b) => {
        const takes = isGraver(a, { code: b, since });
        expect(takes).toBe(TROUBLE_CODES.indexOf(a) < TROUBLE_CODES.indexOf(b));
        expect(takes && isGraver(b, { code: a, since })).toBe(false);
      }),
    );
    expect(isGraver('xero.webhooks-silent', null)).toBe(true);
  });
});

describe('the next look', () => {
  const lost = { state: 'needs-consent', failingSince: null } as const;
  const trouble = { code: 'xero.access-removed', since } as const;

  it('comes after a quarter of an hour while all is well, or nothing stops', () => {
    const well = { state: 'active', trouble: null, failingSince: null } as const;
    expect(nextLookIn(well, since)).toBe(15 * MINUTE_MS);
    const mild = { ...well, trouble: { code: 'xero.clock-skew', since } as const };
    expect(nextLookIn(mild, plus(since, 3 * DAY_MS))).toBe(15 * MINUTE_MS);
  });

  it('comes sooner in an outage, and ever more rarely while somebody has to act', () => {
    const down = { state: 'active', trouble: null, failingSince: since } as const;
    expect(nextLookIn(down, plus(since, MINUTE_MS))).toBe(5 * MINUTE_MS);
    expect(nextLookIn(down, plus(since, 2 * HOUR_MS))).toBe(15 * MINUTE_MS);
    const waits = [MINUTE_MS, 2 * HOUR_MS, 2 * DAY_MS].map((age) =>
      nextLookIn({ ...lost, trouble }, plus(since, age)),
    );
    expect(waits).toEqual([15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS]);
  });

  it('is spread, and the same connection always waits alike', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1_000, max: DAY_MS }), (id, wait) => {
        const spreadWait = spread(wait, id);
        expect(spreadWait).toBeGreaterThanOrEqual(Math.floor(wait * 0.9));
        expect(spreadWait).toBeLessThanOrEqual(wait);
        expect(spread(wait, id)).toBe(spreadWait);
      }),
    );
  });
});
