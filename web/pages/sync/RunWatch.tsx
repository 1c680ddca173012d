import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { SyncRun } from '#contract/runs';
import { ask } from '../../api/queries.ts';
import { toastNews } from '../../stores/toast.ts';
import { paths } from '../../util/paths.ts';
import { endedSince } from './ended-runs.ts';
import { endWords } from './run-words.ts';

/** Watches the newest runs on every page and says when one of them has ended. */
export function RunWatch() {
  const runs = useQuery(ask('listSyncRuns', { query: { limit: 20 } }));
  const navigate = useNavigate();
  const before = useRef<readonly SyncRun[]>(undefined);
  useEffect(() => {
    const now = runs.data?.items;
    if (!now) return;
    for (const run of endedSince(before.current, now)) {
      toastNews(endWords(run), {
        isBad: run.state === 'failed' || run.counts.failed > 0,
        label: 'See the run',
        go: () => void navigate(paths.run(run.id)),
      });
    }
    before.current = now;
  }, [runs.data, navigate]);
  return null;
}
