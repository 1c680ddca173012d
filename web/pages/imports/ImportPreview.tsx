import { Button, Group, Stack, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ImportRun } from '#contract/imports';
import { useAction } from '../../api/actions.ts';
import { renew, routesOfTopic } from '../../api/queries.ts';
import { DiscardImport } from './DiscardImport.tsx';
import { ImportRemarks } from './ImportRemarks.tsx';
import { ImportRows } from './ImportRows.tsx';

interface ImportPreviewProps {
  run: ImportRun;
  changeMatching: () => void;
}

/** What an import would do, row by row, before a person says yes. */
export function ImportPreview({ run, changeMatching }: ImportPreviewProps) {
  const commit = useAction('commitImport');
  const options = useAction('setImportOptions');
  const params = { importId: run.id };
  const client = useQueryClient();
  // Refused where somebody had the preview made anew: that one is to be looked at next.
  const onError = () => renew(client, routesOfTopic.imports);
  const effective = run.counts.new + run.counts.changed;
  return (
    <Stack gap="lg">
      <Group>
        <Button
          disabled={effective === 0}
          loading={commit.isPending}
          onClick={() =>
            commit.mutate({ params, body: { previewVersion: run.previewVersion } }, { onError })
          }
        >
          {effective === 0 ? 'Nothing to import' : `Import ${learnersText(effective)}`}
        </Button>
        {run.kind === 'csv' && (
          <Button variant="default" onClick={changeMatching}>
            Change the matching
          </Button>
        )}
        <DiscardImport run={run} />
      </Group>
      <Switch
        label="Also import rows that look like someone who is here already"
        description="Left out otherwise. Turn it on when they are different people."
        checked={run.importLookAlikes}
        disabled={options.isPending}
        onChange={(event) =>
          options.mutate({ params, body: { importLookAlikes: event.currentTarget.checked } })
        }
      />
      <Switch
        label="Put names that are all in capitals into ordinary case"
        description="BROWN, MARY-ANN becomes Brown, Mary-Ann"
        checked={run.correctNameCase}
        disabled={options.isPending}
        onChange={(event) =>
          options.mutate({ params, body: { correctNameCase: event.currentTarget.checked } })
        }
      />
      <ImportRemarks run={run} />
      <ImportRows run={run} />
    </Stack>
  );
}

function learnersText(count: number): string {
  return count === 1 ? '1 learner' : `${count.toLocaleString('en-AU')} learners`;
}
