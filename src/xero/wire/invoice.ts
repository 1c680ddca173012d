import { z } from 'zod';
import { dayOf, instantOf } from './date.ts';
import { lacksSum, wireAmount, wireList, wireNumber, wireText } from './page.ts';

export const LineItem = z.object({
  LineItemID: wireText,
  Description: wireText,
  ItemCode: wireText,
  Quantity: wireNumber,
  UnitAmount: wireNumber,
  AccountCode: wireText,
  TaxType: wireText,
  TaxAmount: wireAmount,
  LineAmount: wireAmount,
});
export type WireLineItem = z.output<typeof LineItem>;

const batchId = z
  .guid()
  .nullish()
  .transform((id) => id?.toLowerCase() ?? null);

export const PaymentOnPaper = z
  .object({
    PaymentID: z.string(),
    Date: wireText,
    DateString: wireText,
    Amount: wireAmount,
    Reference: wireText,
    Status: wireText,
    BatchPaymentID: batchId,
  })
  .transform(({ Date: date, DateString, ...payment }) => ({
    ...payment,
    day: dayOf(date, DateString),
  }));
/** A payment as a paper lists it. `day` is `YYYY-MM-DD`; amounts are in the paper's currency. */
export type WirePaperPayment = z.output<typeof PaymentOnPaper>;

/** An entry that can't be read counts as not there: the invoice can be read all the same. */
const SetAgainst = z
  .looseObject({
    CreditNoteID: z.guid().nullish().catch(null),
    PrepaymentID: z.guid().nullish().catch(null),
    OverpaymentID: z.guid().nullish().catch(null),
    AppliedAmount: wireAmount.catch(0),
  })
  .transform(({ CreditNoteID, PrepaymentID, OverpaymentID, AppliedAmount }) => ({
    creditId: (CreditNoteID ?? PrepaymentID ?? OverpaymentID)?.toLowerCase() ?? null,
    AppliedAmount,
  }));
const setAgainst = wireList(SetAgainst).catch([]);

const Invoice = z.object({
  InvoiceID: z.guid().transform((id) => id.toLowerCase()),
  /** ACCREC: a sale; ACCPAY: a bill. */
  Type: z.string(),
  Status: z.string(),
  InvoiceNumber: wireText,
  Reference: wireText,
  Contact: z.object({ ContactID: z.guid().transform((id) => id.toLowerCase()), Name: wireText }),
  Date: wireText,
  DateString: wireText,
  DueDate: wireText,
  DueDateString: wireText,
  CurrencyCode: z.string().regex(/^[A-Z]{3}$/),
  /** Exclusive, Inclusive or NoTax. */
  LineAmountTypes: z
    .string()
    .nullish()
    .transform((mode) => mode ?? 'Exclusive'),
  LineItems: wireList(LineItem),
  SubTotal: wireAmount,
  TotalTax: wireAmount,
  Total: wireAmount,
  AmountDue: wireAmount,
  AmountPaid: wireAmount,
  AmountCredited: wireAmount,
  Payments: wireList(PaymentOnPaper),
  CreditNotes: setAgainst,
  Prepayments: setAgainst,
  Overpayments: setAgainst,
  SentToContact: z
    .boolean()
    .nullish()
    .transform((sent) => sent ?? false),
  UpdatedDateUTC: wireText,
  UpdatedDateUTCString: wireText,
});

/** A credit as the invoice lists it against which it is set. */
export interface WireSetCredit {
  kind: 'credit-note' | 'prepayment' | 'overpayment';
  creditId: string;
  AppliedAmount: number;
}

type Lists = 'CreditNotes' | 'Prepayments' | 'Overpayments';
type Dates = 'Date' | 'DateString' | 'DueDate' | 'DueDateString';
type Updated = 'UpdatedDateUTC' | 'UpdatedDateUTCString';

/**
 * An invoice as Xero holds it, trimmed to what Bursar uses. Amounts are JSON numbers in
 * `CurrencyCode`: pass each through `minorOf` before counting with it. `day` and `dueDay` are
 * `YYYY-MM-DD`. `raw` is the whole paper as it came. Lists without `page` carry no line items.
 */
export type WireInvoice = Omit<z.output<typeof Invoice>, Dates | Updated | Lists> & {
  credits: WireSetCredit[];
  day: string | null;
  dueDay: string | null;
  updatedAt: Date | null;
  raw: unknown;
};

/** Reads one invoice; null when it has no shape we know. */
export function readInvoice(json: unknown): WireInvoice | null {
  const parsed = Invoice.safeParse(json);
  if (!parsed.success || lacksSum(json, parsed.data.Status, ['Total', 'AmountDue'])) return null;
  const { Date: date, DateString, DueDate, DueDateString, ...rest } = parsed.data;
  const { UpdatedDateUTC, UpdatedDateUTCString, ...dated } = rest;
  const { CreditNotes, Prepayments, Overpayments, ...invoice } = dated;
  return {
    ...invoice,
    credits: [
      ...creditsOf('credit-note', CreditNotes),
      ...creditsOf('prepayment', Prepayments),
      ...creditsOf('overpayment', Overpayments),
    ],
    day: dayOf(date, DateString),
    dueDay: dayOf(DueDate, DueDateString),
    updatedAt: instantOf(UpdatedDateUTC, UpdatedDateUTCString),
    raw: json,
  };
}

function creditsOf(
  kind: WireSetCredit['kind'],
  list: readonly z.output<typeof SetAgainst>[],
): WireSetCredit[] {
  return list.flatMap(({ creditId, AppliedAmount }) =>
    creditId === null ? [] : { kind, creditId, AppliedAmount },
  );
}

/** Where an invoice can be seen and paid; null when Xero gives no address. */
export function readOnlineUrl(json: unknown): string | null {
  const row = json as { OnlineInvoiceUrl?: unknown } | null;
  const url = row?.OnlineInvoiceUrl;
  return typeof url === 'string' && URL.canParse(url) ? url : null;
}
