import { Anchor, Group, List, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconExternalLink, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { displayName, type Learner } from '#contract/learners';
import type { LearnerSync, SyncStanding } from '#contract/sync';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { LearnerMatchPicker } from '../matching/LearnerMatchPicker.tsx';
import { LearnerSyncSwitch } from './LearnerSyncSwitch.tsx';

type Link = NonNullable<LearnerSync['link']>;

/** The learner's side towards Xero: on or off, how it stands and why, and what one can do. */
export function LearnerSyncCard({ learner }: { learner: Learner }) {
  const sync = useQuery(ask('learnerSync', { params: { learnerId: learner.id } }));
  return (
    <Paper p="lg" component="section" aria-label="Xero">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack gap="sm">
          <LearnerSyncSwitch learner={learner} />
        </Stack>
        {sync.error && !sync.data && (
          <ProblemAlert error={sync.error} retry={() => sync.refetch()} />
        )}
        {sync.isPending && <Loading rows={2} />}
        {sync.data?.syncToXero &&
          (sync.data.link ? (
            <LinkState link={sync.data.link} learner={learner} />
          ) : (
            <NotSent organisation={sync.data.organisation} />
          ))}
      </SimpleGrid>
    </Paper>
  );
}

/** Why nothing is sent although Sync to Xero is on. */
function NotSent({ organisation }: Pick<LearnerSync, 'organisation'>) {
  if (organisation === null) return <NotConnected />;
  return (
    <Text size="sm">
      {organisation.isConnected
        ? `This learner belongs to ${organisation.name} and is made known there in a moment.`
        : `This learner belongs to ${organisation.name}, which is not connected, so nothing is sent. It goes on by itself once it is connected again or the rules say otherwise.`}
    </Text>
  );
}

function NotConnected() {
  return (
    <Text size="sm">
      No Xero organisation is connected, so nothing is sent yet. It starts by itself once one is:{' '}
      <TextLink {...paths.connectedApps} underline="always">
        Connected Apps
      </TextLink>
      .
    </Text>
  );
}

/** What each standing means, before any particular reason. */
const meanings: Record<SyncStanding, string> = {
  waiting: 'Changes are on their way to Xero. This goes on by itself.',
  'in-step': 'Xero has everything that is written here.',
  blocked: 'Xero can’t take this learner yet. Correct what is named; it is sent again by itself.',
  undecided: 'Someone has to decide whether a contact in Xero is this learner.',
};

function LinkState({ link, learner }: { link: Link; learner: Learner }) {
  return (
    <Stack gap="sm" aria-live="polite">
      <Text size="sm">{meanings[link.standing]}</Text>
      {link.reasons.length > 0 && (
        <List size="sm">
          {link.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      )}
      {link.standing === 'undecided' && link.contactId === null && (
        <LearnerMatchPicker learnerId={learner.id} learnerName={displayName(learner)} />
      )}
      {link.reviewOf !== null && (
        <TextLink {...paths.matching(link.reviewOf)} size="sm">
          Review matches
        </TextLink>
      )}
      {link.standing === 'blocked' && (
        <TextLink {...paths.editLearner(learner.id)} size="sm">
          Correct the learner
        </TextLink>
      )}
      <Times link={link} />
      <Group gap="xs">
        <SyncNow learnerId={learner.id} />
        {link.contactUrl && (
          <Anchor href={link.contactUrl} target="_blank" rel="noreferrer" size="sm">
            <Group gap={4} wrap="nowrap">
              Contact in Xero <IconExternalLink size={14} aria-label="(opens a new tab)" />
            </Group>
          </Anchor>
        )}
      </Group>
    </Stack>
  );
}

function Times({ link }: { link: Link }) {
  const lines = [
    `Organisation: ${link.organisationName}`,
    link.lastPushedAt && `Last sent: ${momentText(link.lastPushedAt)}`,
    link.standing === 'waiting' &&
      link.nextAttemptAt &&
      `Next try: ${momentText(link.nextAttemptAt)}`,
  ].filter((line) => typeof line === 'string');
  return (
    <Stack gap={2}>
      {lines.map((line) => (
        <Text key={line} size="sm" c="dimmed">
          {line}
        </Text>
      ))}
    </Stack>
  );
}

function SyncNow({ learnerId }: { learnerId: string }) {
  const may = useMay('learners.sync');
  const sync = useAction('syncLearnerNow');
  return (
    <GuardedButton
      variant="default"
      reason={may.reason}
      loading={sync.isPending}
      leftSection={<IconRefresh size={16} aria-hidden />}
      onClick={() => sync.mutate({ params: { learnerId } })}
    >
      Sync now
    </GuardedButton>
  );
}
