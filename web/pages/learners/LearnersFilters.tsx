import { CloseButton, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LEARNER_SORTS } from '#contract/learners';
import { ask } from '../../api/queries.ts';
import type { LearnersSearch } from '../../util/search.ts';

interface FiltersProps {
  view: LearnersSearch;
  change: (changed: LearnersChange) => void;
}

/** A change of the view; undefined takes a filter away. */
export type LearnersChange = { [K in keyof LearnersSearch]?: LearnersSearch[K] | undefined };

const TYPING_PAUSE_MS = 200;

/** Search as you type, three filters and the order. */
export function LearnersFilters({ view, change }: FiltersProps) {
  return (
    <Group gap="sm" align="flex-end">
      <SearchBox view={view} change={change} />
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
      <FlagSelect
        label="Balance"
        words={['Something owing', 'Nothing owing']}
        value={view.owing}
        onChange={(owing) => change({ owing })}
      />
      <CampusSelect view={view} change={change} />
      <OrderSelect view={view} change={change} />
    </Group>
  );
}

function SearchBox({ view, change }: FiltersProps) {
  const [words, setWords] = useState(view.search ?? '');
  const search = useDebouncedCallback(
    (typed: string) => change({ search: typed.trim() || undefined }),
    TYPING_PAUSE_MS,
  );
  // Clearing the filters elsewhere empties the box too.
  useEffect(() => {
    if (view.search === undefined) setWords((typed) => (typed.trim() === '' ? typed : ''));
  }, [view.search]);
  const type = (typed: string) => {
    setWords(typed);
    search(typed);
  };
  return (
    <TextInput
      label="Search"
      type="search"
      placeholder="Name, number, e-mail or your own code"
      value={words}
      maxLength={200}
      onChange={(event) => type(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={words && <CloseButton aria-label="Clear search" onClick={() => type('')} />}
      style={{ flex: '2 1 260px' }}
    />
  );
}

interface FlagSelectProps {
  label: string;
  words: [yes: string, no: string];
  value: boolean | undefined;
  onChange: (value: boolean | undefined) => void;
}

function FlagSelect({ label, words, value, onChange }: FlagSelectProps) {
  return (
    <Select
      label={label}
      data={[
        { value: 'all', label: 'All' },
        { value: 'true', label: words[0] },
        { value: 'false', label: words[1] },
      ]}
      value={value === undefined ? 'all' : String(value)}
      onChange={(chosen) => onChange(chosen === 'all' ? undefined : chosen === 'true')}
      allowDeselect={false}
      style={{ flex: '1 1 130px' }}
      maw={{ sm: 180 }}
    />
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
