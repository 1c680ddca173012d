import { Button, Text } from '@mantine/core';
import type { Security, SessionRow } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { type Column, Table } from '../../table/table.tsx';
import { momentText } from '../../util/dates.ts';
import { SecurityCard } from './SecurityCard.tsx';

const factorWords = {
  totp: 'Authenticator app',
  recovery: 'Recovery code',
  passkey: 'Passkey',
} as const;

const columns: Column<SessionRow>[] = [
  {
    head: 'Program',
    cell: (session) => (
      <>
        {session.agent}
        {session.isThis && (
          <Text span size="sm" c="dimmed">
            {' '}
            this one
          </Text>
        )}
      </>
    ),
  },
  {
    head: 'Second factor',
    cell: ({ secondFactor }) => (secondFactor ? factorWords[secondFactor] : 'None'),
  },
  {
    head: 'Signed in',
    cell: ({ createdAt }) => <span className="figures">{momentText(createdAt)}</span>,
  },
  { head: 'Actions', align: 'right', cell: (session) => <EndSession session={session} /> },
];

/** Where one is signed in, and the way to end it there. */
export function SessionsCard({ security: { sessions } }: { security: Security }) {
  const endOthers = useAction('endOtherSessions', {
    onDone: () => toastDone('You are signed out everywhere else.'),
  });
  return (
    <SecurityCard
      title="Where you are signed in"
      text="End what you do not know, then change your password."
      actions={
        sessions.length > 1 && (
          <Button
            variant="default"
            loading={endOthers.isPending}
            onClick={() => endOthers.mutate({})}
          >
            Sign out everywhere else
          </Button>
        )
      }
    >
      <Table label="Sessions" columns={columns} rows={sessions} keyOf={({ id }) => id} />
    </SecurityCard>
  );
}

function EndSession({ session }: { session: SessionRow }) {
  const end = useAction('endSession', { onDone: () => toastDone('That session has ended.') });
  if (session.isThis) return null;
  return (
    <Button
      variant="outline"
      color="brick"
      size="compact-sm"
      aria-label={`End the session of ${session.agent}`}
      loading={end.isPending}
      onClick={() => end.mutate({ params: { sessionId: session.id } })}
    >
      End
    </Button>
  );
}
