import { Paper } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ImportRun } from '#contract/imports';
import { useMay } from '../../api/may.ts';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { importLooks } from '../../ui/states.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { kindNames } from './import-words.ts';

/** Earlier imports, and the way to a new one. */
export function ImportsPage() {
  const may = useMay('learners.import');
  return (
    <Page title="Imports" actions={<Start reason={may.reason} />}>
      <Paper>
        {may.allowed ? (
          <Runs />
        ) : (
          <NotAllowed title="Imports are not open to you" reason={may.reason} />
        )}
      </Paper>
    </Page>
  );
}

function Start({ reason }: { reason: string | null }) {
  const navigate = useNavigate();
  return (
    <GuardedButton
      reason={reason}
      leftSection={<IconFileImport size={16} aria-hidden />}
      onClick={() => navigate(paths.newImport)}
    >
      Import learners
    </GuardedButton>
  );
}

const columns: Column<ImportRun>[] = [
  {
    head: 'Files',
    cell: (run) => <TextLink {...paths.import(run.id)}>{filesText(run.fileNames)}</TextLink>,
  },
  { head: 'Kind', cell: (run) => kindNames[run.kind] },
  { head: 'Started', cell: (run) => <span className="figures">{momentText(run.createdAt)}</span> },
  { head: 'By', cell: (run) => run.startedBy },
  { head: 'Rows', align: 'right', cell: (run) => <Count count={run.counts.total} /> },
  { head: 'Imported', align: 'right', cell: (run) => <Count count={run.counts.applied} /> },
  { head: 'State', cell: (run) => <StateBadge look={importLooks[run.state]} /> },
];

function Runs() {
  const query = useInfiniteQuery(askPages('listImports'));
  return (
    <Paged
      query={query}
      noun="imports"
      empty={
        <Empty
          icon={IconFileImport}
          title="Nothing imported yet"
          text="Bring your learners from the system you use now: a CSV file, or its AVETMISS export. You see what would happen before anything is changed."
        >
          <Start reason={null} />
        </Empty>
      }
    >
      {(runs: ImportRun[]) => (
        <Table label="Imports" columns={columns} rows={runs} keyOf={(run) => run.id} />
      )}
    </Paged>
  );
}

function Count({ count }: { count: number }) {
  return <span className="figures">{count.toLocaleString('en-AU')}</span>;
}

/** "NAT00080.txt and 2 more". */
export function filesText(names: readonly string[]): string {
  const [first = 'No file', ...others] = names;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
