import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Learner } from '#contract/learners';
import { useMay } from '../../api/may.ts';
import { askPages } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { PapersList } from '../billing/PapersList.tsx';

/** The learner's papers as they stand in Xero, live, with what is owing by organisation and currency. */
export function LearnerInvoicesTab({ learner }: { learner: Learner }) {
  const may = useMay('documents.view');
  if (!may.allowed) return <NotAllowed title="Invoices are not shown to you" reason={may.reason} />;
  return <Documents learner={learner} />;
}

function Documents({ learner }: { learner: Learner }) {
  const query = useInfiniteQuery(
    askPages('listLearnerDocuments', { params: { learnerId: learner.id } }),
  );
  return (
    <PapersList
      query={query}
      label="Invoices of this learner"
      empty={<NoneYet isSynced={learner.syncToXero} />}
    />
  );
}

function NoneYet({ isSynced }: { isSynced: boolean }) {
  return (
    <Empty
      icon={IconReceipt}
      title="No invoices yet"
      text={
        isSynced
          ? 'An invoice raised for this learner in Xero appears here by itself, and so does each payment.'
          : 'Turn Sync to Xero on first. Then each invoice raised for this learner in Xero appears here by itself.'
      }
    />
  );
}
