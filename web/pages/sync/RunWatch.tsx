import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { RunEnd } from '#contract/runs';
import { ask } from '../../api/queries.ts';
import { toastNews } from '../../stores/toast.ts';
import { paths } from '../../util/paths.ts';
import { endedSince } from './ended-runs.ts';
import { endWords } from './run-words.ts';

/** Says on every page when a run has ended. */
export function RunWatch() {
  const runs = useQuery(ask('listRunEnds'));
  const navigate = useNavigate();
  const before = useRef<readonly RunEnd[]>(undefined);
  useEffect(() => {
    const now = runs.data?.items;
    if (!now) return;
    for (const run of endedSince(before.current, now)) {
      toastNews(endWords({ ...run, skipped: 0 }), {
        isBad: run.state === 'failed' || run.failed > 0,
        label: 'See the run',
        go: () => void navigate(paths.run(run.id)),
      });
    }
    before.current = now;
  }, [runs.data, navigate]);
  return null;
}
