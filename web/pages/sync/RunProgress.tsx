import { Group, Progress, Stack, Text } from '@mantine/core';
import type { SyncRun } from '#contract/runs';
import { runLooks } from './run-words.ts';

/** How far a run is, as a bar and in numbers; a bar without an end where that is not known yet. */
export function RunProgress({ run }: { run: SyncRun }) {
  const isOn = run.state === 'running';
  return (
    <Stack gap={6} miw={150}>
      <Progress
        value={shareOf(run)}
        animated={isOn && run.waitingFor === null}
        color={runLooks[run.state].colour}
        aria-label="Progress of the run"
      />
      <Group justify="space-between" role="status">
        <Text size="sm" className="figures">
          {progressText(run)}
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

/** In percent. */
function shareOf({ state, done, total, waitingFor }: SyncRun): number {
  // Of an end that is not known yet, a bar that moves tells that it goes on; one that rests would
  // look like the end.
  if (total === null) return state === 'running' && waitingFor === null ? 100 : 0;
  if (total === 0) return state === 'finished' ? 100 : 0;
  return (done / total) * 100;
}

function progressText({ state, done, total }: SyncRun): string {
  if (total === 0 && state === 'finished') return 'Nothing to do';
  const reached = done.toLocaleString('en-AU');
  return total === null
    ? `${reached} done so far`
    : `${reached} of ${total.toLocaleString('en-AU')}`;
}
