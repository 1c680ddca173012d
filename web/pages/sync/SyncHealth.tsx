import { Alert, Group, Progress, Stack, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { LaneHealth } from '#contract/sync';
import { ask } from '../../api/queries.ts';
import { Facts } from '../../ui/facts.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { standingLooks } from '../../ui/states.ts';
import { momentText } from '../../util/dates.ts';

/** How the sync with one Xero organisation is doing, live. */
export function SyncHealth({ xeroOrgId }: { xeroOrgId: string }) {
  const health = useQuery(ask('syncHealth'));
  if (health.error && !health.data) {
    return <ProblemAlert error={health.error} retry={() => health.refetch()} />;
  }
  if (!health.data) return <Loading rows={2} />;
  const lane = health.data.lanes.find((one) => one.xeroOrgId === xeroOrgId);
  if (!lane) return <Text c="dimmed">Sync starts in a moment.</Text>;
  return (
    <Stack>
      {lane.pausedUntil && <Paused lane={lane} />}
      <Counts lane={lane} />
      <Facts
        columns={4}
        facts={[
          { label: 'Last sent to Xero', value: timeText(lane.lastPushAt) },
          { label: 'Papers last read', value: timeText(lane.lastPullAt) },
          { label: 'All looked through by', value: timeText(lane.lastSweepAt) },
          { label: 'Calls to Xero today', value: <Calls lane={lane} /> },
        ]}
      />
    </Stack>
  );
}

function timeText(instant: string | null): string {
  return instant ? momentText(instant) : 'Not yet';
}

function Counts({ lane }: { lane: LaneHealth }) {
  const counts = [
    { look: standingLooks['in-step'], count: lane.inStep },
    { look: standingLooks.waiting, count: lane.waiting },
    // Whoever waits for a person to say who they are in Xero is counted in here too.
    { look: { ...standingLooks.blocked, word: 'Blocked or undecided' }, count: lane.blocked },
  ];
  return (
    <Group gap="lg" role="group" aria-label="Learners and workplaces by where they stand">
      {counts.map(({ look, count }) => (
        <Group key={look.word} gap={8}>
          {/* The colour of a state that nobody is in would only alarm. */}
          <StateBadge look={count === 0 ? { ...look, colour: 'gray' } : look} />
          <Text fw={600} className="figures" component="span">
            {count.toLocaleString('en-AU')}
          </Text>
        </Group>
      ))}
      {lane.noticesWaiting > 0 && (
        <Text size="sm" c="dimmed">
          {lane.noticesWaiting.toLocaleString('en-AU')} changes from Xero still to be read
        </Text>
      )}
    </Group>
  );
}

function Calls({ lane }: { lane: LaneHealth }) {
  const share = lane.callsPerDay === 0 ? 0 : (lane.callsToday / lane.callsPerDay) * 100;
  return (
    <Stack gap={4}>
      <span className="figures">
        {lane.callsToday.toLocaleString('en-AU')} of {lane.callsPerDay.toLocaleString('en-AU')}
      </span>
      <Progress value={share} size="sm" aria-label="Share of today’s calls used" />
    </Stack>
  );
}

function Paused({ lane }: { lane: LaneHealth }) {
  if (!lane.pausedUntil) return null;
  return (
    <Alert color="amber" icon={<IconClock aria-hidden />} title="Sync rests for now">
      {lane.pauseReason} It goes on by itself at {momentText(lane.pausedUntil)}.
    </Alert>
  );
}
