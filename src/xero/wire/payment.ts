import { z } from 'zod';
import { dayOf, instantOf } from './date.ts';
import { wireAmount, wireList, wireText } from './page.ts';

const lowerId = z.guid().transform((id) => id.toLowerCase());
const BatchId = z
  .object({ BatchPaymentID: lowerId })
  .nullish()
  .transform((batch) => batch?.BatchPaymentID ?? null);

const paid = <Id extends string>(id: Id) =>
  z
    .object({ [id]: lowerId } as Record<Id, typeof lowerId>)
    .nullish()
    .transform((paper) => (paper ? (paper as Record<Id, string>)[id] : null));

const Payment = z.object({
  PaymentID: lowerId,
  PaymentType: wireText,
  /** AUTHORISED or DELETED; deleted ones stay in lists. */
  Status: z
    .string()
    .nullish()
    .transform((status) => status ?? 'AUTHORISED'),
  Amount: wireAmount,
  Reference: wireText,
  Date: wireText,
  DateString: wireText,
  BatchPaymentID: lowerId.nullish().transform((id) => id ?? null),
  BatchPayment: BatchId,
  Invoice: z
    .object({ InvoiceID: lowerId, Type: wireText })
    .nullish()
    .transform((paper) => paper ?? null),
  CreditNote: paid('CreditNoteID'),
  Prepayment: paid('PrepaymentID'),
  Overpayment: paid('OverpaymentID'),
  UpdatedDateUTC: wireText,
  UpdatedDateUTCString: wireText,
});

/** The paper that a payment settles: an invoice, or a credit that is paid back. */
export interface WirePaidPaper {
  kind: 'invoice' | 'credit-note' | 'prepayment' | 'overpayment';
  id: string;
}

/** A payment as Xero lists it; `day` is `YYYY-MM-DD`. `paper` is null when Xero names none. */
export interface WirePayment {
  PaymentID: string;
  Status: string;
  Amount: number;
  Reference: string | null;
  day: string | null;
  batchId: string | null;
  paper: WirePaidPaper | null;
  updatedAt: Date | null;
}

/** Reads one payment; null when it has no shape we know. */
export function readPayment(json: unknown): WirePayment | null {
  const parsed = Payment.safeParse(json);
  if (!parsed.success) return null;
  const { PaymentID, Status, Amount, Reference, ...rest } = parsed.data;
  return {
    PaymentID,
    Status,
    Amount,
    Reference,
    day: dayOf(rest.Date, rest.DateString),
    batchId: rest.BatchPaymentID ?? rest.BatchPayment,
    paper: paperOf(rest),
    updatedAt: instantOf(rest.UpdatedDateUTC, rest.UpdatedDateUTCString),
  };
}

type Papers = Pick<
  z.output<typeof Payment>,
  'PaymentType' | 'Invoice' | 'CreditNote' | 'Prepayment' | 'Overpayment'
>;

/**
 * Xero lists credit that was paid back under `Invoice`, and tells it apart by the paper's type and
 * the payment's (the example of `GET /Payments` in its description: ARCREDITPAYMENT, ACCRECCREDIT).
 */
function paperOf({ PaymentType, ...papers }: Papers): WirePaidPaper | null {
  const { Invoice, CreditNote, Prepayment, Overpayment } = papers;
  if (Invoice) return { kind: kindOf(PaymentType, Invoice.Type), id: Invoice.InvoiceID };
  if (CreditNote) return { kind: 'credit-note', id: CreditNote };
  if (Prepayment) return { kind: 'prepayment', id: Prepayment };
  return Overpayment ? { kind: 'overpayment', id: Overpayment } : null;
}

function kindOf(...types: (string | null)[]): WirePaidPaper['kind'] {
  const said = types.join(' ').toUpperCase();
  if (said.includes('OVERPAYMENT')) return 'overpayment';
  if (said.includes('PREPAYMENT')) return 'prepayment';
  return said.includes('CREDIT') ? 'credit-note' : 'invoice';
}

const Batch = z.object({
  BatchPaymentID: lowerId,
  Payments: wireList(z.object({ PaymentID: lowerId })),
});

/** A batch with the ids of its payments. */
export interface WireBatch {
  batchId: string;
  paymentIds: string[];
}

/** Reads one batch payment; null when it has no shape we know. */
export function readBatch(json: unknown): WireBatch | null {
  const parsed = Batch.safeParse(json);
  if (!parsed.success) return null;
  const { BatchPaymentID, Payments } = parsed.data;
  return { batchId: BatchPaymentID, paymentIds: Payments.map((payment) => payment.PaymentID) };
}
