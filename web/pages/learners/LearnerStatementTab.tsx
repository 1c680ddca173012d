import { Button } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import type { Learner } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { paths } from '../../util/paths.ts';
import { saveText } from '../../util/save-file.ts';
import { type Period, RunningStatement } from '../billing/RunningStatement.tsx';

/** The learner's running statement. */
export function LearnerStatementTab({ learner }: { learner: Learner }) {
  const may = useMay('documents.view');
  if (!may.allowed) {
    return <NotAllowed title="Statements are not shown to you" reason={may.reason} />;
  }
  const params = { learnerId: learner.id };
  return (
    <RunningStatement
      who="learner"
      ask={(query) => ask('learnerStatement', { params, query })}
      actions={(period) => <Actions learner={learner} period={period} />}
    />
  );
}

function Actions({ learner, period }: { learner: Learner; period: Period }) {
  const download = useAction('learnerStatementCsv', {
    onDone: (file) => saveText(file, 'text/csv;charset=utf-8'),
  });
  return (
    <>
      <ButtonLink
        {...paths.statement(learner.id)}
        search={period}
        variant="default"
        leftSection={<IconPrinter size={16} aria-hidden />}
      >
        Print view
      </ButtonLink>
      <Button
        variant="default"
        loading={download.isPending}
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => download.mutate({ params: { learnerId: learner.id }, query: period })}
      >
        Download CSV
      </Button>
    </>
  );
}
