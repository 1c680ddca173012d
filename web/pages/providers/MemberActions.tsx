import { Button, Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { KeysLeft } from '#contract/people';
import { PERMISSIONS, ROLES, type Role, roleMay, roleNames } from '#contract/permissions';
import type { Member } from '#contract/providers';
import { useAction } from '../../api/actions.ts';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { paths } from '../../util/paths.ts';

const roles = ROLES.map((role) => ({ value: role, label: roleNames[role] }));

/** The role of someone, for whoever may change it. */
export function RoleChoice({ member }: { member: Member }) {
  const change = useAction('changeRole', {
    onDone: (keys, { body }) =>
      toastDone(`${member.name} is ${roleNames[body.role as Role]} now.${keysOf(keys)}`),
  });
  const { personId, name } = member;
  const changeTo = (role: Role) => {
    const give = () => change.mutate({ params: { personId }, body: { role } });
    if (!isLess(member.role, role)) return give();
    confirm({
      title: `Make ${name} ${roleNames[role]}?`,
      text: `API keys they made that may do more than ${roleNames[role]} are revoked for good${roleMay(role, 'people.manage') ? '' : ', and invitations they sent end'}. The keys are named afterwards.`,
      yes: 'Change role',
      onYes: give,
    });
  };
  return (
    <Select
      aria-label={`Role of ${name}`}
      data={roles}
      value={member.role}
      allowDeselect={false}
      disabled={change.isPending}
      w={130}
      onChange={(role) => role && role !== member.role && changeTo(role as Role)}
    />
  );
}

/** Whether somebody may no longer do something then. */
function isLess(before: Role, after: Role): boolean {
  return PERMISSIONS.some((one) => roleMay(before, one) && !roleMay(after, one));
}

/** Removing someone. */
export function RemoveMember({ member }: { member: Member }) {
  const remove = useAction('removeMember', {
    onDone: (keys) => toastDone(`${member.name} works here no longer.${keysOf(keys)}`),
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
            text: 'They can open nothing here from now on. Invitations they sent end, and API keys they made that may do more than Staff are revoked. Other keys and what they did stay; the keys are named afterwards.',
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
    onDone: (keys) => {
      toastDone(`You work for ${providerName} no longer.${keysOf(keys)}`);
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
          text: 'You can open nothing here from now on. Invitations you sent end, and API keys you made that may do more than Staff are revoked. An Owner can invite you again.',
          yes: 'Leave provider',
          onYes: () => leave.mutate({}),
        })
      }
    >
      Leave this provider
    </Button>
  );
}

function keysOf({ apiKeys, revokedKeys }: KeysLeft): string {
  const stay = apiKeys.length === 0 ? '' : ` API keys that stay: ${apiKeys.join(', ')}.`;
  const ended = revokedKeys.length === 0 ? '' : ` API keys revoked: ${revokedKeys.join(', ')}.`;
  return ended + stay;
}
