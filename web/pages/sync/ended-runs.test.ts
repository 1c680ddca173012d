import { describe, expect, it } from 'vitest';
import type { SyncRunId } from '#contract/ids';
import { endedSince } from './ended-runs.ts';

const run = (id: string, finishedAt: string) => ({ id: id as SyncRunId, finishedAt });
const old = run('old', '2026-03-01T00:00:00Z');
const one = run('one', '2026-03-02T00:00:00Z');
const other = run('other', '2026-03-03T00:00:00Z');
const idsOf = (...looks: Parameters<typeof endedSince>) => endedSince(...looks).map(({ id }) => id);

describe('runs that ended between two looks', () => {
  it('are none at the first look', () => {
    expect(idsOf(undefined, [old])).toEqual([]);
  });

  it('are those that were not there before', () => {
    expect(idsOf([old], [other, one, old])).toEqual(['other', 'one']);
    expect(idsOf([other, old], [other, one, old])).toEqual(['one']);
    expect(idsOf([one, old], [one, old])).toEqual([]);
    expect(idsOf([], [one])).toEqual(['one']);
  });

  it('are not older ones that come into view', () => {
    expect(idsOf([other, one], [other, old])).toEqual([]);
  });
});
