import { Box, Divider, Stack, Text } from '@mantine/core';
import {
  IconBuilding,
  IconBuildingFactory2,
  IconFileImport,
  IconGitCompare,
  IconHistory,
  IconKey,
  IconLifebuoy,
  IconMail,
  IconPackage,
  IconPlug,
  IconReceipt,
  IconRefresh,
  IconScale,
  IconShieldLock,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { Me } from '#contract/providers';
import { chooseProvider } from '../../stores/chosen-provider.ts';
import { NavItem } from '../../ui/nav-item.tsx';
import { Select } from '../../ui/select.tsx';
import { paths } from '../../util/paths.ts';
import { InboxCount } from '../sync/InboxCount.tsx';

/** Where one can go, under the name of the provider one works for. */
export function Navigation({ me }: { me: Me }) {
  const icon = { size: 18, stroke: 1.7, 'aria-hidden': true };
  return (
    <Stack gap="xs">
      <ProviderName me={me} />
      <Divider color="var(--bursar-line)" />
      <Stack component="nav" className="app-nav" gap={2} aria-label="Main">
        <NavItem {...paths.overview} label="Overview" leftSection={<IconScale {...icon} />} />
        <NavItem {...paths.learners} label="Learners" leftSection={<IconUsers {...icon} />} />
        <NavItem
          {...paths.workplaces}
          label="Workplaces"
          leftSection={<IconBuildingFactory2 {...icon} />}
        />
        <NavItem {...paths.invoices} label="Invoices" leftSection={<IconReceipt {...icon} />} />
        <NavItem {...paths.imports} label="Imports" leftSection={<IconFileImport {...icon} />} />
        <NavItem
          {...paths.syncInbox}
          label="Sync"
          leftSection={<IconRefresh {...icon} />}
          rightSection={<InboxCount />}
        />
        <Text size="sm" c="dimmed" mt="md" mb={4} px="sm">
          Settings
        </Text>
        <NavItem
          {...paths.connectedApps}
          label="Connected Apps"
          leftSection={<IconPlug {...icon} />}
        />
        <NavItem
          {...paths.syncRules}
          label="Sync rules"
          leftSection={<IconGitCompare {...icon} />}
        />
        <NavItem {...paths.people} label="People" leftSection={<IconUsersGroup {...icon} />} />
        <NavItem {...paths.apiKeys} label="API keys" leftSection={<IconKey {...icon} />} />
        {(me.role === 'owner' || me.role === 'admin') && (
          <NavItem {...paths.audit} label="Audit log" leftSection={<IconHistory {...icon} />} />
        )}
        <NavItem {...paths.security} label="Security" leftSection={<IconShieldLock {...icon} />} />
        <NavItem
          {...paths.providerPackage}
          label="Package"
          leftSection={<IconPackage {...icon} />}
        />
        <NavItem {...paths.support} label="Support" leftSection={<IconLifebuoy {...icon} />} />
        {me.role === 'owner' && (
          <>
            <NavItem
              {...paths.outgoingMail}
              label="Outgoing mail"
              leftSection={<IconMail {...icon} />}
            />
            <NavItem
              {...paths.provider}
              label="Provider"
              leftSection={<IconBuilding {...icon} />}
            />
          </>
        )}
      </Stack>
    </Stack>
  );
}

/** The provider worked for; a choice of them when the person belongs to several. */
function ProviderName({ me }: { me: Me }) {
  if (me.memberships.length < 2) {
    return (
      <Box px="sm" py={6}>
        <Text fw={600}>{me.provider.name}</Text>
      </Box>
    );
  }
  const choose = async (providerId: string) => {
    const { mayLeave } = await import('../../ui/use-leave-guard.ts');
    if (!(await mayLeave())) return;
    chooseProvider(providerId);
    // The pages begin anew, so that nothing of the other provider is left in any of them.
    window.location.assign(paths.learners.to);
  };
  return (
    <Select
      aria-label="Provider"
      data={me.memberships.map(({ providerId, providerName }) => ({
        value: providerId,
        label: providerName,
      }))}
      value={me.provider.id}
      onChange={(chosen) => chosen && chosen !== me.provider.id && void choose(chosen)}
      allowDeselect={false}
    />
  );
}
