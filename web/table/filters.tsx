import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { SOUGHT_MAX } from '#contract/text';
import { Select } from '../ui/select.tsx';

const TYPING_PAUSE_MS = 200;

interface SearchBoxProps {
  search: string | undefined;
  placeholder: string;
  onChange: (search: string | undefined) => void;
}

/** Searches as one types. */
export function SearchBox({ search, placeholder, onChange }: SearchBoxProps) {
  const [words, setWords] = useState(search ?? '');
  const settle = useDebouncedCallback(
    (typed: string) => onChange(typed.trim() || undefined),
    TYPING_PAUSE_MS,
  );
  // Clearing the filters elsewhere empties the box too.
  useEffect(() => {
    if (search === undefined) setWords((typed) => (typed.trim() === '' ? typed : ''));
  }, [search]);
  const type = (typed: string) => {
    setWords(typed);
    settle(typed);
  };
  return (
    <TextInput
      label="Search"
      type="search"
      placeholder={placeholder}
      value={words}
      maxLength={SOUGHT_MAX}
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

/** A filter of three: all, those that have it, those that have it not. */
export function FlagSelect({ label, words, value, onChange }: FlagSelectProps) {
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
