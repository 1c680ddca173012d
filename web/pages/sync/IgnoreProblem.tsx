import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { InboxProblem } from '#contract/inbox';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';

/** Puts a problem aside with a note, until its cause changes. */
export function IgnoreProblem({ problem }: { problem: InboxProblem }) {
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const may = useMay('learners.sync');
  const bringBack = useAction('unignoreProblem');
  // Those put aside before stay aside; of a problem that is not wholly shown nobody knows which.
  const subjectIds = problem.entries.map((entry) => entry.subjectId);
  const undo =
    problem.count === subjectIds.length
      ? () => bringBack.mutate({ body: { key: problem.key, subjectIds } })
      : undefined;
  const ignore = useAction('ignoreProblem', {
    onDone: () => {
      setOpen(false);
      setNote('');
      toastDone('Put aside.', undo);
    },
  });
  return (
    <>
      <GuardedButton variant="subtle" reason={may.reason} onClick={() => setOpen(true)}>
        Put aside
      </GuardedButton>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Put this problem aside?">
        <Stack>
          <Text size="sm">It comes back by itself when its cause changes.</Text>
          <Textarea
            label="Note"
            description="Why, for those who come after you"
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button
              loading={ignore.isPending}
              onClick={() => ignore.mutate({ body: { key: problem.key, note } })}
            >
              Put aside
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
