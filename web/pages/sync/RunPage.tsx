import { Alert, Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { IconAlertOctagon, IconDownload, IconListCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type RunAct, type RunItem, type RunOutcome, runCan, type SyncRun } from '#contract/runs';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask, askPages } from '../../api/queries.ts';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Facts } from '../../ui/facts.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { saveText } from '../../util/save-file.ts';
import { RunProgress } from './RunProgress.tsx';
import { cancelWords, endWords, outcomeLooks, runLooks, runTitles } from './run-words.ts';

/** One run: how far it is, what it did, and what became of each. */
export function RunPage() {
  const { runId } = useParams({ from: '/app/sync/runs/$runId' });
  const run = useQuery(ask('getSyncRun', { params: { runId } }));
  if (!run.data) {
    return (
      <Page title="Run" above={<Back />}>
        {run.error ? <ProblemAlert error={run.error} retry={() => run.refetch()} /> : <Loading />}
      </Page>
    );
  }
  return <Shown run={run.data} />;
}

function Back() {
  return (
    <TextLink {...paths.runs} size="sm">
      Runs
    </TextLink>
  );
}

function Shown({ run }: { run: SyncRun }) {
  const { counts } = run;
  return (
    <Page
      title={runTitles[run.kind]}
      above={<Back />}
      beside={<StateBadge look={runLooks[run.state]} />}
      lead={[
        run.range,
        run.organisationName,
        `started by ${run.startedBy}`,
        momentText(run.createdAt),
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={<Actions run={run} />}
    >
      <Paper p="lg">
        <Stack gap="lg">
          <RunProgress run={run} />
          {run.failure && (
            <Alert
              color="brick"
              role="alert"
              icon={<IconAlertOctagon aria-hidden />}
              title="This run could not be finished"
            >
              <Text size="sm">{run.failure}</Text>
              <Text size="sm">What it had done stays; start it again once the reason is gone.</Text>
            </Alert>
          )}
          <Facts
            columns={7}
            facts={[
              { label: 'Found', value: number(counts.found) },
              { label: 'Added', value: number(counts.added) },
              { label: 'Changed', value: number(counts.changed) },
              { label: 'Unchanged', value: number(counts.unchanged) },
              { label: 'Failed', value: number(counts.failed) },
              { label: 'Skipped', value: number(counts.skipped) },
              { label: 'Finished', value: run.finishedAt ? momentText(run.finishedAt) : 'Not yet' },
            ]}
          />
        </Stack>
      </Paper>
      <Items run={run} />
    </Page>
  );
}

function number(count: number) {
  return <span className="figures">{count.toLocaleString('en-AU')}</span>;
}

function Actions({ run }: { run: SyncRun }) {
  const may = useMay('learners.sync');
  const steer = useAction('steerSyncRun', {
    onDone: (ended, { params }) => {
      if (params.act === 'cancel') toastDone(endWords({ ...ended, ...ended.counts }));
    },
  });
  const can = (act: RunAct) => (runCan[act] as readonly string[]).includes(run.state);
  const go = (act: RunAct) => steer.mutate({ params: { runId: run.id, act } });
  const cancel = () =>
    confirm({
      title: 'Cancel this run?',
      text: cancelWords[run.kind],
      yes: 'Cancel the run',
      onYes: () => go('cancel'),
    });
  return (
    <>
      <Report runId={run.id} />
      {can('pause') && (
        <GuardedButton
          variant="default"
          reason={may.reason}
          loading={steer.isPending}
          onClick={() => go('pause')}
        >
          Pause
        </GuardedButton>
      )}
      {can('resume') && (
        <GuardedButton reason={may.reason} loading={steer.isPending} onClick={() => go('resume')}>
          Resume
        </GuardedButton>
      )}
      {can('cancel') && (
        <GuardedButton
          variant="default"
          reason={may.reason}
          disabled={steer.isPending}
          onClick={cancel}
        >
          Cancel run
        </GuardedButton>
      )}
    </>
  );
}

function Report({ runId }: { runId: string }) {
  const report = useAction('syncRunReport', {
    onDone: ({ fileName, csv }) => saveText({ fileName, text: csv }, 'text/csv;charset=utf-8'),
  });
  return (
    <Button
      variant="default"
      loading={report.isPending}
      leftSection={<IconDownload size={16} aria-hidden />}
      onClick={() => report.mutate({ params: { runId } })}
    >
      Report
    </Button>
  );
}

const columns: Column<RunItem>[] = [
  {
    head: 'Who or what',
    cell: (item) =>
      item.subject === 'document' ? (
        item.label
      ) : (
        <TextLink {...paths[item.subject](item.subjectId)}>{item.label}</TextLink>
      ),
  },
  {
    head: 'Outcome',
    cell: ({ outcome }) =>
      outcome ? (
        <StateBadge look={outcomeLooks[outcome]} />
      ) : (
        <Text span size="sm" c="dimmed">
          Not yet
        </Text>
      ),
  },
  { head: 'Why', cell: (item) => item.reason ?? '' },
];

function Items({ run }: { run: SyncRun }) {
  const [outcome, setOutcome] = useState<RunOutcome | 'all'>('all');
  const query = useInfiniteQuery(
    askPages('listSyncRunItems', {
      params: { runId: run.id },
      query: outcome === 'all' ? {} : { outcome },
    }),
  );
  return (
    <Stack gap="sm">
      <Group>
        <Select
          label="Outcome"
          value={outcome}
          data={[
            { value: 'all', label: 'All' },
            ...Object.entries(outcomeLooks).map(([value, { word }]) => ({ value, label: word })),
          ]}
          onChange={(value) => setOutcome((value ?? 'all') as RunOutcome | 'all')}
          allowDeselect={false}
        />
      </Group>
      <Paper>
        <Paged
          query={query}
          noun="entries"
          empty={
            <Empty
              icon={IconListCheck}
              title="Nothing to tell"
              text="Papers that were found as they are here are counted and not listed."
            />
          }
        >
          {(items: RunItem[]) => (
            <Table
              label="What became of each"
              columns={columns}
              rows={items}
              keyOf={(item) => String(item.seq)}
            />
          )}
        </Paged>
      </Paper>
    </Stack>
  );
}
