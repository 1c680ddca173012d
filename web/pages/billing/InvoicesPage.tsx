import { Group, Paper, Select } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  DOCUMENT_KINDS,
  DOCUMENT_STATUSES,
  type DocumentKind,
  type DocumentStatus,
  type LearnerDocument,
} from '#contract/billing';
import { useMay } from '../../api/may.ts';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { documentLooks } from '../../ui/states.ts';
import { paths } from '../../util/paths.ts';
import { DocumentsTable } from './DocumentsTable.tsx';
import { kindNames } from './kind-names.ts';

/** Every paper of the provider as it stands in Xero. */
export function InvoicesPage() {
  const may = useMay('documents.view');
  return (
    <Page
      title="Invoices"
      lead="With credit notes, prepayments and overpayments, as they stand in Xero. New ones and payments arrive by themselves."
      actions={
        may.allowed && (
          <ButtonLink {...paths.missingPaper} variant="default">
            Find a missing invoice
          </ButtonLink>
        )
      }
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
  ...DOCUMENT_STATUSES.map((status) => ({
    value: status,
    label: documentLooks[status].word,
  })),
];

const anyKind = 'any';
const kinds = [
  { value: anyKind, label: 'All kinds' },
  ...DOCUMENT_KINDS.map((kind) => ({ value: kind, label: kindNames[kind] })),
];

function Documents() {
  const [status, setStatus] = useState<DocumentStatus | undefined>();
  const [kind, setKind] = useState<DocumentKind | undefined>();
  const query = useInfiniteQuery(askPages('listDocuments', { query: { status, kind } }));
  const isNarrowed = status !== undefined || kind !== undefined;
  return (
    <>
      <Group>
        <Select
          label="Kind"
          data={kinds}
          value={kind ?? anyKind}
          onChange={(chosen) => setKind(DOCUMENT_KINDS.find((kind) => kind === chosen))}
          allowDeselect={false}
          w={220}
        />
        <Select
          label="Status"
          data={statuses}
          value={status ?? anyStatus}
          onChange={(chosen) => setStatus(DOCUMENT_STATUSES.find((status) => status === chosen))}
          allowDeselect={false}
          w={220}
        />
      </Group>
      <Paper>
        <Paged query={query} noun="papers" empty={<None isNarrowed={isNarrowed} />}>
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
      <Empty
        icon={IconReceipt}
        title="No paper of this kind and status"
        text="Choose another kind or status."
      />
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
