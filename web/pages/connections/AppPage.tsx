import { List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { CatalogueApp } from '#contract/connections';
import { ask } from '../../api/queries.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { NothingHere } from '../shell/NotFoundPage.tsx';
import { AvailableApp } from './AvailableApp.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { WebhooksCard } from './WebhooksCard.tsx';

/** Everything about one app before and while it is connected. */
export function AppPage() {
  const { appKey } = useParams({ from: '/app/settings/connected-apps/$appKey' });
  const apps = useQuery(ask('listApps'));
  const app = apps.data?.apps.find(({ key }) => key === appKey);
  if (apps.data && !app) return <NothingHere />;
  return (
    <Page
      title={app?.name ?? 'App'}
      lead={app?.summary}
      above={
        <Text size="sm">
          <TextLink {...paths.connectedApps}>Connected Apps</TextLink>
        </Text>
      }
    >
      {apps.error && !apps.data && <ProblemAlert error={apps.error} retry={() => apps.refetch()} />}
      {apps.isPending && <Loading />}
      {app && <About app={app} />}
    </Page>
  );
}

function About({ app }: { app: CatalogueApp }) {
  const live = app.connections.filter(({ state }) => state !== 'disconnected');
  const webhooks = useQuery({ ...ask('listWebhookEndpoints'), enabled: app.key === 'webhooks' });
  const endpoints = app.key === 'webhooks' ? (webhooks.data?.items ?? []) : [];
  return (
    <Stack gap="xl">
      <Stack component="section" gap="sm" aria-label="At present">
        <Title order={2}>At present</Title>
        {live.map((connection) => (
          <ConnectionCard key={connection.id} app={app} connection={connection} isOnOwnPage />
        ))}
        {endpoints.length > 0 && <WebhooksCard app={app} endpoints={endpoints} />}
        {live.length + endpoints.length === 0 && <AvailableApp app={app} isOnOwnPage />}
      </Stack>
      <Section title="What it does">
        <Stack gap="sm" maw={720}>
          {app.about.map((paragraph) => (
            <Text key={paragraph}>{paragraph}</Text>
          ))}
        </Stack>
      </Section>
      <Section title="Which data goes which way">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
          <Flows app={app} direction="to-app" title={`From Bursar to ${app.name}`} />
          <Flows app={app} direction="from-app" title={`From ${app.name} to Bursar`} />
        </SimpleGrid>
      </Section>
      {app.scopes.length > 0 && (
        <Section title={`What ${app.name} is asked for, and why`}>
          <List spacing="xs">
            {app.scopes.map(({ scope, why }) => (
              <List.Item key={scope}>
                {why}{' '}
                <Text span size="sm" c="dimmed" ff="monospace">
                  {scope}
                </Text>
              </List.Item>
            ))}
          </List>
        </Section>
      )}
      <Section title="Who may connect it, and what it costs">
        <Facts columns={2} facts={factsOf(app)} />
      </Section>
    </Stack>
  );
}

function factsOf(app: CatalogueApp): Fact[] {
  const people = app.whoMay.map(({ name, role }) => `${name} (${role})`).join(', ');
  return [
    { label: 'Here', value: people || 'An Owner or Admin; there is none yet' },
    ...(app.whoAllows === null ? [] : [{ label: `At ${app.name}`, value: app.whoAllows }]),
    { label: 'Price', value: app.price },
    { label: 'In your package', value: licenceText(app.licence) },
  ];
}

function licenceText(licence: CatalogueApp['licence']): string {
  if (licence === null) return 'Not included';
  if (licence.withdrawnAt !== null) return `Withdrawn on ${momentText(licence.withdrawnAt)}`;
  return `Included since ${momentText(licence.grantedAt)}`;
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={2}>{title}</Title>
      <Paper p="lg">{children}</Paper>
    </Stack>
  );
}

interface FlowsProps {
  app: CatalogueApp;
  direction: 'to-app' | 'from-app';
  title: string;
}

function Flows({ app, direction, title }: FlowsProps) {
  const Arrow = direction === 'to-app' ? IconArrowUpRight : IconArrowDownLeft;
  const flows = app.flows.filter((flow) => flow.direction === direction);
  return (
    <Stack gap="xs">
      <Title order={3}>{title}</Title>
      {flows.length === 0 && <Text c="dimmed">Nothing</Text>}
      <List spacing={4} center>
        {flows.map(({ what }) => (
          <List.Item key={what} icon={<Arrow size={16} aria-hidden />}>
            {what}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
