import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { LearnerMatch } from '#contract/matching';
import { useMay } from '../../api/may.ts';
import type { GivenOf } from '../../api/queries.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { CandidateChoice } from './CandidateChoice.tsx';
import { PickContact } from './PickContact.tsx';

type Body = GivenOf<'decideLearnerMatch'>['body'];
type Said = Omit<Body, 'xeroOrgId'>;

interface MatchPickerProps {
  who: 'learner' | 'workplace';
  name: string;
  permission: 'learners.sync' | 'workplaces.sync';
  match: {
    data?: Pick<LearnerMatch, 'open'> | undefined;
    error: unknown;
    refetch: () => unknown;
  };
  isBusy: boolean;
  decide: (body: Body) => void;
}

/** On the page of an undecided one: who could be meant in Xero, and a person's word on it. */
export function MatchPicker(props: MatchPickerProps) {
  const { who, name, permission, match, isBusy, decide } = props;
  const may = useMay(permission);
  const [isSearching, setIsSearching] = useState(false);
  const open = match.data?.open;
  if (match.error && !match.data) {
    return <ProblemAlert error={match.error} retry={() => match.refetch()} />;
  }
  if (may.allowed && !open) return null;
  const say = (said: Said) => {
    if (open) decide({ xeroOrgId: open.xeroOrgId, ...said });
  };
  return (
    <Stack gap="md">
      {open?.candidates.map((candidate) => (
        <CandidateChoice
          key={candidate.contact.contactId}
          candidate={candidate}
          isBusy={isBusy}
          onLink={(replaceCode) =>
            say({ decision: 'link', contactId: candidate.contact.contactId, replaceCode })
          }
        />
      ))}
      {open?.candidates.length === 0 && (
        <Text size="sm">No contact in Xero is like this {who} by now.</Text>
      )}
      <Group gap="xs">
        <GuardedButton
          variant="default"
          reason={may.reason}
          loading={isBusy}
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
          learnerName={name}
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
