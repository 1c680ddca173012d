import { Alert, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { CatalogueApp, ConnectBarrier } from '#contract/connections';
import { errorTexts } from '#contract/errors';
import { type May, useMay } from '../../api/may.ts';
import { SecondFactorHint, secondFactorFirst } from '../../ui/second-factor-hint.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { connectionLooks } from '../../ui/states.ts';
import { AboutApp, AppFacts } from './AppFacts.tsx';
import { ConnectButton } from './ConnectButton.tsx';
import { SupportOffer } from './SupportOffer.tsx';

/** An app that could be connected; when it can't be, the cause and the way out stand with it. */
export function AvailableApp({
  app,
  isOnOwnPage = false,
}: {
  app: CatalogueApp;
  /** There its facts stand already, and at length. */
  isOnOwnPage?: boolean;
}) {
  const may = useMay('connections.manage');
  const barrier = barrierWords(app, may);
  return (
    <Paper p="lg" {...(barrier ? { bg: 'var(--mantine-color-gray-light)' } : {})}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Stack gap={4} style={{ flex: '1 1 320px' }}>
            <Group gap="sm">
              <Title order={3}>{app.name}</Title>
              {!barrier && <StateBadge look={connectionLooks.available} />}
            </Group>
            {!isOnOwnPage && <Text maw={640}>{app.summary}</Text>}
          </Stack>
          <ConnectButton app={app} reason={barrier && `${barrier.title}. ${barrier.way}`} />
        </Group>
        <SecondFactorHint may={may} />
        {barrier && !may.wants && (
          <Alert color="amber" icon={<IconLock aria-hidden />} title={barrier.title}>
            <Stack gap="sm" align="flex-start">
              <Text size="sm">{barrier.way}</Text>
              {app.barrier !== 'not-permitted' && app.barrier !== null && (
                <SupportOffer app={app} cause={barrier.title} />
              )}
            </Stack>
          </Alert>
        )}
        {!isOnOwnPage && (
          <>
            <AboutApp app={app} />
            <AppFacts app={app} />
          </>
        )}
      </Stack>
    </Paper>
  );
}

interface Barrier {
  title: string;
  way: string;
}

function barrierWords(app: CatalogueApp, may: May): Barrier | null {
  if (!app.barrier && may.wants) return { title: secondFactorFirst, way: may.reason ?? '' };
  const mayNot = may.reason;
  const barrier: ConnectBarrier | null = app.barrier ?? (mayNot ? 'not-permitted' : null);
  if (barrier === null) return null;
  if (barrier !== 'not-permitted') return errorTexts[`connection.${barrier}`];
  const people = app.whoMay.map(({ name, role }) => `${name} (${role})`).join(', ');
  return {
    title: 'Your role does not allow connecting apps',
    way: people ? `Ask one of these people: ${people}.` : (mayNot ?? ''),
  };
}
