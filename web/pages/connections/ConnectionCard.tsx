import { Alert, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { CatalogueApp, Connection } from '#contract/connections';
import { errorTexts } from '#contract/errors';
import { useMay } from '../../api/may.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { connectionLooks } from '../../ui/states.ts';
import { countryText } from '../../util/countries.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { MatchingNotice } from '../matching/MatchingNotice.tsx';
import { SyncHealth } from '../sync/SyncHealth.tsx';
import { AboutApp, AppFacts } from './AppFacts.tsx';
import { ConnectButton } from './ConnectButton.tsx';
import { DisconnectButton } from './DisconnectButton.tsx';
import { GiveUpButton } from './GiveUpChoice.tsx';
import { SupportOffer } from './SupportOffer.tsx';

interface ConnectionCardProps {
  app: CatalogueApp;
  connection: Connection;
  /** On the app's own page, which says all about it anyway. */
  isOnOwnPage?: boolean;
}

/** One connection: with which organisation, since when, by whom, how it fares, and its end. */
export function ConnectionCard({ app, connection, isOnOwnPage = false }: ConnectionCardProps) {
  const { organisation } = connection;
  const flows = organisation !== null && connection.state !== 'choosing';
  return (
    <Paper p="lg">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Stack gap={4}>
            <Group gap="sm">
              <Title order={3}>{app.name}</Title>
              <StateBadge look={connectionLooks[connection.state]} />
            </Group>
            {organisation && (
              <Text fz={19} fw={600}>
                {organisation.name}
                {organisation.isDemo && (
                  <Text span c="dimmed" size="sm">
                    {' '}
                    demo company
                  </Text>
                )}
              </Text>
            )}
          </Stack>
          <CardActions app={app} connection={connection} />
        </Group>
        {app.barrier === 'not-licensed' && (
          <Alert color="amber" icon={<IconLock aria-hidden />} title="Nothing flows at present">
            <Stack gap="sm" align="flex-start">
              <Text size="sm">
                Your package no longer includes {app.name}. What is connected keeps its data and its
                settings, and goes on by itself as soon as the package includes it again.
              </Text>
              <SupportOffer app={app} cause="Your package does not include this app" />
            </Stack>
          </Alert>
        )}
        {connection.trouble && <Trouble trouble={connection.trouble} />}
        {connection.state === 'choosing' && (
          <Text size="sm">
            {connection.xeroPerson ?? 'Somebody'} allowed organisations in Xero. Nothing is
            connected until one of them is chosen.
          </Text>
        )}
        <Facts columns={4} facts={factsOf(connection)} />
        {flows && (
          <>
            <Divider color="var(--bursar-line)" />
            <MatchingNotice connectionId={connection.id} />
            <SyncHealth xeroOrgId={organisation.xeroOrgId} />
          </>
        )}
        <Group gap="lg">
          {flows && (
            <TextLink {...paths.books(connection.id)} size="sm">
              How the books are set up in {app.name}
            </TextLink>
          )}
          {!isOnOwnPage && <AboutApp app={app} />}
        </Group>
        {!isOnOwnPage && <AppFacts app={app} />}
      </Stack>
    </Paper>
  );
}

function Trouble({ trouble }: { trouble: NonNullable<Connection['trouble']> }) {
  const { title, way } = errorTexts[trouble.code];
  return (
    <Alert role="alert" color="brick" icon={<IconAlertTriangle aria-hidden />} title={title}>
      {way} Since {momentText(trouble.since)}.
    </Alert>
  );
}

function factsOf({
  organisation,
  connectedAt,
  connectedBy,
  xeroPerson,
  lastCallAt,
}: Connection): Fact[] {
  if (!organisation) return [];
  return [
    { label: 'Country', value: countryText(organisation.country) },
    { label: 'Base currency', value: organisation.baseCurrency },
    { label: 'Tax number', value: organisation.taxNumber },
    { label: 'Legal name', value: organisation.legalName },
    { label: 'Connected since', value: connectedAt && momentText(connectedAt) },
    { label: 'Connected by', value: connectedBy },
    { label: 'Signed in to Xero', value: xeroPerson },
    { label: 'Last talked to Xero', value: lastCallAt ? momentText(lastCallAt) : 'Not yet' },
  ];
}

function CardActions({ app, connection }: ConnectionCardProps) {
  const may = useMay('connections.manage');
  const navigate = useNavigate();
  return (
    <Group gap="xs">
      {connection.state === 'choosing' && (
        <GuardedButton
          reason={may.reason}
          onClick={() => navigate(paths.chooseOrganisation(connection.id))}
        >
          Choose organisation
        </GuardedButton>
      )}
      {connection.state === 'needs-consent' && (
        <ConnectButton app={app} reason={may.reason} label={`Reconnect ${app.name}`} />
      )}
      {connection.state !== 'choosing' && (
        <ButtonLink {...paths.manageConnection(connection.id)} variant="outline">
          Manage
        </ButtonLink>
      )}
      {connection.state === 'choosing' ? (
        <GiveUpButton connectionId={connection.id} reason={may.reason} />
      ) : (
        <DisconnectButton appName={app.name} connection={connection} reason={may.reason} />
      )}
    </Group>
  );
}
