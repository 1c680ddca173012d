import { Button } from '@mantine/core';
import { IconDownload, IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Workplace } from '#contract/workplaces';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask, askPages } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { saveText } from '../../util/save-file.ts';
import { PapersList } from '../billing/PapersList.tsx';
import { type Period, RunningStatement } from '../billing/RunningStatement.tsx';

/** The workplace's papers as they stand in Xero, live. */
export function WorkplaceInvoicesTab({ workplace }: { workplace: Workplace }) {
  const may = useMay('documents.view');
  if (!may.allowed) return <NotAllowed title="Invoices are not shown to you" reason={may.reason} />;
  return <Papers workplace={workplace} />;
}

function Papers({ workplace }: { workplace: Workplace }) {
  const params = { workplaceId: workplace.id };
  const query = useInfiniteQuery(askPages('listWorkplaceDocuments', { params }));
  return (
    <PapersList
      query={query}
      label="Invoices of this workplace"
      empty={
        <Empty
          icon={IconReceipt}
          title="No invoices yet"
          text={
            workplace.syncToXero
              ? 'An invoice raised for this workplace in Xero appears here by itself, and so does each payment.'
              : 'Turn Sync to Xero on first. Then each invoice raised for this workplace in Xero appears here by itself.'
          }
        />
      }
    />
  );
}

/** The workplace's running statement. */
export function WorkplaceStatementTab({ workplace }: { workplace: Workplace }) {
  const may = useMay('documents.view');
  if (!may.allowed) {
    return <NotAllowed title="Statements are not shown to you" reason={may.reason} />;
  }
  const params = { workplaceId: workplace.id };
  return (
    <RunningStatement
      who="workplace"
      ask={(query) => ask('workplaceStatement', { params, query })}
      actions={(period) => <Download workplace={workplace} period={period} />}
    />
  );
}

function Download({ workplace, period }: { workplace: Workplace; period: Period }) {
  const download = useAction('workplaceStatementCsv', {
    onDone: (file) => saveText(file, 'text/csv;charset=utf-8'),
  });
  return (
    <Button
      variant="default"
      loading={download.isPending}
      leftSection={<IconDownload size={16} aria-hidden />}
      onClick={() => download.mutate({ params: { workplaceId: workplace.id }, query: period })}
    >
      Download CSV
    </Button>
  );
}
