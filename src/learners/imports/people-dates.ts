/** A calendar date as `YYYY-MM-DD` if such a day exists between 1900 and `today`, else null. */
export function birthDate(year: number, month: number, day: number, today: string): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || year < 1900 || year > 9999) return null;
  const text = date.toISOString().slice(0, 10);
  return text <= today ? text : null;
}

export type DayOrder = 'day-month' | 'month-day';

const SLASHED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$/;
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.Z+-]*)?$/;

/**
 * In which order the dates of one column are written, judged from all of them together. Day before
 * month, as Australia writes, unless some date can only be the other way and none contradicts.
 */
export function dayOrderOf(texts: readonly string[]): DayOrder {
  let monthFirst = false;
  for (const text of texts) {
    const parts = SLASHED.exec(text.trim());
    if (Number(parts?.[1]) > 12) return 'day-month';
    if (Number(parts?.[2]) > 12) monthFirst = true;
  }
  return monthFirst ? 'month-day' : 'day-month';
}

/**
 * A date of birth from a cell: ISO, or three numbers in the order given; two-digit years are of
 * the last hundred years. Null when it is no possible date of birth.
 */
export function readBirthDate(text: string, order: DayOrder, today: string): string | null {
  const iso = ISO.exec(text);
  if (iso) return birthDate(Number(iso[1]), Number(iso[2]), Number(iso[3]), today);
  const parts = SLASHED.exec(text);
  if (!parts) return null;
  const [one, two] = [Number(parts[1]), Number(parts[2])];
  const year = fullYear(parts[3] ?? '', today);
  return order === 'day-month'
    ? birthDate(year, two, one, today)
    : birthDate(year, one, two, today);
}

function fullYear(digits: string, today: string): number {
  if (digits.length === 4) return Number(digits);
  const thisYear = Number(today.slice(0, 4));
  const year = Math.floor(thisYear / 100) * 100 + Number(digits);
  return year > thisYear ? year - 100 : year;
}
