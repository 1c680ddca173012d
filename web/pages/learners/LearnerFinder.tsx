import { Combobox, ScrollArea, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LearnerRow } from '#contract/learners';
import { SOUGHT_MAX } from '#contract/text';
import { ask } from '../../api/queries.ts';
import { ProblemAlert } from '../../ui/problem.tsx';

const TYPING_PAUSE_MS = 150;
const FOUND_MAX = 8;

interface LearnerFinderProps {
  onPick: (learnerId: string) => void;
  /** Escape was pressed. */
  onClose: () => void;
  /** Who is not to be found: the one it is about. */
  except?: string;
}

/** Finds a learner by a few letters; Enter takes the first. */
export function LearnerFinder({ onPick, onClose, except }: LearnerFinderProps) {
  const [words, setWords] = useState('');
  const [search] = useDebouncedValue(words.trim(), TYPING_PAUSE_MS);
  const found = useQuery({
    ...ask('listLearners', { query: { search, limit: FOUND_MAX } }),
    enabled: search !== '',
  });
  const all = search === '' ? [] : (found.data?.items ?? []);
  const learners = all.filter((learner) => learner.id !== except);
  // The list takes Escape for itself; here it closes the window.
  const list = useCombobox({ opened: true, onDropdownClose: onClose });
  // What is found stands ready for Enter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list itself changes at each drawing
  useEffect(() => {
    list.selectFirstOption();
  }, [found.data]);
  return (
    <>
      <Combobox store={list} onOptionSubmit={onPick} withinPortal={false}>
        <Combobox.EventsTarget>
          <TextInput
            data-autofocus
            type="search"
            aria-label="Name, number or e-mail"
            placeholder="Name, number or e-mail"
            size="md"
            leftSection={<IconSearch size={18} aria-hidden />}
            value={words}
            maxLength={SOUGHT_MAX}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        </Combobox.EventsTarget>
        <ScrollArea.Autosize mah="50dvh" mt="sm">
          <Combobox.Options aria-label="Learners found">
            {learners.map((learner) => (
              <FoundOption key={learner.id} learner={learner} />
            ))}
          </Combobox.Options>
        </ScrollArea.Autosize>
      </Combobox>
      {found.error && !found.data ? (
        <ProblemAlert error={found.error} retry={() => found.refetch()} />
      ) : (
        <Text size="sm" c="dimmed" role="status" mt="xs">
          {statusText(search, found.isSuccess, learners.length)}
        </Text>
      )}
    </>
  );
}

function FoundOption({ learner }: { learner: LearnerRow }) {
  return (
    <Combobox.Option value={learner.id} py="xs">
      <Text fw={550}>{learner.name}</Text>
      <Text size="sm" className="figures">
        {[learner.learnerNumber, learner.email].filter(Boolean).join(' · ')}
      </Text>
    </Combobox.Option>
  );
}

function statusText(search: string, isAnswered: boolean, count: number): string {
  if (search === '') return 'Type a few letters; Enter takes the first.';
  if (!isAnswered) return 'Looking…';
  if (count === 0) return 'No learner begins with these words.';
  return count === FOUND_MAX ? `The first ${FOUND_MAX}; type more to narrow it.` : '';
}
