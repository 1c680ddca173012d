import { Group, Paper, Select } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DocumentStatus, type LearnerDocument } from '#contract/billing';
import { askPages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { Paged } from '../../table/paged.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { documentLooks } from '../../ui/states.ts';
import { paths } from '../../util/paths.ts';
import { DocumentsTable } from './DocumentsTable.tsx';

/** Every invoice of the provider as it stands in Xero. */
export function InvoicesPage() {
  const may = useMay('documents.view');
  return (
    <Page
      title="Invoices"
      lead="As they stand in Xero. New ones and payments arrive by themselves."
    >
      {may.allowed ? (
        <Documents />
      ) : (
        <Paper>
          <NotAllowed title="Invoices are not shown to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}

const anyStatus = 'any';
const statuses = [
  { value: anyStatus, label: 'Any status' },
  ...DocumentStatus.options.map((status) => ({
    value: status,
    label: documentLooks[status].word,
  })),
];

function Documents() {
  const [status, setStatus] = useState<DocumentStatus | undefined>();
  const query = useInfiniteQuery(askPages('listDocuments', { query: { status } }));
  return (
    <>
      <Group>
        <Select
          label="Status"
          data={statuses}
          value={status ?? anyStatus}
          onChange={(chosen) => setStatus(DocumentStatus.safeParse(chosen).data)}
          allowDeselect={false}
          w={220}
        />
      </Group>
      <Paper>
        <Paged query={query} noun="papers" empty={<None isNarrowed={status !== undefined} />}>
          {(documents: LearnerDocument[]) => (
            <DocumentsTable label="Invoices" documents={documents} withLearner />
          )}
        </Paged>
      </Paper>
    </>
  );
}

function None({ isNarrowed }: { isNarrowed: boolean }) {
  if (isNarrowed) {
    return (
      <Empty icon={IconReceipt} title="No invoice has this status" text="Choose another status." />
    );
  }
  return (
    <Empty
      icon={IconReceipt}
      title="No invoices yet"
      text="Invoices that are raised in Xero for your synced learners appear here by themselves."
    >
      <ButtonLink {...paths.connectedApps} variant="default">
        See Connected Apps
      </ButtonLink>
    </Empty>
  );
}
