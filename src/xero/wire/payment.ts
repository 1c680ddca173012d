import { z } from 'zod';
import { dayOf, instantOf } from './date.ts';
import { wireAmount, wireText } from './page.ts';

const Payment = z.object({
  PaymentID: z.guid().transform((id) => id.toLowerCase()),
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
  Invoice: z
    .object({
      InvoiceID: z.guid().transform((id) => id.toLowerCase()),
      InvoiceNumber: wireText,
      CurrencyCode: wireText,
    })
    .nullish()
    .transform((invoice) => invoice ?? null),
  UpdatedDateUTC: wireText,
  UpdatedDateUTCString: wireText,
});

/**
 * A payment as Xero lists it; `day` is `YYYY-MM-DD`. `Invoice` is null when it pays another kind
 * of paper (a credit note, a prepayment, an overpayment).
 */
export type WirePayment = Omit<
  z.output<typeof Payment>,
  'Date' | 'DateString' | 'UpdatedDateUTC' | 'UpdatedDateUTCString'
> & { day: string | null; updatedAt: Date | null; raw: unknown };

/** Reads one payment; null when it has no shape we know. */
export function readPayment(json: unknown): WirePayment | null {
  const parsed = Payment.safeParse(json);
  if (!parsed.success) return null;
  const { Date: date, DateString, UpdatedDateUTC, UpdatedDateUTCString, ...payment } = parsed.data;
  return {
    ...payment,
    day: dayOf(date, DateString),
    updatedAt: instantOf(UpdatedDateUTC, UpdatedDateUTCString),
    raw: json,
  };
}
