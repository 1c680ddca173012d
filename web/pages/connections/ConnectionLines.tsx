import { Box, Group, Stack, Text } from '@mantine/core';
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconHelpCircle,
  IconPlayerPause,
  IconRefresh,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ConnectionNews, MILD_TROUBLES } from '#contract/connection-life';
import { errorTexts } from '#contract/errors';
import type { LaneHealth } from '#contract/sync';
import { ask } from '../../api/queries.ts';
import { TextLink } from '../../ui/links.tsx';
import type { Family } from '../../ui/theme.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

/** What there is to tell of connections, a line each; of none while nothing flows anywhere. */
export function ConnectionLines(props: { lines: readonly ConnectionNews[]; isOnHold: boolean }) {
  return props.isOnHold ? <HoldNote /> : <Lines lines={props.lines} />;
}

/** For everybody, since nothing that is done here has an effect elsewhere. */
function HoldNote() {
  return (
    <Text role="status" size="sm" mb="md">
      <strong>This Bursar is on hold:</strong> it is a copy, or has moved. Nothing is sent to Xero
      or by mail, and nothing comes from Xero. Whoever runs it can end that.
    </Text>
  );
}

function Lines({ lines }: { lines: readonly ConnectionNews[] }) {
  const isCatchingUp = lines.some(({ catchingUpSince }) => catchingUpSince !== null);
  const health = useQuery({ ...ask('syncHealth'), enabled: isCatchingUp });
  const inbox = useQuery(ask('syncInboxCount'));
  return (
    <Stack gap={4} mb="md" component="section" aria-label="About your connections">
      {lines.map((one) => {
        const lane = health.data?.lanes.find(({ xeroOrgId }) => xeroOrgId === one.xeroOrgId);
        const open = inbox.data?.open ?? 0;
        return <Line key={one.connectionId} news={one} look={lookOf(one, lane, open)} />;
      })}
    </Stack>
  );
}

interface Look {
  colour: Family;
  icon: Icon;
  words: string;
  way: string | null;
  /** Where the way leads, if not to the page of the connection. */
  leadsTo?: 'matches' | 'inbox';
}

function Line({ news, look }: { news: ConnectionNews; look: Look }) {
  const { colour, icon: LineIcon, words, way } = look;
  return (
    <Box
      role="status"
      px="md"
      py={8}
      bg={`var(--mantine-color-${colour}-light)`}
      style={{ borderRadius: 6 }}
    >
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Text c={`var(--mantine-color-${colour}-light-color)`} lh={1} pt={3} component="span">
          <LineIcon size={18} aria-hidden />
        </Text>
        <Text size="sm" component="p" m={0}>
          <strong>{news.organisationName}:</strong> {words}{' '}
          {way && (
            <TextLink {...placeOf(look, news)} underline="always">
              {way}
            </TextLink>
          )}
        </Text>
      </Group>
    </Box>
  );
}

function placeOf({ leadsTo }: Look, { connectionId }: ConnectionNews) {
  if (leadsTo === 'inbox') return paths.syncInbox;
  return leadsTo === 'matches'
    ? paths.matching(connectionId)
    : paths.manageConnection(connectionId);
}

/** @param open how many problems of all connections wait for somebody */
function lookOf(news: ConnectionNews, lane: LaneHealth | undefined, open: number): Look {
  const { trouble, state, catchingUpSince, inStepAt } = news;
  if (trouble) {
    const { title, remedy } = errorTexts[trouble.code];
    const isMild = MILD_TROUBLES.includes(trouble.code);
    return {
      colour: isMild || remedy === 'wait' ? 'amber' : 'brick',
      icon: IconAlertTriangle,
      words: `${title}. Nothing is lost.`,
      way: remedy === 'reconnect' ? 'See and reconnect' : 'See what to do',
    };
  }
  if (state === 'paused') {
    const words = 'paused, so nothing flows. What waits is kept.';
    return { colour: 'amber', icon: IconPlayerPause, words, way: 'See and resume' };
  }
  if (catchingUpSince && lane?.isReviewOpen) {
    const words = 'matches wait for approval. Nothing is written to Xero before.';
    return {
      colour: 'plum',
      icon: IconHelpCircle,
      words,
      way: 'Review matches',
      leadsTo: 'matches',
    };
  }
  if (catchingUpSince) {
    const waits = lane ? `${lane.waiting.toLocaleString('en-AU')} to send, ` : '';
    const since = lane?.lastSweepAt ? `since ${momentText(lane.lastSweepAt)}` : 'of before';
    const words = `catching up: ${waits}reading changes ${since}. It goes on by itself.`;
    return { colour: 'petrol', icon: IconRefresh, words, way: null };
  }
  const words = `in step since ${inStepAt ? momentText(inStepAt) : 'just now'}.`;
  return { colour: 'moss', icon: IconCircleCheck, words, way: inboxWords(open), leadsTo: 'inbox' };
}

function inboxWords(open: number): string | null {
  if (open === 0) return null;
  const count = open.toLocaleString('en-AU');
  return open === 1 ? '1 problem needs somebody' : `${count} problems need somebody`;
}
