import { Paper, Progress, Stack, Text } from '@mantine/core';
import type { ImportRun } from '#contract/imports';

/** How far a running import is; it goes on when this page is left. */
export function ImportRunning({ run }: { run: ImportRun }) {
  const { counts } = run;
  const all = counts.new + counts.changed;
  const share = all === 0 ? 0 : Math.round((counts.applied / all) * 100);
  return (
    <Paper p="lg">
      <Stack gap="sm" role="status">
        <Text fw={550} className="figures">
          {counts.applied.toLocaleString('en-AU')} of {all.toLocaleString('en-AU')} learners
          imported
        </Text>
        <Progress value={share} animated aria-label="Import progress" size="lg" />
        <Text size="sm" c="dimmed">
          You can leave this page; the import goes on by itself.
        </Text>
      </Stack>
    </Paper>
  );
}
