import { Anchor, Button, Paper, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { roleNames } from '#contract/permissions';
import type { ApiKey } from '#contract/providers';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { CreateApiKey } from '../../forms/create-api-key.tsx';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { SecondFactorHint } from '../../ui/second-factor-hint.tsx';
import { momentText } from '../../util/dates.ts';

/** Keys for other programs: made, shown once, revoked. */
export function ApiKeysPage() {
  const may = useMay('api-keys.manage');
  const [isMaking, setMaking] = useState(false);
  return (
    <Page
      title="API keys"
      lead={
        <>
          Other programs use a key to work with Bursar in a role that you choose. How:{' '}
          <Anchor href="/api/docs" underline="always">
            API description
          </Anchor>
          .
        </>
      }
      actions={
        <GuardedButton reason={may.reason} onClick={() => setMaking(true)}>
          Make API key
        </GuardedButton>
      }
    >
      <SecondFactorHint may={may} />
      <Paper>
        {may.allowed ? (
          <Keys />
        ) : (
          <NotAllowed title="API keys are not shown to you" reason={may.reason} />
        )}
      </Paper>
      <CreateApiKey isOpen={isMaking} close={() => setMaking(false)} />
    </Page>
  );
}

const columns: Column<ApiKey>[] = [
  { head: 'Name', cell: (key) => key.name },
  {
    head: 'Begins with',
    cell: (key) => (
      <Text span ff="monospace" size="sm">
        {key.prefix}…
      </Text>
    ),
  },
  { head: 'Role', cell: (key) => roleNames[key.role] },
  { head: 'Made', cell: (key) => <span className="figures">{momentText(key.createdAt)}</span> },
  {
    head: 'Last used',
    cell: (key) => (
      <span className="figures">{key.lastUsedAt ? momentText(key.lastUsedAt) : 'Never'}</span>
    ),
  },
  { head: 'Actions', align: 'right', cell: (key) => <Revoke apiKey={key} /> },
];

function Keys() {
  const keys = useQuery(ask('listApiKeys'));
  if (keys.error && !keys.data) {
    return <ProblemAlert error={keys.error} retry={() => keys.refetch()} />;
  }
  if (!keys.data) return <Loading rows={3} />;
  if (keys.data.items.length === 0) {
    return (
      <Empty
        icon={IconKey}
        title="No API keys"
        text="Make one when another program should add learners or read invoices here."
      />
    );
  }
  return (
    <Table label="API keys" columns={columns} rows={keys.data.items} keyOf={(key) => key.id} />
  );
}

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const revoke = useAction('revokeApiKey', {
    onDone: () => toastDone(`The key “${apiKey.name}” is revoked.`),
  });
  const ask = () =>
    confirm({
      title: `Revoke “${apiKey.name}”?`,
      text: 'Programs that use this key are refused from now on. It can’t be brought back; you can make a new one.',
      yes: 'Revoke key',
      onYes: () => revoke.mutate({ params: { apiKeyId: apiKey.id } }),
    });
  return (
    <Button
      variant="outline"
      color="brick"
      size="compact-sm"
      aria-label={`Revoke ${apiKey.name}`}
      loading={revoke.isPending}
      onClick={ask}
    >
      Revoke
    </Button>
  );
}
