import { Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconPlug } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { AgreementCard } from '../agreement/AgreementCard.tsx';

/** How things stand: whether both ledgers agree, what waits, what needs somebody. */
export function OverviewPage() {
  const { reason } = useMay('documents.view');
  return (
    <Page title="Overview" lead="How learners here and the books in Xero stand towards each other.">
      <Standing />
      <Title order={2}>Agreement</Title>
      {reason === null ? (
        <Agreements />
      ) : (
        <NotAllowed title="Agreement is not shown to you" reason={reason} />
      )}
    </Page>
  );
}

function Agreements() {
  const agreements = useQuery(ask('listAgreements'));
  if (agreements.error && !agreements.data) {
    return <ProblemAlert error={agreements.error} retry={() => agreements.refetch()} />;
  }
  if (!agreements.data) return <Loading rows={2} />;
  if (agreements.data.agreements.length === 0) return <NothingConnected />;
  return (
    <Stack>
      {agreements.data.agreements.map((agreement) => (
        <AgreementCard key={agreement.xeroOrgId} agreement={agreement} />
      ))}
    </Stack>
  );
}

function NothingConnected() {
  return (
    <Paper>
      <Empty
        icon={IconPlug}
        title="No Xero organisation is connected"
        text="Once one is, it is compared with the papers here each night, and the outcome stands here."
      >
        <ButtonLink {...paths.connectedApps}>Connected Apps</ButtonLink>
      </Empty>
    </Paper>
  );
}

/** What waits and what needs somebody, over all organisations. */
function Standing() {
  const health = useQuery(ask('syncHealth'));
  const inbox = useQuery(ask('syncInboxCount'));
  if (health.isPending || inbox.isPending) return <Loading rows={1} />;
  const failed = [health, inbox].find(({ data }) => data === undefined);
  if (failed || !health.data || !inbox.data) {
    const retry = () => void Promise.all([health.refetch(), inbox.refetch()]);
    return <ProblemAlert error={failed?.error} retry={retry} />;
  }
  const { lanes } = health.data;
  const sum = (pick: (lane: (typeof lanes)[number]) => number) =>
    lanes.reduce((total, lane) => total + pick(lane), 0);
  const review = lanes.find((lane) => lane.isReviewOpen);
  return (
    <SimpleGrid cols={{ base: 1, xs: review ? 2 : 3 }}>
      <Figure label="Learners in step with Xero" value={sum((lane) => lane.inStep)} />
      {review && (
        <Figure
          label="Waiting for approval of matches"
          value={sum((lane) => (lane.isReviewOpen ? lane.waiting : 0))}
          note={<TextLink {...paths.matching(review.connectionId)}>Review matches</TextLink>}
        />
      )}
      <Figure
        label="On their way"
        value={sum((lane) => (lane.isReviewOpen ? 0 : lane.waiting))}
        note={<TextLink {...paths.connectedApps}>Connected Apps</TextLink>}
      />
      <Figure
        label="Problems that need somebody"
        value={inbox.data.open}
        note={<TextLink {...paths.syncInbox}>Sync</TextLink>}
      />
    </SimpleGrid>
  );
}

function Figure({ label, value, note }: { label: string; value: number; note?: ReactNode }) {
  return (
    <Paper p="lg">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={32} fw={600} className="figures">
        {value.toLocaleString('en-AU')}
      </Text>
      {note}
    </Paper>
  );
}
