import type { FakeClock } from '#platform/clock';
import { MINUTE_MS } from '#platform/clock';
import type { Collection, Row } from '../../emulator/core/collection.ts';
import type { Emulator } from '../../emulator/server.ts';
import type { WireRequest } from '../../src/xero/request.ts';
import { PARTIES } from './ground.ts';

/** A copy of Xero's papers that is some moments behind, and answers now and then. */
export interface Lag {
  /** From here on the copy stands still. */
  begin(): void;
  /** Asks the copy, where it is not too far behind to be believed. */
  ask<T>(request: WireRequest, ask: () => Promise<T>): Promise<T>;
}

/** So far behind is no copy. */
const LAG_MAX_MS = 2 * MINUTE_MS;

interface Picture {
  at: number;
  rows: ReadonlyMap<Collection<Row>, readonly Row[]>;
}

export function createLag(emulator: Emulator, clock: FakeClock): Lag {
  let picture: Picture | null = null;
  let isAsked = false;

  function collections(): Collection<Row>[] {
    return PARTIES.flatMap(({ xeroOrgId }) => {
      const { books } = emulator.control.bookkeeper(xeroOrgId);
      const { invoices, creditNotes, prepayments, overpayments, payments, allocations } = books;
      const papers = [invoices, creditNotes, prepayments, overpayments];
      return [...papers, payments, allocations] as unknown as Collection<Row>[];
    });
  }

  function rowsNow(): Picture['rows'] {
    return new Map(collections().map((rows) => [rows, [...rows.all()]]));
  }

  function show(rows: Picture['rows']): void {
    for (const [collection, some] of rows) collection.load(some);
  }

  return {
    begin() {
      picture = { at: clock.now().getTime(), rows: rowsNow() };
    },
    async ask(request, ask) {
      const isFit = picture !== null && clock.now().getTime() - picture.at <= LAG_MAX_MS;
      if (!picture || !isFit || isAsked || !isOfPapers(request)) return ask();
      const present = rowsNow();
      isAsked = true;
      show(picture.rows);
      try {
        return await ask();
      } finally {
        show(present);
        isAsked = false;
      }
    },
  };
}

/** Reads by id and walks over what changed; who asks by contact or for a count asks the books. */
function isOfPapers({ method, url }: WireRequest): boolean {
  const isPaper = /\/(Invoices|CreditNotes|Prepayments|Overpayments)\?/.test(url);
  return method === 'GET' && isPaper && !/ContactIDs=|pageSize=1(&|$)|where=/.test(url);
}
