import { z } from 'zod';
import { dayOf, instantOf } from './date.ts';
import { LineItem, PaymentOnPaper } from './invoice.ts';
import { lacksSum, wireAmount, wireList, wireText } from './page.ts';

const lowerId = z.guid().transform((id) => id.toLowerCase());

const Allocation = z
  .object({
    AllocationID: wireText,
    Amount: wireAmount,
    Date: wireText,
    DateString: wireText,
    IsDeleted: z.boolean().nullish(),
    Invoice: z.object({ InvoiceID: lowerId, InvoiceNumber: wireText }),
  })
  .transform(({ Date: date, DateString, ...allocation }) => ({
    ...allocation,
    day: dayOf(date, DateString),
  }));
/** Credit set against an invoice, as the credit tells it. */
export type WireAllocation = z.output<typeof Allocation>;

const Credit = z.object({
  CreditNoteID: lowerId.nullish(),
  PrepaymentID: lowerId.nullish(),
  OverpaymentID: lowerId.nullish(),
  CreditNoteNumber: wireText,
  Type: z.string(),
  Status: z.string(),
  Reference: wireText,
  Contact: z.object({ ContactID: lowerId, Name: wireText }),
  Date: wireText,
  DateString: wireText,
  CurrencyCode: z.string().regex(/^[A-Z]{3}$/),
  LineAmountTypes: z
    .string()
    .nullish()
    .transform((mode) => mode ?? 'Exclusive'),
  LineItems: wireList(LineItem),
  SubTotal: wireAmount,
  TotalTax: wireAmount,
  Total: wireAmount,
  RemainingCredit: wireAmount,
  Allocations: wireList(Allocation),
  Payments: wireList(PaymentOnPaper),
  UpdatedDateUTC: wireText,
  UpdatedDateUTCString: wireText,
});

/** The kinds of paper that carry credit, with what Xero calls them. */
export const CREDIT_KINDS = {
  'credit-note': { list: 'CreditNotes', id: 'CreditNoteID' },
  prepayment: { list: 'Prepayments', id: 'PrepaymentID' },
  overpayment: { list: 'Overpayments', id: 'OverpaymentID' },
} as const;
export type CreditKind = keyof typeof CREDIT_KINDS;

type Ids = 'CreditNoteID' | 'PrepaymentID' | 'OverpaymentID';
type Dates = 'Date' | 'DateString' | 'UpdatedDateUTC' | 'UpdatedDateUTCString';

/**
 * A credit note, prepayment or overpayment as Xero holds it, trimmed to what Bursar uses. `Type`
 * tells the side (`ACCRECCREDIT`, `RECEIVE-…`, `AR…` are sales). Amounts are JSON numbers in
 * `CurrencyCode`. `Payments` are refunds. `raw` is the whole paper as it came.
 */
export type WireCredit = Omit<z.output<typeof Credit>, Ids | Dates> & {
  kind: CreditKind;
  CreditID: string;
  day: string | null;
  updatedAt: Date | null;
  raw: unknown;
};

/** Makes the reader of one kind; it answers null for a row that has no shape we know. */
export function creditReader(kind: CreditKind): (json: unknown) => WireCredit | null {
  return (json) => {
    const parsed = Credit.safeParse(json);
    if (!parsed.success) return null;
    if (lacksSum(json, parsed.data.Status, ['Total', 'RemainingCredit'])) return null;
    const { CreditNoteID, PrepaymentID, OverpaymentID, ...rest } = parsed.data;
    const { Date: date, DateString, UpdatedDateUTC, UpdatedDateUTCString, ...credit } = rest;
    const ids = {
      'credit-note': CreditNoteID,
      prepayment: PrepaymentID,
      overpayment: OverpaymentID,
    };
    const CreditID = ids[kind];
    if (!CreditID) return null;
    return {
      ...credit,
      kind,
      CreditID,
      day: dayOf(date, DateString),
      updatedAt: instantOf(UpdatedDateUTC, UpdatedDateUTCString),
      raw: json,
    };
  };
}
