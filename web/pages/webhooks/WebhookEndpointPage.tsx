import { Alert, Button, Paper, Select } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import {
  WEBHOOK_GIVE_UP_DAYS,
  WEBHOOK_OVERLAP_HOURS,
  type WebhookDeliveryState,
  type WebhookEndpoint,
} from '#contract/webhooks';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { SecretShown } from '../../forms/add-webhook-endpoint.tsx';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { NothingHere } from '../shell/NotFoundPage.tsx';
import { DeliveriesTable } from './DeliveriesTable.tsx';
import { deliveryLooks, endpointLook } from './webhook-looks.ts';

/** One endpoint: how it fares, what was sent to it, and everything that can be done with it. */
export function WebhookEndpointPage() {
  const { endpointId } = useParams({ from: '/app/settings/webhooks/$endpointId' });
  const endpoints = useQuery(ask('listWebhookEndpoints'));
  const endpoint = endpoints.data?.items.find(({ id }) => id === endpointId);
  if (endpoints.error && !endpoints.data) {
    return <ProblemAlert error={endpoints.error} retry={() => endpoints.refetch()} />;
  }
  if (!endpoints.data) return <Loading />;
  if (!endpoint) return <NothingHere />;
  return <Shown endpoint={endpoint} />;
}

const states = Object.entries(deliveryLooks).map(([value, { word }]) => ({ value, label: word }));

function Shown({ endpoint }: { endpoint: WebhookEndpoint }) {
  const may = useMay('connections.manage');
  return (
    <Page
      title={endpoint.description || new URL(endpoint.url).host}
      above={<TextLink {...paths.webhooks}>Webhooks</TextLink>}
      beside={<StateBadge look={endpointLook(endpoint)} />}
      actions={<Actions endpoint={endpoint} />}
    >
      <Trouble endpoint={endpoint} />
      <Paper p="lg">
        <Facts
          facts={[
            { label: 'Address', value: endpoint.url },
            { label: 'Is told of', value: endpoint.kinds.join(', ') },
            { label: 'Added', value: `${momentText(endpoint.createdAt)} by ${endpoint.createdBy}` },
          ]}
        />
      </Paper>
      {may.allowed ? (
        <Deliveries endpointId={endpoint.id} />
      ) : (
        <NotAllowed title="Deliveries are not shown to you" reason={may.reason} />
      )}
    </Page>
  );
}

function Deliveries({ endpointId }: { endpointId: WebhookEndpoint['id'] }) {
  const [state, setState] = useState<WebhookDeliveryState | null>(null);
  return (
    <>
      <Select
        label="Deliveries of the last 30 days"
        placeholder="All"
        clearable
        maw={260}
        data={states}
        value={state}
        onChange={(chosen) => setState(chosen as WebhookDeliveryState | null)}
      />
      <Paper>
        <DeliveriesTable endpointId={endpointId} state={state} />
      </Paper>
    </>
  );
}

function Trouble({ endpoint }: { endpoint: WebhookEndpoint }) {
  const may = useMay('connections.manage');
  const params = { endpointId: endpoint.id };
  const change = useAction('changeWebhookEndpoint');
  const replay = useAction('replayFailedWebhooks', {
    onDone: ({ replayed }) =>
      toastDone(
        replayed === 1 ? '1 message is sent again.' : `${replayed} messages are sent again.`,
      ),
  });
  if (endpoint.state === 'disabled') {
    const why =
      endpoint.disabledBecause === 'failing'
        ? `Nothing got through for ${WEBHOOK_GIVE_UP_DAYS} days, or it said that it is gone, so Bursar stopped sending.`
        : 'Somebody turned it off.';
    return (
      <Alert color="gray" title="This endpoint is off">
        {why} What failed stays in the log and can be sent again.{' '}
        <GuardedButton
          size="compact-sm"
          reason={may.reason}
          loading={change.isPending}
          onClick={() => change.mutate({ params, body: { isActive: true } })}
        >
          Turn on
        </GuardedButton>
      </Alert>
    );
  }
  const since = endpoint.failingSince ?? endpoint.createdAt;
  return (
    <Alert
      color={endpoint.failingSince ? 'brick' : 'gray'}
      title={
        endpoint.failingSince
          ? `Nothing got through since ${momentText(endpoint.failingSince)}`
          : endpoint.lastDeliveredAt
            ? `Last delivered ${momentText(endpoint.lastDeliveredAt)}`
            : 'Nothing was sent yet'
      }
    >
      {endpoint.oldSecretUntil &&
        `The secret before the last renewal signs too until ${momentText(endpoint.oldSecretUntil)}. `}
      <GuardedButton
        size="compact-sm"
        variant="default"
        reason={may.reason}
        loading={replay.isPending}
        onClick={() => replay.mutate({ params, body: { since } })}
      >
        Send all failed again
      </GuardedButton>
    </Alert>
  );
}

function Actions({ endpoint }: { endpoint: WebhookEndpoint }) {
  const may = useMay('connections.manage');
  const navigate = useNavigate();
  const params = { endpointId: endpoint.id };
  const test = useAction('testWebhookEndpoint', { onDone: () => toastDone('A test is sent.') });
  const change = useAction('changeWebhookEndpoint');
  const rotate = useAction('rotateWebhookSecret');
  const remove = useAction('removeWebhookEndpoint', {
    onDone: () => {
      toastDone('The endpoint is removed.');
      void navigate(paths.webhooks);
    },
  });
  const askToRotate = () =>
    confirm({
      title: 'Renew the secret?',
      text: `You get a new one to put into your program. For ${WEBHOOK_OVERLAP_HOURS} hours each message is signed with both.`,
      yes: 'Renew secret',
      onYes: () => rotate.mutate({ params }),
    });
  const askToRemove = () =>
    confirm({
      title: 'Remove this endpoint?',
      text: 'Nothing is sent to it any more, and its log goes with it. This can’t be undone.',
      yes: 'Remove endpoint',
      onYes: () => remove.mutate({ params }),
    });
  return (
    <>
      <GuardedButton
        reason={may.reason ?? (endpoint.state === 'disabled' ? 'Turn it on first.' : null)}
        leftSection={<IconSend size={16} aria-hidden />}
        loading={test.isPending}
        onClick={() => test.mutate({ params })}
      >
        Send a test
      </GuardedButton>
      {may.allowed && (
        <>
          <Button variant="default" onClick={askToRotate}>
            Renew secret
          </Button>
          {endpoint.state === 'active' && (
            <Button
              variant="default"
              onClick={() => change.mutate({ params, body: { isActive: false } })}
            >
              Turn off
            </Button>
          )}
          <Button variant="outline" color="brick" onClick={askToRemove}>
            Remove
          </Button>
        </>
      )}
      <Dialog
        isOpen={Boolean(rotate.data)}
        onClose={() => rotate.reset()}
        title="New secret"
        isKept
      >
        {rotate.data && <SecretShown secret={rotate.data.secret} end={() => rotate.reset()} />}
      </Dialog>
    </>
  );
}
