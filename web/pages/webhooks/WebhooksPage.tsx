import { Paper, Text } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WebhookEndpoint } from '#contract/webhooks';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { AddWebhookEndpoint } from '../../forms/add-webhook-endpoint.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { endpointLook } from './webhook-looks.ts';

/** Where other programs are told of changes. */
export function WebhooksPage() {
  const may = useMay('connections.manage');
  const [isAdding, setAdding] = useState(false);
  return (
    <Page
      title="Webhooks"
      above={<TextLink {...paths.connectedApps}>Connected Apps</TextLink>}
      lead="Bursar tells these addresses of changes, signed in the Standard Webhooks format, and tries again for about a day when one does not answer."
      actions={
        <GuardedButton reason={may.reason} onClick={() => setAdding(true)}>
          Add endpoint
        </GuardedButton>
      }
    >
      <Paper>
        <Endpoints />
      </Paper>
      <AddWebhookEndpoint isOpen={isAdding} close={() => setAdding(false)} />
    </Page>
  );
}

const columns: Column<WebhookEndpoint>[] = [
  {
    head: 'Address',
    cell: (endpoint) => (
      <div>
        <TextLink {...paths.webhookEndpoint(endpoint.id)} style={{ overflowWrap: 'anywhere' }}>
          {endpoint.url}
        </TextLink>
        {endpoint.description && (
          <Text size="sm" c="dimmed">
            {endpoint.description}
          </Text>
        )}
      </div>
    ),
  },
  { head: 'Is told of', cell: ({ kinds }) => kinds.join(', ') },
  {
    head: 'Last delivered',
    cell: ({ lastDeliveredAt }) => (
      <span className="figures">{lastDeliveredAt ? momentText(lastDeliveredAt) : 'Never'}</span>
    ),
  },
  { head: 'State', cell: (endpoint) => <StateBadge look={endpointLook(endpoint)} /> },
];

function Endpoints() {
  const endpoints = useQuery(ask('listWebhookEndpoints'));
  if (endpoints.error && !endpoints.data) {
    return <ProblemAlert error={endpoints.error} retry={() => endpoints.refetch()} />;
  }
  if (!endpoints.data) return <Loading rows={2} />;
  if (endpoints.data.items.length === 0) {
    return (
      <Empty
        icon={IconWebhook}
        title="No endpoints"
        text="Add the address of a program of yours that should hear of linked learners, invoices and troubles."
      />
    );
  }
  return (
    <Table
      label="Webhook endpoints"
      columns={columns}
      rows={endpoints.data.items}
      keyOf={({ id }) => id}
    />
  );
}
