import { z } from 'zod';
import { dayOf, instantOf } from './date.ts';
import { wireAmount, wireList, wireNumber, wireText } from './page.ts';

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
  SentToContact: z
    .boolean()
    .nullish()
    .transform((sent) => sent ?? false),
  UpdatedDateUTC: wireText,
  UpdatedDateUTCString: wireText,
});

type Dates = 'Date' | 'DateString' | 'DueDate' | 'DueDateString';
type Updated = 'UpdatedDateUTC' | 'UpdatedDateUTCString';

/**
 * An invoice as Xero holds it, trimmed to what Bursar uses. Amounts are JSON numbers in
 * `CurrencyCode`: pass each through `minorOf` before counting with it. `day` and `dueDay` are
 * `YYYY-MM-DD`. `raw` is the whole paper as it came. Lists without `page` carry no line items.
 */
export type WireInvoice = Omit<z.output<typeof Invoice>, Dates | Updated> & {
  day: string | null;
  dueDay: string | null;
  updatedAt: Date | null;
  raw: unknown;
};

/** Reads one invoice; null when it has no shape we know. */
export function readInvoice(json: unknown): WireInvoice | null {
  const parsed = Invoice.safeParse(json);
  if (!parsed.success) return null;
  const { Date: date, DateString, DueDate, DueDateString, ...rest } = parsed.data;
  const { UpdatedDateUTC, UpdatedDateUTCString, ...invoice } = rest;
  return {
    ...invoice,
    day: dayOf(date, DateString),
    dueDay: dayOf(DueDate, DueDateString),
    updatedAt: instantOf(UpdatedDateUTC, UpdatedDateUTCString),
    raw: json,
  };
}

/** Where an invoice can be seen and paid; null when Xero gives no address. */
export function readOnlineUrl(json: unknown): string | null {
  const row = json as { OnlineInvoiceUrl?: unknown } | null;
  const url = row?.OnlineInvoiceUrl;
  return typeof url === 'string' && URL.canParse(url) ? url : null;
}
