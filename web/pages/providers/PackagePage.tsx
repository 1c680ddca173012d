import { Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PackageLine } from '#contract/package';
import { ask } from '../../api/queries.ts';
import { type Column, Table } from '../../table/table.tsx';
import { Loading } from '../../ui/loading.tsx';
import { packageLooks } from '../../ui/operate-states.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';

const columns: Column<PackageLine>[] = [
  { head: 'Product', cell: (line) => line.name },
  { head: 'State', cell: (line) => <StateBadge look={packageLooks[standingOf(line)]} /> },
  { head: 'Included since', cell: (line) => <Moment at={line.grantedAt} /> },
  { head: 'Withdrawn', cell: (line) => <Moment at={line.withdrawnAt} /> },
];

/** What the provider's package includes, and since when. */
export function PackagePage() {
  const lines = useQuery(ask('getPackage'));
  return (
    <Page
      title="Package"
      lead="What your package includes. When something is withdrawn, what is connected keeps its data and its settings, and nothing flows until it is back. The people who run Bursar change it; ask them under Support."
    >
      <Paper>
        {lines.error && !lines.data && (
          <ProblemAlert error={lines.error} retry={() => lines.refetch()} />
        )}
        {lines.isPending && <Loading rows={2} />}
        {lines.data && (
          <Table
            label="Package"
            columns={columns}
            rows={lines.data.lines}
            keyOf={(line) => line.product}
          />
        )}
      </Paper>
    </Page>
  );
}

function standingOf(line: PackageLine): keyof typeof packageLooks {
  if (line.isIncluded) return 'included';
  return line.withdrawnAt === null ? 'never' : 'withdrawn';
}

function Moment({ at }: { at: string | null }) {
  return <span className="figures">{at === null ? '–' : momentText(at)}</span>;
}
