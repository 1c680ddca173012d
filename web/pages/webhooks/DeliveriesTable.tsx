import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WebhookAttempt, WebhookDelivery, WebhookDeliveryState } from '#contract/webhooks';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask, askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { deliveryLooks } from './webhook-looks.ts';

interface DeliveriesTableProps {
  endpointId: string;
  state: WebhookDeliveryState | null;
}

/** What was sent to an endpoint; each can be opened and sent again. */
export function DeliveriesTable({ endpointId, state }: DeliveriesTableProps) {
  const [opened, setOpened] = useState<string | null>(null);
  const query = useInfiniteQuery(
    askPages('listWebhookDeliveries', {
      params: { endpointId },
      query: state === null ? {} : { state },
    }),
  );
  const columns: Column<WebhookDelivery>[] = [
    { head: 'Made', cell: (one) => <span className="figures">{momentText(one.createdAt)}</span> },
    { head: 'Kind', cell: (one) => one.kind },
    {
      head: 'Attempts',
      align: 'right',
      cell: (one) => <span className="figures">{one.attempts}</span>,
    },
    {
      head: 'Answered',
      align: 'right',
      cell: (one) => <span className="figures">{one.lastStatus ?? '—'}</span>,
    },
    { head: 'State', cell: (one) => <StateBadge look={deliveryLooks[one.state]} /> },
    {
      head: 'Actions',
      align: 'right',
      cell: (one) => (
        <Button variant="default" size="compact-sm" onClick={() => setOpened(one.id)}>
          Open
        </Button>
      ),
    },
  ];
  return (
    <>
      <Paged
        query={query}
        noun="deliveries"
        empty={
          <Empty icon={IconSend} title="Nothing here" text="Send a test to see how it arrives." />
        }
      >
        {(deliveries: WebhookDelivery[]) => (
          <Table label="Deliveries" columns={columns} rows={deliveries} keyOf={({ id }) => id} />
        )}
      </Paged>
      <Dialog isOpen={opened !== null} onClose={() => setOpened(null)} title="Message">
        {opened !== null && <Message endpointId={endpointId} deliveryId={opened} />}
      </Dialog>
    </>
  );
}

function Message({ endpointId, deliveryId }: { endpointId: string; deliveryId: string }) {
  const may = useMay('connections.manage');
  const params = { endpointId, deliveryId };
  const message = useQuery(ask('getWebhookDelivery', { params }));
  const replay = useAction('replayWebhookDelivery');
  if (message.error && !message.data) {
    return <ProblemAlert error={message.error} retry={() => message.refetch()} />;
  }
  if (!message.data) return <Loading rows={3} />;
  const { payload, log } = message.data;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        webhook-id {deliveryId}
      </Text>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {payload}
      </Code>
      {log.map((one) => (
        <Attempt key={one.attempt} attempt={one} />
      ))}
      <Group justify="flex-end">
        <GuardedButton
          reason={may.reason}
          loading={replay.isPending}
          onClick={() => replay.mutate({ params })}
        >
          Send again
        </GuardedButton>
      </Group>
    </Stack>
  );
}

function Attempt({ attempt }: { attempt: WebhookAttempt }) {
  const { at, milliseconds, status, answer } = attempt;
  return (
    <div>
      <Text size="sm">
        Attempt {attempt.attempt}, {momentText(at)}:{' '}
        {status === null ? 'no answer' : `answered ${status}`} after {milliseconds} ms
      </Text>
      {answer && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {answer}
        </Text>
      )}
    </div>
  );
}
