import { Anchor, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  PERMISSIONS,
  permissions,
  ROLES,
  type Role,
  roleMay,
  roleNames,
} from '#contract/permissions';
import type { Member } from '#contract/providers';
import { ask } from '../../api/queries.ts';
import { useMe } from '../../api/session.ts';
import { type Column, Table } from '../../table/table.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';

const columns: Column<Member>[] = [
  { head: 'Name', cell: (member) => member.name },
  {
    head: 'E-mail',
    cell: (member) => <Anchor href={`mailto:${member.email}`}>{member.email}</Anchor>,
  },
  { head: 'Role', cell: (member) => roleNames[member.role] },
];

/** Who works here, in which role, and what each role may do. */
export function PeoplePage() {
  const me = useMe();
  const members = useQuery(ask('listMembers'));
  return (
    <Page title="People" lead={`Who works for ${me.provider.name} here, and what each may do.`}>
      <Paper>
        {members.error && !members.data && (
          <ProblemAlert error={members.error} retry={() => members.refetch()} />
        )}
        {members.isPending && <Loading rows={4} />}
        {members.data && (
          <Table
            label="People"
            columns={columns}
            rows={members.data.items}
            keyOf={(member) => member.personId}
          />
        )}
      </Paper>
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
