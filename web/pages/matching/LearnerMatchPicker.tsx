import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAction } from '../../api/actions.ts';
import { ask, type GivenOf } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { CandidateChoice } from './CandidateChoice.tsx';
import { PickContact } from './PickContact.tsx';

type Said = Omit<GivenOf<'decideLearnerMatch'>['body'], 'xeroOrgId'>;

/** On the page of an undecided learner: who could be meant in Xero, and a person's word on it. */
export function LearnerMatchPicker(props: { learnerId: string; learnerName: string }) {
  const { learnerId } = props;
  const may = useMay('learners.sync');
  const [isSearching, setIsSearching] = useState(false);
  const params = { learnerId };
  const match = useQuery({ ...ask('learnerMatch', { params }), enabled: may.allowed });
  const decide = useAction('decideLearnerMatch');
  const open = match.data?.open;
  if (match.error && !match.data) {
    return <ProblemAlert error={match.error} retry={() => match.refetch()} />;
  }
  if (may.allowed && !open) return null;
  const say = (said: Said) => {
    if (open) decide.mutate({ params, body: { xeroOrgId: open.xeroOrgId, ...said } });
  };
  return (
    <Stack gap="md">
      {open?.candidates.map((candidate) => (
        <CandidateChoice
          key={candidate.contact.contactId}
          candidate={candidate}
          isBusy={decide.isPending}
          onLink={(replaceCode) =>
            say({ decision: 'link', contactId: candidate.contact.contactId, replaceCode })
          }
        />
      ))}
      {open?.candidates.length === 0 && (
        <Text size="sm">No contact in Xero is like this learner by now.</Text>
      )}
      <Group gap="xs">
        <GuardedButton
          variant="default"
          reason={may.reason}
          loading={decide.isPending}
          onClick={() => say({ decision: 'create' })}
        >
          Create a new contact
        </GuardedButton>
        {open && (
          <Button variant="default" onClick={() => setIsSearching(true)}>
            Find another contact
          </Button>
        )}
      </Group>
      {open && isSearching && (
        <PickContact
          connectionId={open.connectionId}
          learnerName={props.learnerName}
          onClose={() => setIsSearching(false)}
          onPick={({ contactId }, replaceCode) => {
            setIsSearching(false);
            say({ decision: 'link', contactId, replaceCode });
          }}
        />
      )}
    </Stack>
  );
}
