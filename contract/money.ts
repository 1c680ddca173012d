import { z } from 'zod';
import { XeroOrgId } from './ids.ts';

/** ISO 4217 code, three capital letters. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter currency code');
export type Currency = z.infer<typeof Currency>;

/**
 * An amount in whole minor units (cents for AUD) with its currency. Yen and other currencies without
 * cents count in hundredths too, since Xero keeps two decimals of every currency.
 * Safe integers only: a document of more than 90 trillion dollars is refused, never rounded.
 */
export const Money = z.object({ amountMinor: z.int(), currency: Currency });
export type Money = z.infer<typeof Money>;

/** What is owed to one organisation in one currency. */
export const Owing = Money.extend({ xeroOrgId: XeroOrgId });
export type Owing = z.infer<typeof Owing>;

/** What people write without decimals. */
const ZERO_DECIMALS = new Set(
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
);
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/**
 * How many decimals a minor unit stands for: as many as Xero keeps of any currency, which is 2, or the
 * 3 that a few currencies have (ISO 4217). Rounding yen one by one would let sums differ from Xero's.
 */
export function minorUnitDigits(currency: string): 2 | 3 {
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/**
 * Exact text of an amount, with thousands separated and without its currency: `1,234.50`, `-0.05`;
 * whole yen read `1,234`. Works on digits only, so no float ever touches the amount.
 */
export function formatMinor(amountMinor: number, currency: string): string {
  const digits = minorUnitDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const padded = Math.abs(amountMinor)
    .toString()
    .padStart(digits + 1, '0');
  const whole = inThousands(padded.slice(0, -digits));
  const fraction = padded.slice(-digits);
  const isBare = ZERO_DECIMALS.has(currency) && Number(fraction) === 0;
  return isBare ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/**
 * A decimal as Xero writes it, such as a price of up to four places: `1800.0000` of AUD reads
 * `1,800.00`, and `0.0125` stays what it is.
 */
export function formatDecimal(decimal: string, currency: string): string {
  const [whole = '', places = ''] = decimal.split('.');
  const fewest = ZERO_DECIMALS.has(currency) ? 0 : minorUnitDigits(currency);
  const fraction = places.replace(/0+$/, '').padEnd(fewest, '0');
  return fraction === '' ? inThousands(whole) : `${inThousands(whole)}.${fraction}`;
}

function inThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
