import { z } from 'zod';

/** ISO 4217 code, three capital letters. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter currency code');
export type Currency = z.infer<typeof Currency>;

/**
 * An amount in whole minor units (cents for AUD, yen for JPY) with its currency.
 * Safe integers only: a document of more than 90 trillion dollars is refused, never rounded.
 */
export const Money = z.object({ amountMinor: z.int(), currency: Currency });
export type Money = z.infer<typeof Money>;

const ZERO_DECIMALS = new Set(
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
);
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** How many decimals a currency's minor unit has (ISO 4217): 2 unless it is one of the few others. */
export function minorUnitDigits(currency: string): 0 | 2 | 3 {
  if (ZERO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/**
 * Exact text of an amount, with thousands separated and without its currency: `1,234.50`, `-0.05`.
 * Works on digits only, so no float ever touches the amount.
 */
export function formatMinor(amountMinor: number, currency: string): string {
  const digits = minorUnitDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const padded = Math.abs(amountMinor)
    .toString()
    .padStart(digits + 1, '0');
  const whole = digits === 0 ? padded : padded.slice(0, -digits);
  const fraction = digits === 0 ? '' : `.${padded.slice(-digits)}`;
  return `${sign}${inThousands(whole)}${fraction}`;
}

/**
 * A decimal as Xero writes it, such as a price of up to four places: `1800.0000` of AUD reads
 * `1,800.00`, and `0.0125` stays what it is.
 */
export function formatDecimal(decimal: string, currency: string): string {
  const [whole = '', places = ''] = decimal.split('.');
  const fraction = places.replace(/0+$/, '').padEnd(minorUnitDigits(currency), '0');
  return fraction === '' ? inThousands(whole) : `${inThousands(whole)}.${fraction}`;
}

function inThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
