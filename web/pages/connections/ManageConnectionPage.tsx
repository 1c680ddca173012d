import { Alert, Box, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerPause } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type ConnectionLife, type ConnectionTest, MILD_TROUBLES } from '#contract/connection-life';
import type { CatalogueApp } from '#contract/connections';
import { errorTexts } from '#contract/errors';
import { ask, askPages } from '../../api/queries.ts';
import { Facts } from '../../ui/facts.tsx';
import { History } from '../../ui/history.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { connectionLooks } from '../../ui/states.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { StartResync } from '../sync/StartResync.tsx';
import { SyncHealth } from '../sync/SyncHealth.tsx';
import { ConnectionActions } from './ConnectionActions.tsx';
import { organisationFacts, permissionFacts, usageFacts, webhookFacts } from './life-facts.tsx';

/** One connection, in full: how it fares, what it may use, and what can be done with it. */
export function ManageConnectionPage() {
  const { connectionId } = useParams({ from: '/app/settings/connected-apps/$connectionId/manage' });
  const life = useQuery(ask('getConnectionLife', { params: { connectionId } }));
  const apps = useQuery(ask('listApps'));
  const [found, setFound] = useState<ConnectionTest | null>(null);
  const connection = life.data?.connection;
  const app = apps.data?.apps.find(({ key }) => key === connection?.app);
  // Without the apps there are no buttons, which must not look as if nothing could be done.
  const failed = [life, apps].filter(({ error, data }) => error && !data);
  return (
    <Page
      title={connection?.organisation?.name ?? 'Connection'}
      above={
        <TextLink {...paths.connectedApps} size="sm">
          Connected Apps
        </TextLink>
      }
      beside={connection && <StateBadge look={connectionLooks[connection.state]} />}
      actions={
        app &&
        connection && <ConnectionActions app={app} connection={connection} onTested={setFound} />
      }
    >
      {failed[0] && (
        <ProblemAlert
          error={failed[0].error}
          retry={() => failed.forEach((query) => void query.refetch())}
        />
      )}
      {life.isPending && <Loading rows={4} />}
      <div>
        <Box aria-live="polite" mb={found ? 'lg' : 0}>
          {found && <Found found={found} />}
        </Box>
        {life.data && <Life life={life.data} app={app} />}
      </div>
    </Page>
  );
}

function Found({ found }: { found: ConnectionTest }) {
  const Icon = found.works ? IconCircleCheck : IconAlertTriangle;
  return (
    <Alert
      color={found.works ? 'moss' : 'brick'}
      icon={<Icon aria-hidden />}
      title={found.works ? 'It works' : found.words}
    >
      {found.works ? found.words : found.way}
    </Alert>
  );
}

function Life({ life, app }: { life: ConnectionLife; app: CatalogueApp | undefined }) {
  const { connection, permission } = life;
  const { organisation, state } = connection;
  return (
    <Stack gap="xl">
      <Standing life={life} />
      <Section title="Organisation">
        <Facts columns={4} facts={organisationFacts(life)} />
      </Section>
      {organisation && state !== 'choosing' && state !== 'disconnected' && (
        <Section title="Learners and papers">
          <SyncHealth xeroOrgId={organisation.xeroOrgId} />
          <Box mt="md">
            <StartResync xeroOrgId={organisation.xeroOrgId} />
          </Box>
        </Section>
      )}
      <Section title={`Calls to ${app?.name ?? 'Xero'} today`}>
        <Facts columns={4} facts={usageFacts(life)} />
      </Section>
      <Section title="Notices of changes">
        <Facts columns={4} facts={webhookFacts(life)} />
      </Section>
      {permission && (
        <Section title="Permission">
          <Facts columns={4} facts={permissionFacts(permission)} />
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            Allowed: {permission.scopes.join(', ')}
          </Text>
        </Section>
      )}
      <ConnectionHistory connectionId={connection.id} />
    </Stack>
  );
}

/** Who connected, paused and resumed, and each trouble with its end. */
function ConnectionHistory({ connectionId }: { connectionId: ConnectionLife['connection']['id'] }) {
  const query = useInfiniteQuery(askPages('connectionHistory', { params: { connectionId } }));
  return (
    <Section title="History">
      <History query={query} />
    </Section>
  );
}

/** What stands out about the connection now: trouble, a pause, catching up. */
function Standing({ life }: { life: ConnectionLife }) {
  const { trouble, organisation } = life.connection;
  if (trouble) {
    const { title, way } = errorTexts[trouble.code];
    const isMild = MILD_TROUBLES.includes(trouble.code);
    const ofDemo =
      organisation?.isDemo && trouble.code === 'xero.access-removed'
        ? ' Xero also resets demo companies after 28 days, which disconnects apps.'
        : '';
    return (
      <Alert
        role="alert"
        color={isMild ? 'amber' : 'brick'}
        icon={<IconAlertTriangle aria-hidden />}
        title={title}
      >
        {way}
        {ofDemo} Since {momentText(trouble.since)}.
      </Alert>
    );
  }
  if (life.pausedAt) {
    return (
      <Alert color="amber" icon={<IconPlayerPause aria-hidden />} title="Nothing flows at present">
        Paused by {life.pausedBy} on {momentText(life.pausedAt)}. What waits is kept, and is sent
        and read when you resume.
      </Alert>
    );
  }
  return null;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={2}>{title}</Title>
      <Paper p="lg">
        <Stack>{children}</Stack>
      </Paper>
    </Stack>
  );
}
