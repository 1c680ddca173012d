import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { INVITATION_ATTEMPTS_MAX, INVITATION_DAYS } from '#contract/connect-invitations';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { type AnswerOf, ask } from '../../api/queries.ts';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { invitationLooks } from './invitation-looks.ts';
import { MakeColleagueLink } from './MakeColleagueLink.tsx';
import { outcomeWords } from './outcome-words.ts';

type Invitation = AnswerOf<'listConnectInvitations'>['invitations'][number];

/** How the sentence goes on about those who use a link. */
const whoMayUse: Record<AnswerOf<'listConnectInvitations'>['openTo'], string> = {
  members: ', and to Bursar before: here such links are for people of this provider alone.',
  anybody: ' and need no account in Bursar.',
};

/** Links by which somebody else connects with their own Xero sign-in, and what came of each. */
export function ColleagueLinks({ another }: { another: boolean }) {
  const may = useMay('connections.manage');
  const links = useQuery({ ...ask('listConnectInvitations'), enabled: may.allowed });
  if (!may.allowed) return null;
  const invitations = links.data?.invitations ?? [];
  return (
    <Paper p="lg" component="section" aria-label="Links for colleagues">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Stack gap={4} style={{ flex: '1 1 320px' }}>
            <Title order={3}>Somebody else has the Xero sign-in?</Title>
            <Text size="sm" maw={640}>
              Make a link for them. It works for {INVITATION_DAYS} days and for one connection; they
              sign in to Xero as themselves
              {links.data ? whoMayUse[links.data.openTo] : '.'}
            </Text>
          </Stack>
          <MakeColleagueLink another={another} />
        </Group>
        {links.error && !links.data && (
          <ProblemAlert error={links.error} retry={() => links.refetch()} />
        )}
        {invitations.map((invitation) => (
          <LinkRow key={invitation.id} invitation={invitation} />
        ))}
      </Stack>
    </Paper>
  );
}

function LinkRow({ invitation }: { invitation: Invitation }) {
  const { askedBy, sentTo, createdAt, expiresAt, attempts, state } = invitation;
  const lines = [
    `Made by ${askedBy} on ${momentText(createdAt)}${sentTo ? `, with a mail to ${sentTo}` : ''}.`,
    state === 'open' && `Works until ${momentText(expiresAt)}.`,
    attempts > 0 && `Tried ${attempts} of ${INVITATION_ATTEMPTS_MAX} times.`,
    lastTry(invitation),
  ].filter((line) => typeof line === 'string');
  return (
    <Group
      justify="space-between"
      align="flex-start"
      pt="sm"
      role="group"
      aria-label={`Link of ${momentText(createdAt)}`}
      style={{ borderTop: '1px solid var(--bursar-line)' }}
    >
      <Group gap="sm" align="flex-start" style={{ flex: '1 1 320px' }}>
        <StateBadge look={invitationLooks[state]} />
        <Text size="sm" style={{ flex: 1 }}>
          {lines.join(' ')}
        </Text>
      </Group>
      {state === 'open' && <Revoke invitation={invitation} />}
    </Group>
  );
}

function lastTry({ lastOutcome, lastPerson }: Invitation): string | null {
  if (lastOutcome === null) return null;
  const who = lastPerson ? `${lastPerson} (signed in to Xero)` : 'Somebody';
  return lastOutcome === 'connected' || lastOutcome === 'choose'
    ? `Used by ${who}.`
    : `Last try by ${who}: ${outcomeWords(lastOutcome).title}.`;
}

function Revoke({ invitation }: { invitation: Invitation }) {
  const revoke = useAction('revokeConnectInvitation', {
    onDone: () => toastDone('The link no longer works.'),
  });
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      loading={revoke.isPending}
      onClick={() =>
        confirm({
          title: 'Take this link back?',
          text: 'Whoever has it can no longer connect with it, also if they are at Xero just now.',
          yes: 'Take it back',
          onYes: () => revoke.mutate({ params: { invitationId: invitation.id } }),
        })
      }
    >
      Take back
    </Button>
  );
}
