import { Button, Divider, Popover, Radio, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { roleNames } from '#contract/permissions';
import type { Me } from '#contract/providers';
import { useAction } from '../../api/actions.ts';
import { chooseProvider } from '../../stores/chosen-provider.ts';
import type { Later } from '../../ui/later.tsx';
import { paths } from '../../util/paths.ts';
import { PersonButton } from './PersonButton.tsx';

const schemes = [
  { key: 'light', word: 'Light' },
  { key: 'dark', word: 'Dark' },
  { key: 'auto', word: 'As the system' },
] as const;

/** Who is signed in, how the pages look, and the way out. */
export function PersonPopover({ me, isOpen, hasFocus }: Later<{ me: Me }>) {
  return (
    <Popover
      position="bottom-end"
      width={260}
      trapFocus
      returnFocus
      withinPortal={false}
      defaultOpened={isOpen}
    >
      <Popover.Target>
        <PersonButton person={me} autoFocus={hasFocus} />
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <div>
            <Text fw={600}>{me.name}</Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {me.email}
            </Text>
            <Text size="sm" c="dimmed">
              {roleNames[me.role]}
            </Text>
          </div>
          <Divider color="var(--bursar-line)" />
          <Appearance />
          <Divider color="var(--bursar-line)" />
          <SignOut />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (chosen: string) => {
    const scheme = schemes.find(({ key }) => key === chosen);
    if (scheme) setColorScheme(scheme.key);
  };
  return (
    <Radio.Group label="Appearance" value={colorScheme} onChange={choose}>
      <Stack gap={8} mt={6}>
        {schemes.map(({ key, word }) => (
          <Radio key={key} value={key} label={word} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function SignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useAction('signOut', {
    onDone: () => {
      chooseProvider(null);
      void navigate(paths.signIn).then(() => client.clear());
    },
  });
  return (
    <Button
      variant="default"
      leftSection={<IconLogout size={16} aria-hidden />}
      loading={signOut.isPending}
      onClick={() => signOut.mutate({})}
    >
      Sign out
    </Button>
  );
}
