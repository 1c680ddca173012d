import { Alert, Button, Group, List, Paper, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { LearnerRow } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import type { AnswerOf } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import type { Selected } from '../../table/use-selection.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';

type Result = AnswerOf<'setManyLearnerSync'>;

/** The server takes so many at once. */
export const MANY_MAX = 500;

interface BulkBarProps {
  selection: Selected;
  rows: LearnerRow[];
  /** Loads and ticks all that match, as many as can be changed at once; null when all are shown. */
  selectMatching: (() => Promise<void>) | null;
}

/** What can be done with the ticked learners; afterwards, those who were not ready and why. */
export function LearnersBulkBar({ selection, rows, selectMatching }: BulkBarProps) {
  const [refused, setRefused] = useState<Result['refused']>([]);
  const may = useMay('learners.sync');
  const chosen = [...selection.keys];
  const sync = useAction('setManyLearnerSync', {
    onDone: (result, { body }) => {
      setRefused(result.refused);
      selection.clear();
      toastDone(resultText(result, body.syncToXero), undoOf(body, rows, sync.mutate));
    },
  });
  const tooMany =
    chosen.length > MANY_MAX ? `At most ${MANY_MAX} learners at once; untick some.` : null;
  const set = (syncToXero: boolean) => sync.mutate({ body: { learnerIds: chosen, syncToXero } });
  if (refused.length === 0 && chosen.length === 0) return null;
  return (
    <Stack gap="sm">
      {refused.length > 0 && <Refused refused={refused} close={() => setRefused([])} />}
      {chosen.length > 0 && (
        <Paper px="md" py="xs" bg="var(--mantine-color-petrol-light)">
          <Group justify="space-between">
            <Text fw={550} role="status">
              {chosen.length} {chosen.length === 1 ? 'learner' : 'learners'} selected
            </Text>
            <Group gap="xs">
              <GuardedButton
                reason={may.reason ?? tooMany}
                loading={sync.isPending}
                onClick={() => set(true)}
              >
                Turn Sync to Xero on
              </GuardedButton>
              <GuardedButton
                variant="default"
                reason={may.reason ?? tooMany}
                disabled={sync.isPending}
                onClick={() => set(false)}
              >
                Turn it off
              </GuardedButton>
              {selectMatching && <SelectMatching run={selectMatching} />}
              <Button variant="subtle" onClick={selection.clear}>
                Clear selection
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
    </Stack>
  );
}

function SelectMatching({ run }: { run: () => Promise<void> }) {
  const [isRunning, setRunning] = useState(false);
  const start = async () => {
    setRunning(true);
    await run();
    setRunning(false);
  };
  return (
    <Button variant="subtle" loading={isRunning} onClick={start}>
      Select all that match, up to {MANY_MAX}
    </Button>
  );
}

function resultText(result: Result, isOn: boolean): string {
  const parts = [`Sync to Xero turned ${isOn ? 'on' : 'off'} for ${countOf(result.changed)}.`];
  if (result.unchanged > 0) parts.push(`${countOf(result.unchanged)} had it so already.`);
  if (result.refused.length > 0) parts.push(`${countOf(result.refused.length)} not ready yet.`);
  return parts.join(' ');
}

function countOf(count: number): string {
  return count === 1 ? '1 learner' : `${count} learners`;
}

type Body = { learnerIds: string[]; syncToXero: boolean };

/** Takes the change back for those alone who had it otherwise before. */
function undoOf(body: Body, before: LearnerRow[], act: (given: { body: Body }) => void) {
  const ids = new Set<string>(body.learnerIds);
  const changed = before.filter((row) => ids.has(row.id) && row.syncToXero !== body.syncToXero);
  if (changed.length === 0) return undefined;
  return () =>
    act({ body: { learnerIds: changed.map((row) => row.id), syncToXero: !body.syncToXero } });
}

function Refused({ refused, close }: { refused: Result['refused']; close: () => void }) {
  return (
    <Alert
      color="amber"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${countOf(refused.length)} can’t be put into Xero yet`}
      withCloseButton
      closeButtonLabel="Close list"
      onClose={close}
    >
      <Text size="sm" mb="xs">
        Fill in what is missing, then turn Sync to Xero on for them.
      </Text>
      <List size="sm">
        {refused.map(({ learnerId, name, gaps }) => (
          <List.Item key={learnerId}>
            <TextLink {...paths.editLearner(learnerId)} underline="always">
              {name}
            </TextLink>
            : {gaps.map((gap) => gap.message).join(' ')}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
