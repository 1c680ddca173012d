import { Button, Group, List, Stack, Text } from '@mantine/core';
import type { Matching } from '#contract/matching';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { contactsText, learnersText } from './matching-words.ts';

interface ApproveMatchesProps {
  connectionId: string;
  matching: Matching;
  onClose: () => void;
}

/** The last look before anything is written: what will happen in Xero, and what will not. */
export function ApproveMatches({ connectionId, matching, onClose }: ApproveMatchesProps) {
  const { outlook, organisationName, version, groups } = matching;
  const unmade = groups.create.total - groups.create.accepted;
  const approve = useAction('approveMatching', {
    failure: 'inline',
    onDone: () => {
      onClose();
      toastDone('Approved. Learners are on their way to Xero.');
    },
  });
  return (
    <Dialog isOpen onClose={onClose} title={`What will be written to ${organisationName}`}>
      <Stack>
        <List>
          {outlook.link > 0 && (
            <List.Item>
              {learnersText(outlook.link)} linked to contacts that are there; the learner number is
              written onto {contactsText(outlook.codesWritten)}. Their invoices come home.
            </List.Item>
          )}
          {outlook.create > 0 && <List.Item>{contactsText(outlook.create)} made anew.</List.Item>}
          {outlook.leftOut > 0 && (
            <List.Item>
              Sync to Xero is turned off for {learnersText(outlook.leftOut)} left out.
            </List.Item>
          )}
          {outlook.undecided > 0 && (
            <List.Item>
              Nothing is sent for {learnersText(outlook.undecided)} not accepted yet; you can decide
              on each one’s page.
            </List.Item>
          )}
        </List>
        {unmade > 0 && (
          <Text size="sm">
            Nobody like {learnersText(unmade)} of them was found in Xero: accept those under Create
            first if contacts are to be made.
          </Text>
        )}
        <Text size="sm" c="dimmed">
          No contact is deleted or merged, and nothing that a contact says already is overwritten.
        </Text>
        {approve.error && <ProblemAlert error={approve.error} takesFocus />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={approve.isPending}
            onClick={() => approve.mutate({ params: { connectionId }, body: { version } })}
          >
            Approve and start
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
