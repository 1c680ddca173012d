import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { LEARNER_SORTS } from '#contract/learners';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { FlagSelect, SearchBox } from '../../table/filters.tsx';
import { Select } from '../../ui/select.tsx';
import type { LearnersSearch } from '../../util/search.ts';

interface FiltersProps {
  view: LearnersSearch;
  change: (changed: LearnersChange) => void;
}

/** A change of the view; undefined takes a filter away. */
export type LearnersChange = { [K in keyof LearnersSearch]?: LearnersSearch[K] | undefined };

/** Search as you type, the filters and the order; who owes something, for those who may see papers. */
export function LearnersFilters({ view, change }: FiltersProps) {
  const maySeePapers = useMay('documents.view').allowed;
  return (
    <Group gap="sm" align="flex-end">
      <SearchBox
        search={view.search}
        placeholder="Name, number, e-mail or your own code"
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
      {maySeePapers && (
        <FlagSelect
          label="Balance"
          words={['Something owing', 'Nothing owing']}
          value={view.owing}
          onChange={(owing) => change({ owing })}
        />
      )}
      <CampusSelect view={view} change={change} />
      <OrderSelect view={view} change={change} />
    </Group>
  );
}

/** Shown once learners have campuses. */
function CampusSelect({ view, change }: FiltersProps) {
  const rules = useQuery(ask('getOrganisationRules'));
  const campuses = rules.data?.campuses.map(({ campus }) => campus) ?? [];
  const chosen = view.campus;
  if (campuses.length === 0 && chosen === undefined) return null;
  const all = chosen === undefined || campuses.includes(chosen) ? campuses : [chosen, ...campuses];
  return (
    <Select
      label="Campus"
      data={[
        { value: '', label: 'All' },
        ...all.map((campus) => ({ value: campus, label: campus })),
      ]}
      value={chosen ?? ''}
      onChange={(campus) => change({ campus: campus || undefined })}
      allowDeselect={false}
      style={{ flex: '1 1 130px' }}
      maw={{ sm: 180 }}
    />
  );
}

type Sort = (typeof LEARNER_SORTS)[number];
const orders: { value: `${Sort} ${'asc' | 'desc'}`; label: string }[] = [
  { value: 'name asc', label: 'Name, A to Z' },
  { value: 'name desc', label: 'Name, Z to A' },
  { value: 'learnerNumber asc', label: 'Number, low to high' },
  { value: 'learnerNumber desc', label: 'Number, high to low' },
  { value: 'createdAt desc', label: 'Newest first' },
  { value: 'createdAt asc', label: 'Oldest first' },
];

function OrderSelect({ view, change }: FiltersProps) {
  return (
    <Select
      label="Order"
      data={orders}
      value={`${view.sort ?? 'name'} ${view.direction ?? 'asc'}`}
      onChange={(chosen) => {
        const [sort, direction] = (chosen ?? 'name asc').split(' ') as [Sort, 'asc' | 'desc'];
        change({ sort, direction });
      }}
      allowDeselect={false}
      style={{ flex: '1 1 160px' }}
      maw={{ sm: 200 }}
    />
  );
}
