import { Button, Group, List, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { displayName, type Learner } from '#contract/learners';
import { UNDO_MERGE_DAYS } from '#contract/merges';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { dateText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { LearnerFinder } from './LearnerFinder.tsx';

interface MergeLearnerProps {
  learner: Learner;
  onClose: () => void;
}

/** Finds the other record of the same person, then merges the two into one. */
export function MergeLearner({ learner, onClose }: MergeLearnerProps) {
  const [otherId, setOtherId] = useState<string | null>(null);
  return (
    <Dialog isOpen onClose={onClose} title="Merge with another learner" size="lg" isHigh>
      {otherId === null ? (
        <Stack gap="sm">
          <Text size="sm">
            For a person who is here twice. Find their other record; nothing is changed yet.
          </Text>
          <LearnerFinder onPick={setOtherId} onClose={onClose} except={learner.id} />
        </Stack>
      ) : (
        <Compare learner={learner} otherId={otherId} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Compare({ learner, otherId, onClose }: MergeLearnerProps & { otherId: string }) {
  const other = useQuery(ask('getLearner', { params: { learnerId: otherId } }));
  if (other.data) return <Decide both={[learner, other.data]} onClose={onClose} />;
  return other.error ? <ProblemAlert error={other.error} /> : <Loading rows={3} />;
}

function Decide({ both, onClose }: { both: readonly [Learner, Learner]; onClose: () => void }) {
  const navigate = useNavigate();
  const [first, second] = both;
  const [keptId, setKeptId] = useState<string>(betterOf(first, second).id);
  const kept = keptId === first.id ? first : second;
  const merged = kept === first ? second : first;
  const merge = useAction('mergeLearners', {
    failure: 'inline',
    onDone: (saved) => {
      onClose();
      toastDone(`${displayName(merged)} was merged into ${displayName(saved)}.`);
      void navigate(paths.learner(saved.id));
    },
  });
  const start = () =>
    merge.mutate({
      params: { learnerId: kept.id },
      body: {
        otherLearnerId: merged.id,
        revision: kept.revision,
        otherRevision: merged.revision,
      },
    });
  return (
    <Stack>
      <Radio.Group value={keptId} onChange={setKeptId} label="Which record stays?">
        <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs">
          {both.map((one) => (
            <Choice key={one.id} learner={one} />
          ))}
        </SimpleGrid>
      </Radio.Group>
      <List size="sm" spacing={4}>
        <List.Item>
          What only {displayName(merged)} ({merged.learnerNumber}) has filled in is taken over; what
          both say stays as {kept.learnerNumber} has it.
        </List.Item>
        <List.Item>Invoices, payments and credit of both stand on the record that stays.</List.Item>
        <List.Item>
          If both are in Xero, the two contacts stay there: the profile says which ones to merge.
        </List.Item>
        <List.Item>This can be undone for {UNDO_MERGE_DAYS} days.</List.Item>
      </List>
      {merge.error && <ProblemAlert error={merge.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={merge.isPending} onClick={start}>
          Merge into {kept.learnerNumber}
        </Button>
      </Group>
    </Stack>
  );
}

/** One that is in Xero stays rather than one that is not; else the one that was changed last. */
function betterOf(one: Learner, other: Learner): Learner {
  if (one.syncToXero !== other.syncToXero) return one.syncToXero ? one : other;
  return one.updatedAt >= other.updatedAt ? one : other;
}

function Choice({ learner }: { learner: Learner }) {
  const facts = [
    learner.dateOfBirth && `Born ${dateText(learner.dateOfBirth)}`,
    learner.email,
    learner.phoneMobile,
    learner.refExternal && `Your code ${learner.refExternal}`,
    `Sync to Xero ${learner.syncToXero ? 'on' : 'off'}`,
  ];
  return (
    <Radio.Card value={learner.id} p="md" radius="md" aria-label={`Keep ${learner.learnerNumber}`}>
      <Group wrap="nowrap" align="flex-start">
        <Radio.Indicator />
        <div>
          <Text fw={600}>{displayName(learner)}</Text>
          <Text size="sm" className="figures">
            {learner.learnerNumber}
          </Text>
          {facts.filter(Boolean).map((fact) => (
            <Text key={fact} size="sm" style={{ overflowWrap: 'anywhere' }}>
              {fact}
            </Text>
          ))}
        </div>
      </Group>
    </Radio.Card>
  );
}
