import { Button, Group, Paper, Text } from '@mantine/core';
import { IconBuildingFactory2, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { WorkplaceFilter } from '#contract/runs';
import type { WorkplaceRow } from '#contract/workplaces';
import { useMay } from '../../api/may.ts';
import { askPages } from '../../api/queries.ts';
import { FlagSelect, SearchBox } from '../../table/filters.tsx';
import { useOwingColumn } from '../../table/owing-column.tsx';
import { Paged } from '../../table/paged.tsx';
import { selectMatching } from '../../table/select-matching.ts';
import { type Column, Table } from '../../table/table.tsx';
import { useSelection } from '../../table/use-selection.ts';
import { Empty } from '../../ui/empty.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { standingLooks } from '../../ui/states.ts';
import { paths } from '../../util/paths.ts';
import type { WorkplacesSearch } from '../../util/search.ts';
import { BulkBar, MANY_MAX } from '../sync/BulkBar.tsx';
import { BulkRuns } from '../sync/BulkRuns.tsx';

type Change = (
  changed: {
    [K in keyof WorkplacesSearch]?: WorkplacesSearch[K] | undefined;
  },
) => void;

/** All workplaces: employers, and whoever else pays for learners. */
export function WorkplacesPage() {
  const view = useSearch({ from: '/app/workplaces' });
  const owing = useOwingColumn<WorkplaceRow>();
  const navigate = useNavigate();
  const text = (flag: boolean | undefined) =>
    flag === undefined ? undefined : (`${flag}` as const);
  const query = useInfiniteQuery(
    askPages('listWorkplaces', {
      query: {
        search: view.search,
        active: text(view.active),
        syncToXero: text(view.sync),
        direction: view.direction,
      },
    }),
  );
  const selection = useSelection();
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const change: Change = (changed) => {
    const next = Object.entries({ ...view, ...changed }).filter(([, value]) => value !== undefined);
    void navigate({ to: '/workplaces', search: Object.fromEntries(next), replace: true });
    selection.clear();
  };
  const isNarrowed = [view.search, view.active, view.sync].some((value) => value !== undefined);
  return (
    <Page
      title="Workplaces"
      actions={
        <>
          {rows.length > 0 && (
            <BulkRuns who="workplace" filter={filterOf(view)} isNarrowed={isNarrowed} />
          )}
          <AddButton />
        </>
      }
    >
      <Group gap="sm" align="flex-end">
        <SearchBox
          search={view.search}
          placeholder="Name, number, business number or e-mail"
          onChange={(search) => change({ search })}
        />
        <FlagSelect
          label="Active"
          words={['Active only', 'Inactive only']}
          value={view.active}
          onChange={(active) => change({ active })}
        />
        <FlagSelect
          label="Sync to Xero"
          words={['Sync on', 'Sync off']}
          value={view.sync}
          onChange={(sync) => change({ sync })}
        />
      </Group>
      <BulkBar
        kind="workplace"
        selection={selection}
        rows={rows}
        selectMatching={selectMatching(query, selection, MANY_MAX)}
      />
      <Paper>
        <Paged
          query={query}
          noun="workplaces"
          empty={isNarrowed ? <NoneFound change={change} /> : <NoneYet />}
        >
          {(items: WorkplaceRow[]) => (
            <Table
              label="Workplaces"
              columns={[...columnsOf(view, change), ...owing]}
              rows={items}
              keyOf={(row) => row.id}
              nameOf={(row) => row.name}
              selection={{
                selected: selection.keys,
                toggle: selection.toggle,
                toggleAll: () => selection.toggleAll(items.map((row) => row.id)),
              }}
            />
          )}
        </Paged>
      </Paper>
    </Page>
  );
}

/** The filters of the view without its order, for what is done with all that match. */
function filterOf({ search, active, sync }: WorkplacesSearch): WorkplaceFilter {
  return {
    ...(search === undefined ? {} : { search }),
    ...(active === undefined ? {} : { active }),
    ...(sync === undefined ? {} : { syncToXero: sync }),
  };
}

function columnsOf(view: WorkplacesSearch, change: Change): Column<WorkplaceRow>[] {
  const direction = view.direction ?? 'asc';
  const toggle = () => change({ direction: direction === 'asc' ? 'desc' : undefined });
  return [
    { head: 'Name', sort: { direction, toggle }, cell: (row) => <Name row={row} /> },
    { head: 'Number', cell: (row) => <span className="figures">{row.workplaceNumber}</span> },
    { head: 'E-mail', isMinor: true, cell: (row) => row.email },
    {
      head: 'Learners',
      align: 'right',
      cell: (row) => <span className="figures">{row.learners}</span>,
    },
    { head: 'Xero', cell: (row) => <Standing row={row} /> },
  ];
}

function Name({ row }: { row: WorkplaceRow }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <TextLink {...paths.workplace(row.id)} fw={550}>
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

function Standing({ row }: { row: WorkplaceRow }) {
  if (!row.syncToXero) return <StateBadge look={standingLooks.off} />;
  if (row.standing) return <StateBadge look={standingLooks[row.standing]} />;
  return (
    <Text span size="sm" c="dimmed">
      Sync on, not connected
    </Text>
  );
}

function AddButton() {
  const navigate = useNavigate();
  const may = useMay('workplaces.edit');
  return (
    <GuardedButton
      reason={may.reason}
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate(paths.addWorkplace)}
    >
      Add workplace
    </GuardedButton>
  );
}

function NoneYet() {
  return (
    <Empty
      icon={IconBuildingFactory2}
      title="No workplaces yet"
      text="Employers, and others who pay for learners, stand here with what they owe."
    >
      <AddButton />
    </Empty>
  );
}

function NoneFound({ change }: { change: Change }) {
  const clear = () => change({ search: undefined, active: undefined, sync: undefined });
  return (
    <Empty
      icon={IconSearchOff}
      title="No workplace fits"
      text="Words are matched from their beginning against names, numbers and e-mails."
    >
      <Button variant="default" onClick={clear}>
        Clear search and filters
      </Button>
    </Empty>
  );
}
