import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { CatalogueApp } from '#contract/connections';
import type { WebhookEndpoint } from '#contract/webhooks';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { connectionLooks } from '../../ui/states.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { AppFacts } from './AppFacts.tsx';

interface WebhooksCardProps {
  app: CatalogueApp;
  endpoints: readonly WebhookEndpoint[];
}

/** Webhooks that are set up: nobody allowed them elsewhere, and their own page steers them. */
export function WebhooksCard({ app, endpoints }: WebhooksCardProps) {
  const isOn = endpoints.some(({ state }) => state === 'active');
  return (
    <Paper p="lg">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Stack gap={4}>
            <Group gap="sm">
              <Title order={3}>{app.name}</Title>
              <StateBadge look={isOn ? connectionLooks.active : connectionLooks.paused} />
            </Group>
            <Text maw={640}>{app.summary}</Text>
          </Stack>
          <ButtonLink {...paths.webhooks} variant="outline">
            Manage
          </ButtonLink>
        </Group>
        <Facts columns={4} facts={factsOf(endpoints)} />
        <AppFacts app={app} />
      </Stack>
    </Paper>
  );
}

function factsOf(endpoints: readonly WebhookEndpoint[]): Fact[] {
  const on = endpoints.filter(({ state }) => state === 'active').length;
  const failing = endpoints.filter(({ failingSince }) => failingSince !== null).length;
  const last = endpoints
    .flatMap(({ lastDeliveredAt }) => lastDeliveredAt ?? [])
    .sort()
    .at(-1);
  return [
    { label: 'Endpoints', value: endpoints.length },
    { label: 'Turned on', value: on },
    { label: 'Not answering', value: failing },
    { label: 'Last delivered', value: last ? momentText(last) : 'Not yet' },
  ];
}
