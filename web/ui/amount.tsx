import { Text } from '@mantine/core';
import { formatMinor, type Money, type Owing } from '#contract/money';

/** Money in tabular figures with its currency; its cell aligns it to the right. */
export function Amount({ money }: { money: Money }) {
  return (
    <span className="amount">
      {formatMinor(money.amountMinor, money.currency)}
      <span className="amount-currency">{money.currency}</span>
    </span>
  );
}

interface OwingSumsProps {
  sums: readonly Owing[];
  /** The name of an organisation, where there are several. */
  nameOf: (xeroOrgId: string) => string | null;
}

/** What is owed to each organisation in each currency, under each other; never added together. */
export function OwingSums({ sums, nameOf }: OwingSumsProps) {
  if (sums.length === 0) return null;
  return (
    <span style={{ display: 'inline-grid' }}>
      {sums.map((sum) => (
        <span key={sum.xeroOrgId + sum.currency}>
          <Text span size="sm" c="dimmed">
            {nameOf(sum.xeroOrgId)}{' '}
          </Text>
          <Amount money={sum} />
        </span>
      ))}
    </span>
  );
}
