import { Anchor, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  PERMISSIONS,
  permissions,
  ROLES,
  type Role,
  roleMay,
  roleNames,
} from '#contract/permissions';
import type { Member } from '#contract/providers';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { useMe } from '../../api/session.ts';
import { InvitePerson } from '../../forms/invite-person.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { SecondFactorHint } from '../../ui/second-factor-hint.tsx';
import { InvitationsTable } from './InvitationsTable.tsx';
import { LeaveProvider, RemoveMember, RoleChoice } from './MemberActions.tsx';

const columns: Column<Member>[] = [
  { head: 'Name', cell: (member) => member.name },
  {
    head: 'E-mail',
    cell: (member) => <Anchor href={`mailto:${member.email}`}>{member.email}</Anchor>,
  },
];
const roleColumn: Column<Member> = { head: 'Role', cell: (member) => roleNames[member.role] };
const managed: Column<Member>[] = [
  { head: 'Role', cell: (member) => <RoleChoice member={member} /> },
  { head: 'Actions', align: 'right', cell: (member) => <RemoveMember member={member} /> },
];

/** Who works here, in which role, and what each role may do. */
export function PeoplePage() {
  const me = useMe();
  const may = useMay('people.manage');
  const members = useQuery(ask('listMembers'));
  const [isInviting, setInviting] = useState(false);
  return (
    <Page
      title="People"
      lead={`Who works for ${me.provider.name} here, and what each may do.`}
      actions={
        <>
          <LeaveProvider providerName={me.provider.name} />
          <GuardedButton reason={may.reason} onClick={() => setInviting(true)}>
            Invite someone
          </GuardedButton>
        </>
      }
    >
      <SecondFactorHint may={may} />
      <Paper>
        {members.error && !members.data && (
          <ProblemAlert error={members.error} retry={() => members.refetch()} />
        )}
        {members.isPending && <Loading rows={4} />}
        {members.data && (
          <Table
            label="People"
            columns={may.allowed ? [...columns, ...managed] : [...columns, roleColumn]}
            rows={members.data.items}
            keyOf={(member) => member.personId}
          />
        )}
      </Paper>
      {may.allowed && <InvitationsTable />}
      {isInviting && <InvitePerson close={() => setInviting(false)} />}
      <Title order={2}>What each role may do</Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        {ROLES.map((role) => (
          <RoleCard key={role} role={role} isMine={role === me.role} />
        ))}
      </SimpleGrid>
    </Page>
  );
}

function RoleCard({ role, isMine }: { role: Role; isMine: boolean }) {
  return (
    <Paper p="md">
      <Stack gap="xs">
        <Title order={3}>
          {roleNames[role]}
          {isMine && (
            <Text span size="sm" c="dimmed" fw={400}>
              {' '}
              your role
            </Text>
          )}
        </Title>
        <List size="sm" spacing={2}>
          {PERMISSIONS.filter((permission) => roleMay(role, permission)).map((permission) => (
            <List.Item key={permission}>{permissions[permission].allows}</List.Item>
          ))}
        </List>
      </Stack>
    </Paper>
  );
}
