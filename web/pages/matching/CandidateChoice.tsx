import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { evidenceTexts, type MatchCandidate, obstacleTexts } from '#contract/matching';
import { ContactLines } from './PersonLines.tsx';
import { ReplaceCode } from './PickContact.tsx';

interface CandidateChoiceProps {
  candidate: MatchCandidate;
  isBusy: boolean;
  onLink: (replaceCode: boolean) => void;
}

/** A contact that may be the learner, with what speaks for it and the button that says so. */
export function CandidateChoice({ candidate, isBusy, onLink }: CandidateChoiceProps) {
  const [replaceCode, setReplaceCode] = useState(false);
  const { contact, obstacle } = candidate;
  const isOutOfReach = obstacle === 'taken' || obstacle === 'erasing';
  return (
    <Stack gap={6}>
      <ContactLines candidate={candidate} />
      <Signs candidate={candidate} />
      {obstacle === 'other-code' && contact.code !== null && (
        <ReplaceCode code={contact.code} checked={replaceCode} onChange={setReplaceCode} />
      )}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isOutOfReach}
          loading={isBusy}
          aria-label={`Link to this one: ${contact.name}`}
          onClick={() => onLink(replaceCode)}
        >
          Link to this one
        </Button>
      </Group>
    </Stack>
  );
}

/** Why a contact may be the learner, and what stands in the way, in words. */
export function Signs({ candidate }: { candidate: MatchCandidate }) {
  const { evidence, obstacle } = candidate;
  const signs = evidence.map((one) => evidenceTexts[one]).join(', ') || 'chosen by hand';
  return (
    <Text size="sm">
      {signs}
      {obstacle !== null && (
        <Text span size="sm" c="dimmed">
          {' '}
          · {obstacleTexts[obstacle]}
        </Text>
      )}
    </Text>
  );
}
