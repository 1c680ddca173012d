import type { Money } from '#contract/money';

/** What is open between somebody and an organisation; as it stood then, once that is disconnected. */
export function openSums(
  owing: string,
  { isConnected, due, overdue, credit }: Open,
): { label: string; money: Money }[] {
  if (!isConnected) {
    return [
      { label: 'Was owing', money: due },
      { label: 'Credit left then', money: credit },
    ];
  }
  return [
    { label: owing, money: due },
    { label: 'Of it overdue', money: overdue },
    { label: 'Credit available', money: credit },
  ];
}

interface Open {
  isConnected: boolean;
  due: Money;
  overdue: Money;
  credit: Money;
}
