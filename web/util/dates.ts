const calendar = new Intl.DateTimeFormat('en-AU', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const moment = new Intl.DateTimeFormat('en-AU', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** A calendar date `2026-11-22` as `22 Nov 2026`, the same in every time zone. */
export function dateText(date: string): string {
  return calendar.format(new Date(`${date}T00:00:00Z`));
}

/** Words with each calendar date in them written as `dateText` writes it. */
export function datesInWords(text: string): string {
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b(?!T)/g, (date) =>
    typedDate(date) === null ? date : dateText(date),
  );
}

/** An instant as `22 Nov 2026, 14:05` in the reader's time zone. */
export function momentText(instant: string): string {
  return moment.format(new Date(instant));
}

/**
 * A date as people type it, day first: `3/4/1999`, `3.4.1999`, `3 Apr 1999`, `1999-04-03`.
 * @returns the ISO date, or null when it is no real date
 */
export function typedDate(text: string): string | null {
  const parts = text
    .trim()
    .toLowerCase()
    .split(/[\s/.,-]+/);
  if (parts.length !== 3) return null;
  const [first = '', second = '', third = ''] = parts;
  const [year, day] = first.length === 4 ? [first, third] : [third, first];
  const named = MONTHS.indexOf(second.slice(0, 3)) + 1;
  const month = named || Number(second);
  if (!/^\d{4}$/.test(year) || !/^\d{1,2}$/.test(day)) return null;
  return realDate(Number(year), month, Number(day));
}

function realDate(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : null;
}
