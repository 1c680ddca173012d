import { Button, Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { MemberInvitation } from '#contract/people';
import { roleNames } from '#contract/permissions';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { type Column, Table } from '../../table/table.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';

const columns: Column<MemberInvitation>[] = [
  { head: 'E-mail', cell: ({ email }) => email },
  { head: 'Role', cell: ({ role }) => roleNames[role] },
  { head: 'Invited by', cell: ({ invitedBy }) => invitedBy },
  {
    head: 'Valid until',
    cell: ({ expiresAt, hasEnded }) => (
      <>
        <span className="figures">{momentText(expiresAt)}</span>
        {hasEnded && (
          <Text span size="sm" c="dimmed">
            {' '}
            ended
          </Text>
        )}
      </>
    ),
  },
  { head: 'Actions', align: 'right', cell: (invitation) => <TakeBack invitation={invitation} /> },
];

/** Invitations that nobody has accepted yet; nothing while there are none. */
export function InvitationsTable() {
  const invitations = useQuery(ask('listInvitations'));
  if (invitations.error) {
    return <ProblemAlert error={invitations.error} retry={() => invitations.refetch()} />;
  }
  if (!invitations.data || invitations.data.items.length === 0) return null;
  return (
    <>
      <Title order={2}>Invited</Title>
      <Paper>
        <Table
          label="Invitations"
          columns={columns}
          rows={invitations.data.items}
          keyOf={({ id }) => id}
        />
      </Paper>
    </>
  );
}

function TakeBack({ invitation }: { invitation: MemberInvitation }) {
  const revoke = useAction('revokeMemberInvitation', {
    onDone: () => toastDone(`The invitation of ${invitation.email} is taken back.`),
  });
  return (
    <Button
      variant="outline"
      color="brick"
      size="compact-sm"
      aria-label={`Take back the invitation of ${invitation.email}`}
      loading={revoke.isPending}
      onClick={() => revoke.mutate({ params: { memberInvitationId: invitation.id } })}
    >
      Take back
    </Button>
  );
}
