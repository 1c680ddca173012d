import { Anchor, Group, List, Paper, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { LearnerSync, SyncStanding } from '#contract/sync';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

export type PartySync = Omit<LearnerSync, 'learnerId'>;
type Link = NonNullable<PartySync['link']>;
export type Who = 'learner' | 'workplace';

interface SyncCardProps {
  who: Who;
  /** What the server answered about it. */
  sync: {
    data?: PartySync | undefined;
    error: unknown;
    isPending: boolean;
    refetch: () => unknown;
  };
  /** Sync to Xero, on or off. */
  toggle: ReactNode;
  /** Where a person says which contact it is. */
  picker: ReactNode;
  /** To where a blocked one is corrected. */
  correct: ReactNode;
  syncNow: ReactNode;
  /** Offers another contact than the one that is linked. */
  relink: (link: Link & { contactId: string }) => ReactNode;
  /** To the question-by-question answer why. */
  diagnosis: ReactNode;
}

/** The side towards Xero: on or off, how it stands and why, and what one can do. */
export function SyncCard(props: SyncCardProps) {
  const { who, sync, toggle } = props;
  return (
    <Paper p="lg" component="section" aria-label="Xero">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack gap="sm">
          {toggle}
          {props.diagnosis}
        </Stack>
        {sync.error && !sync.data ? (
          <ProblemAlert error={sync.error} retry={() => sync.refetch()} />
        ) : null}
        {sync.isPending && <Loading rows={2} />}
        {sync.data?.syncToXero &&
          (sync.data.link ? (
            <LinkState {...props} link={sync.data.link} />
          ) : (
            <NotSent organisation={sync.data.organisation} who={who} />
          ))}
      </SimpleGrid>
    </Paper>
  );
}

/** Why nothing is sent although Sync to Xero is on. */
function NotSent({ organisation, who }: Pick<PartySync, 'organisation'> & { who: Who }) {
  if (organisation === null) return <NotConnected />;
  return (
    <Text size="sm">
      {organisation.isConnected
        ? `This ${who} belongs to ${organisation.name} and is made known there in a moment.`
        : `This ${who} belongs to ${organisation.name}, which is not connected, so nothing is sent. It goes on by itself once it is connected again or the rules say otherwise.`}
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
const meanings = (who: Who): Record<SyncStanding, string> => ({
  waiting: 'Changes are on their way to Xero. This goes on by itself.',
  'in-step': 'Xero has everything that is written here.',
  blocked: `Xero can’t take this ${who} yet. Correct what is named; it is sent again by itself.`,
  undecided: `Someone has to decide whether a contact in Xero is this ${who}.`,
});

function meaningOf({ standing, reasons }: Link, who: Who): string {
  const isButFor = standing === 'in-step' && reasons.length > 0;
  return isButFor ? 'Xero has what is written here, but for this:' : meanings(who)[standing];
}

function LinkState(props: SyncCardProps & { link: Link }) {
  const { link, who, picker, correct, syncNow, relink } = props;
  const { contactId } = link;
  return (
    <Stack gap="sm" aria-live="polite">
      <Text size="sm">{meaningOf(link, who)}</Text>
      {link.reasons.length > 0 && (
        <List size="sm">
          {link.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      )}
      {link.nameInXero && <NameInXero {...link.nameInXero} />}
      {link.standing === 'undecided' && link.contactId === null && picker}
      {link.reviewOf !== null && (
        <TextLink {...paths.matching(link.reviewOf)} size="sm">
          Review matches
        </TextLink>
      )}
      {link.standing === 'blocked' && correct}
      {link.isReading && <Reading />}
      <Times link={link} />
      <Group gap="xs">
        {syncNow}
        {link.contactUrl && (
          <Anchor href={link.contactUrl} target="_blank" rel="noreferrer" size="sm">
            <Group gap={4} wrap="nowrap">
              Contact in Xero <IconExternalLink size={14} aria-label="(opens a new tab)" />
            </Group>
          </Anchor>
        )}
        {contactId !== null && relink({ ...link, contactId })}
      </Group>
    </Stack>
  );
}

/** Why the contact bears the number in its name, and who has the plain one. */
function NameInXero({ name, plainName }: NonNullable<Link['nameInXero']>) {
  const heldBy = plainName?.heldBy;
  return (
    <Text size="sm">
      Called “{name}” in Xero, where names have to differ.
      {plainName && !heldBy && <> Another contact there is called “{plainName.name}”.</>}
      {plainName && heldBy && (
        <>
          {' '}
          “{plainName.name}” is{' '}
          <TextLink {...paths[heldBy.partyKind](heldBy.id)} underline="always">
            {heldBy.label}
          </TextLink>
          .
        </>
      )}
    </Text>
  );
}

function Reading() {
  return (
    <Stack gap={4}>
      <Progress value={100} animated size="sm" aria-label="Reading from Xero" />
      <Text size="sm">Reading the papers from Xero.</Text>
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
