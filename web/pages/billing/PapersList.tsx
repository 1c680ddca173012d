import { Box, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LearnerBalance, LearnerDocument } from '#contract/billing';
import type { Money } from '#contract/money';
import { useOrganisationName } from '../../api/organisations.ts';
import { Paged } from '../../table/paged.tsx';
import { Amount } from '../../ui/amount.tsx';
import { DocumentsTable } from './DocumentsTable.tsx';
import { openSums } from './open-sums.ts';

type Asked = Parameters<typeof Paged<LearnerDocument>>[0]['query'];

interface PapersListProps {
  query: Asked & { data?: { pages: { balances: LearnerBalance[] }[] } | undefined };
  label: string;
  empty: ReactNode;
}

/** Papers of a learner or workplace with what is owing, by organisation and currency. */
export function PapersList({ query, label, empty }: PapersListProps) {
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
      <Paged query={query} noun="papers" empty={empty}>
        {(documents: LearnerDocument[]) => <DocumentsTable label={label} documents={documents} />}
      </Paged>
    </>
  );
}

interface BalanceProps {
  balance: LearnerBalance;
  /** Named where there are several: their sums are never added together. */
  organisation: string | null;
}

/** What few have: it would be one more zero to everybody else. */
function unlessZero<Sum extends { money: Money }>(sum: Sum): Sum[] {
  return sum.money.amountMinor === 0 ? [] : [sum];
}

function Balance({ balance, organisation }: BalanceProps) {
  const sums = [
    { label: 'Invoiced', money: balance.invoiced },
    { label: 'Paid', money: balance.paid },
    { label: 'Credited', money: balance.credited },
    ...unlessZero({ label: 'Otherwise adjusted', money: balance.adjusted }),
    ...unlessZero({ label: 'Paid back', money: balance.paidBack }),
    ...openSums('Owing', balance),
  ];
  return (
    <Group
      className="sums"
      gap="xl"
      align="flex-end"
      px="lg"
      py="md"
      aria-label={`Balance in ${[balance.due.currency, organisation].filter(Boolean).join(', ')}`}
      role="group"
      style={{ borderBottom: '1px solid var(--bursar-line)' }}
    >
      {organisation && (
        <Text w="100%" fw={600} style={{ gridColumn: '1 / -1' }}>
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
            lh="26px"
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
