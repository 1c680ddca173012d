import { Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ImportRun } from '#contract/imports';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { importLooks } from '../../ui/states.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { ImportMappingStep } from './ImportMappingStep.tsx';
import { ImportPreview } from './ImportPreview.tsx';
import { ImportReport } from './ImportReport.tsx';
import { ImportRunning } from './ImportRunning.tsx';
import { filesText } from './ImportsPage.tsx';

/** Live messages may be late while thousands of rows are written, so a running import is asked. */
const LOOK_AGAIN_MS = 2_000;

/** One import, at whichever step it stands. */
export function ImportPage() {
  const { importId } = useParams({ from: '/app/imports/$importId' });
  const may = useMay('learners.import');
  const run = useQuery({
    ...ask('getImport', { params: { importId } }),
    enabled: may.allowed,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? LOOK_AGAIN_MS : false),
  });
  return (
    <Page
      title={run.data ? filesText(run.data.fileNames) : 'Import'}
      windowTitle="Import"
      above={
        <TextLink {...paths.imports} size="sm">
          Imports
        </TextLink>
      }
      beside={run.data && <StateBadge look={importLooks[run.data.state]} />}
      lead={run.data && `Started by ${run.data.startedBy}, ${momentText(run.data.createdAt)}`}
    >
      {!may.allowed && (
        <Paper>
          <NotAllowed title="Imports are not open to you" reason={may.reason} />
        </Paper>
      )}
      {run.error && !run.data && <ProblemAlert error={run.error} retry={() => run.refetch()} />}
      {may.allowed && run.isPending && <Loading />}
      {run.data && <Step run={run.data} />}
    </Page>
  );
}

function Step({ run }: { run: ImportRun }) {
  const [isMatching, setMatching] = useState(false);
  if (run.state === 'mapping' || (run.state === 'preview' && isMatching)) {
    return <ImportMappingStep run={run} onDone={() => setMatching(false)} />;
  }
  if (run.state === 'preview') {
    return <ImportPreview run={run} changeMatching={() => setMatching(true)} />;
  }
  if (run.state === 'running') return <ImportRunning run={run} />;
  return <ImportReport run={run} />;
}
