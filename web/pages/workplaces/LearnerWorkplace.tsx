import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Learner } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';

/** Where the learner works, and a way to say so. */
export function LearnerWorkplace({ learner }: { learner: Learner }) {
  const may = useMay('learners.edit');
  const params = { learnerId: learner.id };
  const known = useQuery(ask('learnerWorkplace', { params }));
  const [isChoosing, setIsChoosing] = useState(false);
  const set = useAction('setLearnerWorkplace', {
    onDone: ({ workplace }) =>
      toastDone(workplace ? `Works at ${workplace.name}.` : 'No workplace any more.'),
  });
  if (known.error && !known.data) {
    return <ProblemAlert error={known.error} retry={() => known.refetch()} />;
  }
  if (!known.data) return <Loading rows={1} />;
  const { workplace } = known.data;
  const put = (workplaceId: string | null) => {
    setIsChoosing(false);
    set.mutate({ params, body: { workplaceId } });
  };
  return (
    <Group gap="md">
      {workplace ? (
        <TextLink {...paths.workplace(workplace.workplaceId)}>{workplace.name}</TextLink>
      ) : (
        <Text c="dimmed">None known</Text>
      )}
      <GuardedButton
        variant="default"
        size="xs"
        reason={may.reason}
        loading={set.isPending}
        onClick={() => setIsChoosing(true)}
      >
        {workplace ? 'Change workplace' : 'Choose workplace'}
      </GuardedButton>
      {workplace && (
        <GuardedButton
          variant="default"
          size="xs"
          reason={may.reason}
          loading={set.isPending}
          onClick={() => put(null)}
        >
          Take away
        </GuardedButton>
      )}
      {isChoosing && <Choose onClose={() => setIsChoosing(false)} onPick={put} />}
    </Group>
  );
}

const TYPING_PAUSE_MS = 150;
const FOUND_MAX = 20;

interface ChooseProps {
  onClose: () => void;
  onPick: (workplaceId: string) => void;
}

function Choose({ onClose, onPick }: ChooseProps) {
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [search] = useDebouncedValue(words.trim(), TYPING_PAUSE_MS);
  const found = useQuery(
    ask('listWorkplaces', { query: { search, active: 'true', limit: FOUND_MAX } }),
  );
  const options = (found.data?.items ?? []).map((row) => ({
    value: row.id,
    label: `${row.name} (${row.workplaceNumber})`,
  }));
  return (
    <Dialog isOpen title="Where does this learner work?" onClose={onClose}>
      <Stack>
        <Select
          data-autofocus
          label="Workplace"
          placeholder="Type a few letters"
          searchable
          data={options}
          value={chosen}
          onChange={setChosen}
          onSearchChange={setWords}
          // The server has searched already, in more than the name.
          filter={({ options: all }) => all}
          nothingFoundMessage={nothingFound(found)}
          comboboxProps={{ withinPortal: true }}
        />
        {found.error && !found.data && (
          <ProblemAlert error={found.error} retry={() => found.refetch()} />
        )}
        <Group>
          <Button disabled={chosen === null} onClick={() => chosen !== null && onPick(chosen)}>
            Choose
          </Button>
          <TextLink {...paths.addWorkplace} size="sm">
            Add a workplace
          </TextLink>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Null while the dialog says that the search failed. */
function nothingFound({ isSuccess, isError }: { isSuccess: boolean; isError: boolean }) {
  if (isError) return null;
  return isSuccess ? 'No workplace begins with these words' : 'Looking…';
}
