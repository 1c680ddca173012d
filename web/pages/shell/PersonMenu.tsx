import {
  Avatar,
  type MantineColorScheme,
  Menu,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { roleNames } from '#contract/permissions';
import type { Me } from '#contract/providers';
import { useAction } from '../../api/actions.ts';
import { chooseProvider } from '../../stores/chosen-provider.ts';
import { paths } from '../../util/paths.ts';

const schemes: { key: MantineColorScheme; word: string; icon: typeof IconSun }[] = [
  { key: 'light', word: 'Light', icon: IconSun },
  { key: 'dark', word: 'Dark', icon: IconMoon },
  { key: 'auto', word: 'As the system', icon: IconDeviceDesktop },
];

/** Who is signed in, how the pages look, and the way out. */
export function PersonMenu({ me }: { me: Me }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useAction('signOut', {
    onDone: () => {
      chooseProvider(null);
      void navigate(paths.signIn).then(() => client.clear());
    },
  });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton>
          <Avatar name={me.name} color="petrol" variant="light" radius="xl" size={36} aria-hidden />
          <VisuallyHidden>{me.name}: account and appearance</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text fw={600} size="sm" px="sm" pt={6}>
          {me.name}
        </Text>
        <Text size="xs" c="dimmed" px="sm" pb={6} style={{ overflowWrap: 'anywhere' }}>
          {me.email} · {roleNames[me.role]}
        </Text>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(({ key, word, icon: Icon }) => (
          <Menu.Item
            key={key}
            role="menuitemradio"
            aria-checked={colorScheme === key}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={colorScheme === key ? <IconCheck size={16} aria-hidden /> : null}
            onClick={() => setColorScheme(key)}
          >
            {word}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => signOut.mutate({})}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
