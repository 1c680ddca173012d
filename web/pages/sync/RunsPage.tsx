import { Paper, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { SyncRun } from '#contract/runs';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { RunProgress } from './RunProgress.tsx';
import { runLooks, runTitles } from './run-words.ts';
import { StartResync } from './StartResync.tsx';

const columns: Column<SyncRun>[] = [
  {
    head: 'Run',
    cell: (run) => (
      <div>
        <TextLink {...paths.run(run.id)}>{runTitles[run.kind]}</TextLink>
        <Text size="sm" c="dimmed">
          {run.range}
          {run.organisationName ? ` · ${run.organisationName}` : ''}
        </Text>
      </div>
    ),
  },
  { head: 'Started', cell: (run) => <span className="figures">{momentText(run.createdAt)}</span> },
  { head: 'By', cell: (run) => run.startedBy, isMinor: true },
  { head: 'Progress', cell: (run) => <RunProgress run={run} /> },
  {
    head: 'Failed',
    align: 'right',
    cell: (run) => <span className="figures">{run.counts.failed.toLocaleString('en-AU')}</span>,
  },
  { head: 'State', cell: (run) => <StateBadge look={runLooks[run.state]} /> },
];

/** Work on many learners or papers, newest first, live. */
export function RunsPage() {
  const query = useInfiniteQuery(askPages('listSyncRuns'));
  return (
    <Page
      title="Runs"
      above={
        <TextLink {...paths.syncInbox} size="sm">
          Sync
        </TextLink>
      }
      lead="Bulk changes and resyncs go on by themselves, whoever leaves the page. Each ends with a report."
      actions={<StartResync />}
    >
      <Paper>
        <Paged
          query={query}
          noun="runs"
          empty={
            <Empty
              icon={IconRefresh}
              title="No runs yet"
              text="Turn Sync to Xero on for many learners on the Learners page, or start a resync to compare everything with Xero once more."
            />
          }
        >
          {(runs: SyncRun[]) => (
            <Table label="Runs" columns={columns} rows={runs} keyOf={(run) => run.id} />
          )}
        </Paged>
      </Paper>
    </Page>
  );
}
