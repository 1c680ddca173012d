import { multiplyDivide } from '../core/decimal.ts';
import { type Books, findTaxRate } from './books.ts';
import type { Line, LineAmountTypes } from './model.ts';

/** A line before its sums: `tax` is set when the sender insists on an amount of tax. */
export type DraftLine = Omit<Line, 'amount' | 'tax'> & {
  readonly amount: number | undefined;
  readonly tax: number | undefined;
};

export interface Sums {
  readonly lines: readonly Line[];
  readonly subTotal: number;
  readonly totalTax: number;
  readonly total: number;
}

/** Ten billion a line and a hundred billion a paper, so that no sum leaves the whole numbers. */
const MAX_LINE_CENTS = 1_000_000_000_000;
const MAX_TOTAL_CENTS = 10_000_000_000_000;

/** Refuses sums of a size that nobody means. */
export function checkSize(sums: Sums, errors: string[]): void {
  const isLong = (line: Line) =>
    Math.max(Math.abs(line.amount), Math.abs(line.tax)) > MAX_LINE_CENTS;
  if (sums.lines.some(isLong) || Math.abs(sums.total) > MAX_TOTAL_CENTS) {
    errors.push('The amounts are too large');
  }
}

const WHOLE_PERCENT_RATE = 1_000_000;

/** Tax per line, rounded to the cent, then summed. */
export function sumLines(
  books: Books,
  drafts: readonly DraftLine[],
  lineAmountTypes: LineAmountTypes,
): Sums {
  const lines = drafts.map((draft) => completeLine(books, draft, lineAmountTypes));
  const amounts = lines.reduce((sum, line) => sum + line.amount, 0);
  const totalTax = lines.reduce((sum, line) => sum + line.tax, 0);
  const subTotal = lineAmountTypes === 'Inclusive' ? amounts - totalTax : amounts;
  return { lines, subTotal, totalTax, total: subTotal + totalTax };
}

function completeLine(books: Books, draft: DraftLine, lineAmountTypes: LineAmountTypes): Line {
  const amount = draft.amount ?? lineAmount(draft);
  const rate = draft.taxType ? (findTaxRate(books, draft.taxType)?.effectiveRate ?? 0) : 0;
  const tax = lineAmountTypes === 'NoTax' ? 0 : (draft.tax ?? taxOf(amount, rate, lineAmountTypes));
  return { ...draft, amount, tax };
}

/** Quantity times unit price less discount, in cents. */
export function lineAmount(
  line: Pick<Line, 'quantity' | 'unitAmount' | 'discountRate' | 'discountCents'>,
): number {
  const gross = multiplyDivide(line.quantity, line.unitAmount, 1_000_000);
  if (line.discountCents !== undefined) return gross - line.discountCents;
  if (line.discountRate === undefined) return gross;
  const kept = 10_000 - line.discountRate;
  return Number(
    roundedProduct(BigInt(line.quantity) * BigInt(line.unitAmount), BigInt(kept), 10_000_000_000n),
  );
}

function roundedProduct(a: bigint, b: bigint, divisor: bigint): bigint {
  const product = a * b;
  const half = product < 0n ? -divisor / 2n : divisor / 2n;
  return (product + half) / divisor;
}

/** `rate` in ten-thousandths of a percent. */
function taxOf(amount: number, rate: number, lineAmountTypes: LineAmountTypes): number {
  const base = lineAmountTypes === 'Inclusive' ? WHOLE_PERCENT_RATE + rate : WHOLE_PERCENT_RATE;
  return multiplyDivide(amount, rate, base);
}
