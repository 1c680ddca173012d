import { Group, Progress, Stack, Text } from '@mantine/core';
import type { SyncRun } from '#contract/runs';
import { runLooks } from './run-words.ts';

/** How far a run is, as a bar and in numbers; a bar without an end where that is not known yet. */
export function RunProgress({ run }: { run: SyncRun }) {
  const share = run.total ? (run.done / run.total) * 100 : 100;
  const isOn = run.state === 'running';
  return (
    <Stack gap={6}>
      <Progress
        value={share}
        animated={isOn && run.waitingFor === null}
        color={runLooks[run.state].colour}
        aria-label="Progress of the run"
      />
      <Group justify="space-between" role="status">
        <Text size="sm" className="figures">
          {run.total === null
            ? `${run.done.toLocaleString('en-AU')} done`
            : `${run.done.toLocaleString('en-AU')} of ${run.total.toLocaleString('en-AU')}`}
        </Text>
        {run.waitingFor && (
          <Text size="sm" c="dimmed">
            {run.waitingFor}
          </Text>
        )}
      </Group>
    </Stack>
  );
}
