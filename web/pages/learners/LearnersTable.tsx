import { Group, Stack, Text } from '@mantine/core';
import type { LEARNER_SORTS, LearnerRow } from '#contract/learners';
import { useOwingColumn } from '../../table/owing-column.tsx';
import { type Column, Table } from '../../table/table.tsx';
import type { Selected } from '../../table/use-selection.ts';
import { TextLink } from '../../ui/links.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { standingLooks } from '../../ui/states.ts';
import { paths } from '../../util/paths.ts';
import type { LearnersSearch } from '../../util/search.ts';
import type { LearnersChange } from './LearnersFilters.tsx';

interface LearnersTableProps {
  rows: LearnerRow[];
  view: LearnersSearch;
  change: (changed: LearnersChange) => void;
  selection: Selected;
}

/**
 * The rows of the list that have been read so far. The box at the head ticks these alone; what they
 * owe has a column only for readers who may see papers.
 */
export function LearnersTable({ rows, view, change, selection }: LearnersTableProps) {
  const owing = useOwingColumn<LearnerRow>();
  return (
    <Table
      label="Learners"
      columns={[...columnsOf(view, change), ...owing]}
      rows={rows}
      keyOf={(row) => row.id}
      nameOf={(row) => row.name}
      selection={{
        selected: selection.keys,
        toggle: selection.toggle,
        toggleAll: () => selection.toggleAll(rows.map((row) => row.id)),
      }}
    />
  );
}

function columnsOf(
  view: LearnersSearch,
  change: LearnersTableProps['change'],
): Column<LearnerRow>[] {
  const sortBy = (sort: (typeof LEARNER_SORTS)[number]) => {
    const isSorted = (view.sort ?? 'name') === sort;
    const direction = isSorted ? (view.direction ?? 'asc') : null;
    const toggle = () => change({ sort, direction: direction === 'asc' ? 'desc' : 'asc' });
    return { direction, toggle };
  };
  return [
    { head: 'Name', sort: sortBy('name'), cell: (row) => <Name row={row} /> },
    {
      head: 'Number',
      sort: sortBy('learnerNumber'),
      cell: (row) => <span className="figures">{row.learnerNumber}</span>,
    },
    { head: 'E-mail', isMinor: true, cell: (row) => row.email },
    {
      head: 'Mobile',
      isMinor: true,
      cell: (row) => row.phoneMobile && <span className="figures">{row.phoneMobile}</span>,
    },
    { head: 'Xero', cell: (row) => <Standing row={row} /> },
  ];
}

function Name({ row }: { row: LearnerRow }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <TextLink {...paths.learner(row.id)} fw={550}>
        {row.name}
      </TextLink>
      {!row.isActive && (
        <Text span size="sm" c="dimmed">
          Inactive
        </Text>
      )}
    </Group>
  );
}

function Standing({ row }: { row: LearnerRow }) {
  if (!row.syncToXero) return <StateBadge look={standingLooks.off} />;
  if (row.standing) return <StateBadge look={standingLooks[row.standing]} />;
  return (
    <Stack gap={0}>
      <Text span size="sm" c="dimmed">
        Sync on, not connected
      </Text>
    </Stack>
  );
}
