import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RunState } from '#contract/runs';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.tsx';
import { runTitles } from './run-words.ts';

/** Watches the newest runs on every page and says when one of them has ended. */
export function RunWatch() {
  const runs = useQuery(ask('listSyncRuns', { query: { limit: 5 } }));
  const known = useRef(new Map<string, RunState>());
  useEffect(() => {
    for (const run of runs.data?.items ?? []) {
      const before = known.current.get(run.id);
      known.current.set(run.id, run.state);
      if (before !== 'running' || run.state === 'running') continue;
      if (run.state !== 'finished' && run.state !== 'failed') continue;
      const failed = run.counts.failed > 0 ? `, ${run.counts.failed} failed` : '';
      toastDone(`${runTitles[run.kind]}: ${run.state}${failed}.`);
    }
  }, [runs.data]);
  return null;
}
