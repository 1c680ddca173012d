import { z } from 'zod';
import { wireNumber, wireText } from './page.ts';

const flag = z
  .boolean()
  .nullish()
  .transform((is) => is ?? false);

const status = z
  .string()
  .nullish()
  .transform((text) => text ?? 'ACTIVE');

const Account = z.object({
  AccountID: z.guid().transform((id) => id.toLowerCase()),
  Code: wireText,
  Name: z.string(),
  Type: z.string(),
  Status: status,
  TaxType: wireText,
  EnablePaymentsToAccount: flag,
});
/** An account of the chart. */
export type WireAccount = z.output<typeof Account>;

const TaxRate = z.object({
  Name: z.string(),
  TaxType: z.string(),
  Status: status,
  /** Percent. */
  EffectiveRate: wireNumber,
  CanApplyToRevenue: flag,
});
/** A tax rate; `TaxType` tells it apart within one organisation only (it differs by country). */
export type WireTaxRate = z.output<typeof TaxRate>;

const Currency = z.object({ Code: z.string(), Description: wireText });
export type WireCurrency = z.output<typeof Currency>;

const readerOf =
  <Row>(shape: z.ZodType<Row>) =>
  (json: unknown): Row | null => {
    const parsed = shape.safeParse(json);
    return parsed.success ? parsed.data : null;
  };

export const readAccount = readerOf(Account);
export const readTaxRate = readerOf(TaxRate);
export const readCurrency = readerOf(Currency);
