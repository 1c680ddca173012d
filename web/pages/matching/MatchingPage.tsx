import { Alert, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Matching } from '#contract/matching';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { MatchingReview } from './MatchingReview.tsx';
import { contactsText } from './matching-words.ts';

/** How often the count of contacts is asked for while they are read. */
const READING_POLL_MS = 2_000;

/** Before anything is written to an organisation: who in Xero is whom here. */
export function MatchingPage() {
  const { connectionId } = useParams({
    from: '/app/settings/connected-apps/$connectionId/matching',
  });
  const may = useMay('learners.sync');
  const matching = useQuery({
    ...ask('getMatching', { params: { connectionId } }),
    enabled: may.allowed,
    refetchInterval: ({ state }) => (isReading(state.data) ? READING_POLL_MS : false),
  });
  return (
    <Page
      title="Review matches"
      above={
        <TextLink {...paths.connectedApps} size="sm">
          Connected Apps
        </TextLink>
      }
      lead={leadOf(matching.data)}
    >
      {!may.allowed && (
        <Paper>
          <NotAllowed title="Reviewing matches is not open to you" reason={may.reason} />
        </Paper>
      )}
      {matching.error && !matching.data && (
        <ProblemAlert error={matching.error} retry={() => matching.refetch()} />
      )}
      {may.allowed && matching.isPending && <Loading rows={4} height={56} />}
      {matching.data && <Stage connectionId={connectionId} matching={matching.data} />}
    </Page>
  );
}

function leadOf(matching: Matching | undefined): string | undefined {
  if (!matching) return undefined;
  const question = `Who in ${matching.organisationName} is which learner?`;
  const isOver = matching.state === 'approved' || matching.state === 'none';
  return isOver
    ? question
    : `${question} Nothing is created or changed in Xero before you approve.`;
}

function isReading(matching: Matching | undefined): boolean {
  return matching?.state === 'reading' || matching?.state === 'proposing';
}

function Stage({ connectionId, matching }: { connectionId: string; matching: Matching }) {
  switch (matching.state) {
    case 'reading':
    case 'proposing':
      return <Reading matching={matching} />;
    case 'open':
      return <MatchingReview connectionId={connectionId} matching={matching} />;
    case 'approved':
      return (
        <Alert color="moss" icon={<IconCircleCheck aria-hidden />} title="Matches are approved">
          <Stack gap="sm" align="flex-start">
            <Text size="sm">
              {matching.approvedBy} approved them
              {matching.approvedAt && ` on ${momentText(matching.approvedAt)}`}. Whoever joins later
              is matched one by one; whoever is doubtful waits for you under Sync.
            </Text>
            <Group gap="sm">
              <ButtonLink {...paths.learners} variant="default">
                Go to learners
              </ButtonLink>
              <ButtonLink {...paths.syncInbox} variant="default">
                Go to Sync
              </ButtonLink>
            </Group>
          </Stack>
        </Alert>
      );
    case 'none':
      return (
        <Empty
          icon={IconUsers}
          title="There is nothing to review"
          text="No learner had Sync to Xero on when the contacts were read. Turn it on for whom you like: each is looked for in Xero first, and a doubtful one waits for you."
        >
          <ButtonLink {...paths.learners}>Go to learners</ButtonLink>
        </Empty>
      );
  }
}

function Reading({ matching }: { matching: Matching }) {
  const isRead = matching.state === 'proposing';
  return (
    <Paper p="lg">
      <Stack gap="sm" role="status">
        <Text fw={550} className="figures">
          {contactsText(matching.contactsRead)} read
        </Text>
        <Progress
          value={100}
          animated
          aria-label={isRead ? 'Comparing learners and contacts' : 'Reading contacts'}
        />
        <Text size="sm" c="dimmed">
          {isRead
            ? 'They are compared with your learners; it takes a moment.'
            : 'First we look who is in Xero already. You can leave this page; it goes on by itself.'}
        </Text>
      </Stack>
    </Paper>
  );
}
