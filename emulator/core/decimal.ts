/**
 * Exact decimals as scaled integers. Money inside is whole cents; quantities and unit prices are
 * ten-thousandths, since Xero takes four decimals there.
 */

const DECIMAL_PATTERN = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const MAX_DIGITS = 40;

/**
 * Reads a JSON number or a numeric text as an integer of `10^-scale`, rounding half away from zero.
 * @returns undefined when it is not a decimal number of sane size.
 */
export function parseScaled(value: unknown, scale: number): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const match = DECIMAL_PATTERN.exec(String(value).trim());
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const shift = scale + Number(exponent ?? 0) - fraction.length;
  if (whole.length + fraction.length > MAX_DIGITS || Math.abs(shift) > MAX_DIGITS) return undefined;
  const digits = BigInt(whole + fraction);
  const scaled =
    shift >= 0 ? digits * 10n ** BigInt(shift) : divideRound(digits, 10n ** BigInt(-shift));
  const result = Number(sign === '-' ? -scaled : scaled);
  return Number.isSafeInteger(result) ? result : undefined;
}

/** Quotient rounded half away from zero; the divisor is positive. */
export function divideRound(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n;
  const size = isNegative ? -dividend : dividend;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  return isNegative ? -rounded : rounded;
}

/** `a * b / divisor`, exact until the one rounding at the end. */
export function multiplyDivide(a: number, b: number, divisor: number): number {
  return Number(divideRound(BigInt(a) * BigInt(b), BigInt(divisor)));
}

/** Cents as the JSON number that Xero sends. */
export function centsToNumber(cents: number): number {
  return cents / 100;
}

/** Cents for reading: `1234.50`, with thousands parted by commas. */
export function formatCents(cents: number): string {
  const size = Math.abs(cents);
  const whole = Math.floor(size / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
  return `${cents < 0 ? '-' : ''}${whole}.${String(size % 100).padStart(2, '0')}`;
}
