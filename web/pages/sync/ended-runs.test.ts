import { describe, expect, it } from 'vitest';
import type { SyncRunId } from '#contract/ids';
import type { RunState } from '#contract/runs';
import { endedSince } from './ended-runs.ts';

const run = (id: string, state: RunState, createdAt: string) => ({
  id: id as SyncRunId,
  state,
  createdAt,
});
const old = run('old', 'finished', '2026-03-01T00:00:00Z');
const idsOf = (...looks: Parameters<typeof endedSince>) => endedSince(...looks).map(({ id }) => id);

describe('runs that ended between two looks', () => {
  it('are none at the first look', () => {
    expect(idsOf(undefined, [old])).toEqual([]);
  });

  it('are those that were under way or paused', () => {
    const at = '2026-03-02T00:00:00Z';
    const before = [run('a', 'running', at), run('b', 'paused', at), run('c', 'running', at), old];
    const now = [run('a', 'finished', at), run('b', 'failed', at), run('c', 'cancelled', at), old];
    expect(idsOf(before, now)).toEqual(['a', 'b']);
    expect(idsOf(now, now)).toEqual([]);
  });

  it('are also those that no look met under way, but not older ones that come into view', () => {
    const short = run('short', 'finished', '2026-03-02T00:00:00Z');
    expect(idsOf([old], [short, old])).toEqual(['short']);
    expect(idsOf([], [short])).toEqual(['short']);
    expect(idsOf([short], [short, old])).toEqual([]);
  });
});
