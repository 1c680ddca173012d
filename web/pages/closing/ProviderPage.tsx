import { Alert, Button, List, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  EXPORT_FRESH_DAYS,
  EXPORT_PATH,
  GRACE_DAYS,
  type ProviderStanding,
} from '#contract/closing';
import { useAction } from '../../api/actions.ts';
import { fetchFile } from '../../api/client.ts';
import { useMay } from '../../api/may.ts';
import { ask, renew } from '../../api/queries.ts';
import { useMe } from '../../api/session.ts';
import { CloseProvider } from '../../forms/close-provider.tsx';
import { toastDone } from '../../stores/toast.ts';
import { Facts } from '../../ui/facts.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { countryText } from '../../util/countries.ts';
import { momentText } from '../../util/dates.ts';
import { saveFile } from '../../util/save-file.ts';

/** The provider itself: what is known of it, everything taken out, and the way to leave. */
export function ProviderPage() {
  const me = useMe();
  const may = useMay('provider.close');
  return (
    <Page title={me.provider.name} windowTitle="Provider" width={760}>
      {may.allowed ? (
        <Standing />
      ) : (
        <Paper>
          <NotAllowed title="Leaving Bursar is not open to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}

function Standing() {
  const query = useQuery(ask('getProviderStanding'));
  if (query.error && !query.data) {
    return <ProblemAlert error={query.error} retry={() => query.refetch()} />;
  }
  if (!query.data) return <Loading />;
  const { closing } = query.data;
  return (
    <Stack gap="xl">
      {closing && <Closed closing={closing} />}
      <Paper p="lg">
        <Facts columns={3} facts={factsOf(query.data)} />
      </Paper>
      <TakeOut standing={query.data} />
      {!closing && <Leave standing={query.data} />}
    </Stack>
  );
}

function factsOf(standing: ProviderStanding) {
  return [
    { label: 'Country', value: countryText(standing.country) },
    { label: 'Time zone', value: standing.timeZone },
    { label: 'Here since', value: momentText(standing.createdAt) },
  ];
}

function Closed({ closing }: { closing: NonNullable<ProviderStanding['closing']> }) {
  const reopen = useAction('reopenProvider', {
    onDone: () => toastDone('This provider is open again. Connect Xero anew when you are ready.'),
  });
  return (
    <Alert
      role="alert"
      color="brick"
      icon={<IconAlertTriangle aria-hidden />}
      title="This provider is closed"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {closing.closedBy} closed it on {momentText(closing.closedAt)}. On{' '}
          {momentText(closing.eraseAt)} everything is erased for good. Until then you can undo it;
          Xero then has to be connected anew.
        </Text>
        {closing.connectionsLeft > 0 && (
          <Text size="sm">
            Xero has not confirmed yet that {closing.connectionsLeft} of its connections ended.
            Bursar tries again by itself.
          </Text>
        )}
        <Button variant="default" loading={reopen.isPending} onClick={() => reopen.mutate({})}>
          Undo closing
        </Button>
      </Stack>
    </Alert>
  );
}

function TakeOut({ standing }: { standing: ProviderStanding }) {
  const client = useQueryClient();
  const takeOut = useMutation({
    mutationFn: () => fetchFile(EXPORT_PATH),
    onSuccess: ({ blob, fileName }) => {
      saveFile(blob, fileName);
      renew(client, ['getProviderStanding']);
    },
  });
  return (
    <Stack component="section" gap="sm" aria-label="Take out your data">
      <Title order={2}>Take out your data</Title>
      <Paper p="lg">
        <Stack align="flex-start">
          <Text>
            One zip with everything Bursar holds for you, as CSV for spreadsheets and as JSON:
            learners and their links to Xero, invoices and payments, people, and everything that
            happened. Passwords and keys are not in it. Keep it where only those may read it who may
            see your learners’ details.
          </Text>
          <Button
            variant="default"
            loading={takeOut.isPending}
            onClick={() => takeOut.mutate()}
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download everything
          </Button>
          {takeOut.error && <ProblemAlert error={takeOut.error} takesFocus />}
          <Text size="sm" c="dimmed">
            {standing.exportedAt === null
              ? 'Not downloaded yet.'
              : `Last downloaded ${momentText(standing.exportedAt)}.`}
          </Text>
        </Stack>
      </Paper>
    </Stack>
  );
}

function Leave({ standing }: { standing: ProviderStanding }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <Stack component="section" gap="sm" aria-label="Close this provider">
      <Title order={2}>Close this provider</Title>
      <Paper p="lg">
        <Stack align="flex-start">
          <Text>For when you leave Bursar. What happens:</Text>
          <List spacing={4}>
            <List.Item>
              At once Bursar’s access to Xero ends; what is in Xero stays there.
            </List.Item>
            <List.Item>
              At once nobody can work here any more, and everyone else is signed out.
            </List.Item>
            <List.Item>
              For {GRACE_DAYS} days any Owner can undo it, or download everything again.
            </List.Item>
            <List.Item>Then everything is erased. Nobody can bring it back.</List.Item>
          </List>
          <Text size="sm" c="dimmed">
            Your data must have been downloaded within the last {EXPORT_FRESH_DAYS} days.
          </Text>
          <Button variant="outline" color="brick" onClick={() => setAsking(true)}>
            Close this provider
          </Button>
        </Stack>
      </Paper>
      <CloseProvider isOpen={isAsking} close={() => setAsking(false)} name={standing.name} />
    </Stack>
  );
}
