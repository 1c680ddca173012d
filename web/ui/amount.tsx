import type { ReactNode } from 'react';
import { formatMinor, type Money } from '#contract/money';

/** Money in tabular figures with its currency; its cell aligns it to the right. */
export function Amount({ money }: { money: Money }) {
  return (
    <span className="amount">
      {formatMinor(money.amountMinor, money.currency)}
      <span className="amount-currency">{money.currency}</span>
    </span>
  );
}

/** Sums in several currencies under each other; never added together. */
export function Amounts({ money, none = null }: { money: readonly Money[]; none?: ReactNode }) {
  if (money.length === 0) return none;
  return (
    <span style={{ display: 'inline-flex', flexDirection: 'column', alignItems: 'flex-end' }}>
      {money.map((sum) => (
        <Amount key={sum.currency} money={sum} />
      ))}
    </span>
  );
}
