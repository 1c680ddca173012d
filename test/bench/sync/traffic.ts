import { SECOND_MS } from '#platform/clock';
import type { Dice } from '../../../emulator/seeds/dice.ts';
import type { BusyOrg } from './busy-world.ts';

export interface Traffic {
  readonly changes: number;
  stop(): void;
}

/** Bookkeepers raise, pay and alter invoices, so many a second over all organisations together. */
export function startTraffic(orgs: readonly BusyOrg[], perSecond: number, dice: Dice): Traffic {
  let changes = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    // As independent people do: the gaps are exponential.
    const gapMs = (-Math.log(1 - dice.below(1_000_000) / 1_000_000) * SECOND_MS) / perSecond;
    timer = setTimeout(act, gapMs);
  };
  const act = () => {
    changeSomething(dice.pick(orgs), dice);
    changes += 1;
    next();
  };
  if (orgs.length > 0) next();
  return {
    get changes() {
      return changes;
    },
    stop: () => clearTimeout(timer),
  };
}

function changeSomething({ bookkeeper, contactId }: BusyOrg, dice: Dice): void {
  const unpaid = bookkeeper.books.invoices.all().find((one) => one.status === 'AUTHORISED');
  const act = unpaid ? dice.below(3) : 0;
  if (unpaid && act === 1) {
    bookkeeper.pay(unpaid.id, (unpaid.total - unpaid.paid) / 100);
  } else if (unpaid && act === 2) {
    bookkeeper.editInvoice(unpaid.id, { Reference: `Altered ${dice.below(1_000_000)}` });
  } else {
    const lines = [{ description: 'Fee', unitAmount: 100 + dice.below(900) }];
    bookkeeper.createInvoice({ contactId, lines });
  }
}
