import { Box, Group, Stack, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { LearnerBalance, LearnerDocument } from '#contract/billing';
import type { Learner } from '#contract/learners';
import { useOrganisationName } from '../../api/organisations.ts';
import { askPages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { Paged } from '../../table/paged.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Empty } from '../../ui/empty.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { DocumentsTable } from '../billing/DocumentsTable.tsx';

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
  const balances = query.data?.pages[0]?.balances ?? [];
  const nameOf = useOrganisationName();
  return (
    <>
      {balances.map((balance) => (
        <Balance
          key={`${balance.xeroOrgId} ${balance.due.currency}`}
          balance={balance}
          organisation={nameOf(balance.xeroOrgId)}
        />
      ))}
      <Paged query={query} noun="papers" empty={<NoneYet isSynced={learner.syncToXero} />}>
        {(documents: LearnerDocument[]) => (
          <DocumentsTable label="Invoices of this learner" documents={documents} />
        )}
      </Paged>
    </>
  );
}

interface BalanceProps {
  balance: LearnerBalance;
  /** Named where there are several: their sums are never added together. */
  organisation: string | null;
}

function Balance({ balance, organisation }: BalanceProps) {
  const sums = [
    { label: 'Invoiced', money: balance.invoiced },
    { label: 'Paid', money: balance.paid },
    { label: 'Credited', money: balance.credited },
    { label: balance.isConnected ? 'Owing' : 'Was owing', money: balance.due },
    { label: 'Of it overdue', money: balance.overdue },
    { label: 'Credit available', money: balance.credit },
  ];
  return (
    <Group
      gap="xl"
      align="flex-end"
      px="lg"
      py="md"
      aria-label={`Balance in ${[balance.due.currency, organisation].filter(Boolean).join(', ')}`}
      role="group"
      style={{ borderBottom: '1px solid var(--bursar-line)' }}
    >
      {organisation && (
        <Text w="100%" fw={600}>
          {organisation}
        </Text>
      )}
      {sums.map(({ label, money }) => (
        <Stack key={label} gap={0}>
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Box
            fz={label === 'Owing' ? 19 : 16}
            fw={label === 'Owing' ? 650 : 500}
            c={
              label === 'Of it overdue' && money.amountMinor > 0 ? 'var(--mantine-color-error)' : ''
            }
          >
            <Amount money={money} />
          </Box>
        </Stack>
      ))}
    </Group>
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
