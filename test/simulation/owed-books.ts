import { openOf, statusOf } from '#billing/document';
import { type StatementPaper, statementsOf } from '#billing/statement';
import type { DocumentId, LearnerId, XeroOrgId } from '#contract/ids';
import { creditReader } from '#xero/wire/credit';
import { readInvoice } from '#xero/wire/invoice';
import { wireAdvance, wireCreditNote } from '../../emulator/accounting/credit-wire.ts';
import { wireInvoice } from '../../emulator/accounting/document-wire.ts';
import type { Document } from '../../emulator/accounting/model.ts';
import type { Bookkeeper } from '../../emulator/control/bookkeeper.ts';
import { mirrorPapers, type WirePaper } from '../../src/sync/pull/mirror-documents.ts';

const ORG = 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId;
const VIEW = { unitDecimals: 4, isFull: true } as const;

/** A sum of money in cents by `contact currency`. */
export type Sums = Map<string, bigint>;

/** What every contact owes, less its credit, as the books themselves have it. */
export function owedInBooks({ books }: Bookkeeper): Sums {
  const sums: Sums = new Map();
  const add = (paper: Document, sign: bigint) => {
    if (paper.status !== 'AUTHORISED' && paper.status !== 'PAID') return;
    const key = `${paper.contactId} ${paper.currency}`;
    const open = BigInt(paper.total - paper.paid - paper.credited);
    sums.set(key, (sums.get(key) ?? 0n) + sign * open);
  };
  for (const invoice of books.invoices.all()) add(invoice, 1n);
  for (const credit of creditsOf(books)) add(credit, -1n);
  return sums;
}

function creditsOf(books: Bookkeeper['books']): Document[] {
  const { creditNotes, prepayments, overpayments } = books;
  return [creditNotes, prepayments, overpayments].flatMap((rows) => [...rows.all()]);
}

/** The same as a learner's statement closes, from the papers as they go over the wire. */
export function owedByStatements(keeper: Bookkeeper): Sums {
  const { books } = keeper;
  const ownerOf = new Map(
    books.contacts
      .all()
      .map(({ id }) => [
        id,
        { partyKind: 'learner' as const, partyId: id as LearnerId, contactId: id },
      ]),
  );
  const rows = [
    ...books.invoices.all().map((paper) => readInvoice(json(wireInvoice(books, paper, VIEW)))),
    ...books.creditNotes
      .all()
      .map((paper) => creditReader('credit-note')(json(wireCreditNote(books, paper, VIEW)))),
    ...books.prepayments
      .all()
      .map((paper) => creditReader('prepayment')(json(wireAdvance(books, paper, VIEW)))),
    ...books.overpayments
      .all()
      .map((paper) => creditReader('overpayment')(json(wireAdvance(books, paper, VIEW)))),
  ];
  const read = rows.filter((row): row is WirePaper => row !== null);
  if (read.length < rows.length) throw new Error('A paper could not be read');
  const { papers, unreadable } = mirrorPapers(ORG, read, ownerOf);
  if (unreadable.length > 0) throw new Error(`Papers in a state that is new: ${unreadable}`);
  const sums: Sums = new Map();
  for (const [contactId, own] of Map.groupBy(papers, (paper) => paper.contactId)) {
    const known = own.map(({ state, ...paper }): StatementPaper => {
      const dueMinor = openOf(state, paper.dueMinor);
      const remainingMinor = openOf(state, paper.remainingMinor);
      return {
        ...paper,
        id: paper.xeroId as DocumentId,
        status: statusOf(state, paper),
        dueMinor,
        remainingMinor,
      };
    });
    const former = new Set<XeroOrgId>();
    const options = { period: {}, today: '2026-03-02', linesMax: 2_000, former };
    for (const account of statementsOf(known, options)) {
      if (account.closingMinor !== account.dueMinor - account.creditMinor) {
        throw new Error(`A statement of ${contactId} does not close with what is open`);
      }
      sums.set(`${contactId} ${account.currency}`, account.closingMinor);
    }
  }
  return sums;
}

/** Over the wire and back. */
function json(wire: object): unknown {
  return JSON.parse(JSON.stringify(wire));
}

/** Where the two differ, in words; empty when every contact owes the same in both. */
export function differences(theirs: Sums, ours: Sums): string[] {
  const keys = new Set([...theirs.keys(), ...ours.keys()]);
  return [...keys].flatMap((key) => {
    const [a, b] = [theirs.get(key) ?? 0n, ours.get(key) ?? 0n];
    return a === b ? [] : `${key}: ${a} in the books, ${b} here`;
  });
}
