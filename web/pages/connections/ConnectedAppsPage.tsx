import { Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import type { CatalogueApp, Connection } from '#contract/connections';
import { ask } from '../../api/queries.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { AvailableApp } from './AvailableApp.tsx';
import { ColleagueLinks } from './ColleagueLinks.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { MoreOrganisations } from './MoreOrganisations.tsx';
import { OutcomeMessage } from './OutcomeMessage.tsx';
import { WebhooksCard } from './WebhooksCard.tsx';

/** Which apps are connected and which could be; also where one lands coming back from Xero. */
export function ConnectedAppsPage() {
  const { outcome, connection: connectionId } = useSearch({ from: '/app/settings/connected-apps' });
  const navigate = useNavigate();
  const apps = useQuery(ask('listApps'));
  if (outcome === 'choose' && connectionId) {
    return <Navigate {...paths.chooseOrganisation(connectionId)} replace />;
  }
  const all = apps.data?.apps ?? [];
  const connection = all.flatMap((app) => app.connections).find(({ id }) => id === connectionId);
  // An address alone is no proof that something was connected.
  const isTrue = outcome !== 'connected' || (connection !== undefined && isBound(connection));
  return (
    <Page
      title="Connected Apps"
      lead="Other programs that Bursar works with for this training provider."
    >
      {outcome && isTrue && (
        <OutcomeMessage
          outcome={outcome}
          connection={connection}
          close={() => navigate({ ...paths.connectedApps, search: {}, replace: true })}
        />
      )}
      {apps.error && !apps.data && <ProblemAlert error={apps.error} retry={() => apps.refetch()} />}
      {apps.isPending && <Loading />}
      {apps.data && <Groups apps={all} />}
    </Page>
  );
}

/** A connection that was ended has left the connected group. */
function liveConnections(app: CatalogueApp): Connection[] {
  return app.connections.filter(({ state }) => state !== 'disconnected');
}

/** Whether an organisation stands behind it: one that is still to be chosen does not. */
function isBound({ state }: Connection): boolean {
  return state !== 'choosing' && state !== 'disconnected';
}

function Groups({ apps }: { apps: CatalogueApp[] }) {
  const endpoints = useQuery(ask('listWebhookEndpoints')).data?.items ?? [];
  const isConnected = (app: CatalogueApp) =>
    liveConnections(app).length > 0 || (app.key === 'webhooks' && endpoints.length > 0);
  const connected = apps.filter(isConnected);
  const available = apps.filter((app) => !isConnected(app));
  const hasXero = apps.some((app) => liveConnections(app).some(isBound));
  return (
    <Stack gap="xl">
      <Group title="Connected" none="Nothing is connected yet." isEmpty={connected.length === 0}>
        {connected.flatMap((app) => [
          ...liveConnections(app).map((connection) => (
            <ConnectionCard key={connection.id} app={app} connection={connection} />
          )),
          app.key === 'xero' && hasXero && <MoreOrganisations key="more" app={app} />,
          app.key === 'webhooks' && <WebhooksCard key="webhooks" app={app} endpoints={endpoints} />,
        ])}
      </Group>
      <Group title="Available" none="Everything is connected." isEmpty={available.length === 0}>
        {available.map((app) => (
          <AvailableApp key={app.key} app={app} />
        ))}
      </Group>
      <ColleagueLinks another={hasXero} />
    </Stack>
  );
}

interface GroupProps {
  title: string;
  none: string;
  isEmpty: boolean;
  children: React.ReactNode;
}

function Group({ title, none, isEmpty, children }: GroupProps) {
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={2}>{title}</Title>
      {isEmpty ? (
        <Paper p="lg">
          <Text c="dimmed">{none}</Text>
        </Paper>
      ) : (
        children
      )}
    </Stack>
  );
}
