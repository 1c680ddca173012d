import { Decimal } from 'decimal.js';
import { minorUnitDigits } from '#contract/money';

/**
 * An amount of the wire (a JSON number such as 24.15) as whole minor units of its currency.
 * Goes through its shortest decimal spelling, so 24.15 is 2415 and never 2414. Xero's totals have two
 * decimals in every currency, yen too, so nothing is rounded; half a minor unit rounds away from zero.
 *
 * @throws RangeError when the amount is no finite number.
 */
export function minorOf(amount: number | string, currency: string): bigint {
  const decimal = new Decimal(amount);
  if (!decimal.isFinite()) throw new RangeError(`Not an amount of money: ${amount}`);
  const minor = decimal.times(new Decimal(10).pow(minorUnitDigits(currency)));
  return BigInt(minor.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed(0));
}

/** Exact decimal text of a quantity or unit amount, which may have four decimals; null stays null. */
export function decimalText(amount: number | null | undefined): string | null {
  return amount === null || amount === undefined ? null : new Decimal(amount).toFixed();
}
