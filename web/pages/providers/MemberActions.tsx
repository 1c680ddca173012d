import { Button, Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { ROLES, type Role, roleNames } from '#contract/permissions';
import type { Member } from '#contract/providers';
import { useAction } from '../../api/actions.ts';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { paths } from '../../util/paths.ts';

const roles = ROLES.map((role) => ({ value: role, label: roleNames[role] }));

/** The role of someone, for whoever may change it. */
export function RoleChoice({ member }: { member: Member }) {
  const change = useAction('changeRole', {
    onDone: (_, { body }) => toastDone(`${member.name} is ${roleNames[body.role as Role]} now.`),
  });
  const { personId } = member;
  return (
    <Select
      aria-label={`Role of ${member.name}`}
      data={roles}
      value={member.role}
      allowDeselect={false}
      disabled={change.isPending}
      w={130}
      onChange={(role) =>
        role &&
        role !== member.role &&
        change.mutate({ params: { personId }, body: { role: role as Role } })
      }
    />
  );
}

/** Removing someone. */
export function RemoveMember({ member }: { member: Member }) {
  const remove = useAction('removeMember', {
    onDone: ({ apiKeys }) => toastDone(`${member.name} works here no longer.${staying(apiKeys)}`),
  });
  const { personId, name } = member;
  return (
    <Group justify="flex-end">
      <Button
        variant="outline"
        color="brick"
        size="compact-sm"
        aria-label={`Remove ${name}`}
        loading={remove.isPending}
        onClick={() =>
          confirm({
            title: `Remove ${name}?`,
            text: 'They can open nothing here from now on. What they did stays in the history; API keys they made stay too, and are named afterwards.',
            yes: 'Remove person',
            onYes: () => remove.mutate({ params: { personId } }),
          })
        }
      >
        Remove
      </Button>
    </Group>
  );
}

/** Leaving oneself. */
export function LeaveProvider({ providerName }: { providerName: string }) {
  const navigate = useNavigate();
  const leave = useAction('leaveProvider', {
    onDone: ({ apiKeys }) => {
      toastDone(`You work for ${providerName} no longer.${staying(apiKeys)}`);
      void navigate(paths.signIn);
    },
  });
  return (
    <Button
      variant="subtle"
      loading={leave.isPending}
      onClick={() =>
        confirm({
          title: `Leave ${providerName}?`,
          text: 'You can open nothing here from now on. An Owner can invite you again.',
          yes: 'Leave provider',
          onYes: () => leave.mutate({}),
        })
      }
    >
      Leave this provider
    </Button>
  );
}

function staying(apiKeys: readonly string[]): string {
  if (apiKeys.length === 0) return '';
  return ` API keys that stay: ${apiKeys.join(', ')}.`;
}
