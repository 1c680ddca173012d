import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconSearch, IconUser, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ask } from '../../api/queries.ts';
import { paths } from '../../util/paths.ts';

const [store, finder] = createSpotlight();
const TYPING_PAUSE_MS = 150;
const FOUND_MAX = 8;

/** Finds a learner from anywhere: type a few letters, press Enter. */
export function FindLearner({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState('');
  const [search] = useDebouncedValue(words.trim(), TYPING_PAUSE_MS);
  const navigate = useNavigate();
  const found = useQuery({
    ...ask('listLearners', { query: { search, limit: FOUND_MAX } }),
    enabled: search !== '',
  });
  useEffect(() => finder.open(), []);
  const learners = search === '' ? [] : (found.data?.items ?? []);
  return (
    <Spotlight.Root
      store={store}
      query={words}
      onQueryChange={setWords}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
    >
      <Spotlight.Search
        placeholder="Name, number or e-mail"
        aria-label="Find a learner by name, number or e-mail"
        leftSection={<IconSearch size={20} stroke={1.6} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {learners.map((learner) => (
          <Spotlight.Action
            key={learner.id}
            label={learner.name}
            description={[learner.learnerNumber, learner.email].filter(Boolean).join(' · ')}
            leftSection={<IconUser size={20} stroke={1.6} aria-hidden />}
            onClick={() => navigate(paths.learner(learner.id))}
          />
        ))}
        {search === '' && <Spotlight.Empty>Type a name, a number or an e-mail</Spotlight.Empty>}
        {search !== '' && found.isSuccess && learners.length === 0 && (
          <Spotlight.Empty>No learner begins with these words</Spotlight.Empty>
        )}
        <Spotlight.Action
          label="Add a learner"
          leftSection={<IconUserPlus size={20} stroke={1.6} aria-hidden />}
          onClick={() => navigate(paths.addLearner)}
        />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
