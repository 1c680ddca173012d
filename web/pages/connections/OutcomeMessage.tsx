import { Alert, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { Connection, ConsentOutcome } from '#contract/connections';
import { MakeColleagueLink } from './MakeColleagueLink.tsx';
import { outcomeWords } from './outcome-words.ts';

interface OutcomeMessageProps {
  outcome: ConsentOutcome;
  /** The connection that came of it, once it is known. */
  connection?: Connection | undefined;
  /** Where the message can be put away. */
  close?: () => void;
}

const STAYS_PAUSED =
  'It stays paused, as it was before: nothing flows until somebody resumes it under Manage.';

/** What came of going to Xero: a green message, or what happened and what to do. */
export function OutcomeMessage({ outcome, connection, close }: OutcomeMessageProps) {
  const { isGood, title, way } = outcomeWords(outcome);
  const organisation = connection?.organisation?.name;
  const isPaused = outcome === 'connected' && connection?.state === 'paused';
  const Icon = isGood ? IconCircleCheck : IconAlertTriangle;
  return (
    <Alert
      role={isGood ? 'status' : 'alert'}
      color={isGood ? 'moss' : 'brick'}
      icon={<Icon aria-hidden />}
      title={outcome === 'connected' && organisation ? `${title}: ${organisation}` : title}
      {...(close
        ? { withCloseButton: true, closeButtonLabel: 'Close message', onClose: close }
        : {})}
    >
      <Stack gap="xs">
        <Text size="sm">{isPaused ? STAYS_PAUSED : way}</Text>
        {outcome === 'no-organisation' && <WrongSignIn canMakeLink={close !== undefined} />}
      </Stack>
    </Alert>
  );
}

/** The commonest cause, told as steps; or somebody else does it, with a link. */
function WrongSignIn({ canMakeLink }: { canMakeLink: boolean }) {
  return (
    <>
      <List size="sm" type="ordered">
        <List.Item>Sign out of Xero in this browser.</List.Item>
        <List.Item>Press Connect Xero again.</List.Item>
        <List.Item>Sign in to Xero as the person who may connect the organisation.</List.Item>
      </List>
      {canMakeLink && (
        <Group gap="sm">
          <Text size="sm">Is that a colleague? They can do it in their own browser:</Text>
          <MakeColleagueLink another={false} />
        </Group>
      )}
    </>
  );
}
