import { describe, expect, it } from 'vitest';
import { nextNight } from './night.ts';

const ORG = 'a0a0a0a0-0001-4000-8000-00000000003d';

describe('the next night', () => {
  it('begins at two o’clock where the provider is, spread by organisation', () => {
    const noon = new Date('2026-03-02T01:00:00Z');
    expect(nextNight(noon, 'Australia/Sydney', ORG).toISOString()).toBe('2026-03-02T15:01:00.000Z');
    expect(nextNight(noon, 'Europe/London', ORG).toISOString()).toBe('2026-03-02T02:01:00.000Z');
  });

  it('comes once a day, also where the clock is turned', () => {
    let at = new Date('2026-03-27T12:00:00Z');
    const nights: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      at = nextNight(at, 'Europe/London', ORG);
      nights.push(at.toISOString().slice(0, 10));
    }
    expect(new Set(nights).size).toBe(4);
  });
});
