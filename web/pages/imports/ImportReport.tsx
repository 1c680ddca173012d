import { Alert, Group, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ImportRun } from '#contract/imports';
import { Facts } from '../../ui/facts.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { ImportRemarks } from './ImportRemarks.tsx';
import { ImportRows } from './ImportRows.tsx';

/** How an import ended: sums, remarks and each row. */
export function ImportReport({ run }: { run: ImportRun }) {
  return (
    <Stack gap="lg">
      <Ending run={run} />
      <Facts
        columns={5}
        facts={[
          { label: 'New', value: run.counts.new },
          { label: 'Changed', value: run.counts.changed },
          { label: 'Unchanged', value: run.counts.unchanged },
          { label: 'Faulty, left out', value: run.counts.faulty },
          { label: 'Finished', value: run.finishedAt && momentText(run.finishedAt) },
        ]}
      />
      <ImportRemarks run={run} />
      <ImportRows run={run} />
      <Group>
        <ButtonLink {...paths.learners}>See the learners</ButtonLink>
        <ButtonLink {...paths.newImport} variant="default">
          Import more
        </ButtonLink>
      </Group>
    </Stack>
  );
}

function Ending({ run }: { run: ImportRun }) {
  const applied = run.counts.applied.toLocaleString('en-AU');
  if (run.state === 'done') {
    return (
      <Alert color="moss" role="status" icon={<IconCircleCheck aria-hidden />} title="Imported">
        {run.counts.applied === 1 ? '1 learner was' : `${applied} learners were`} added or changed.
      </Alert>
    );
  }
  if (run.state === 'discarded') {
    return <Alert color="gray">This import was discarded; nothing was changed.</Alert>;
  }
  return (
    <Alert
      color="brick"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title="The import could not be finished"
    >
      {run.failure} {run.counts.applied === 1 ? '1 row was' : `${applied} rows were`} written before
      that. Choosing the same files again goes on where it ended: what is here already counts as
      unchanged.
    </Alert>
  );
}
