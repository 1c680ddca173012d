import { z } from 'zod';

/** Neither line breaks nor control characters, nor halves of characters, which cannot be kept. */
const LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;
const LINES = /^(?:[^\p{Cc}\p{Cs}]|[\t\r\n])*$/u;
const LINE_RULE = 'must not hold line breaks or control characters';

/** One line as somebody types it, trimmed; it may be empty unless `.min(1)` follows. */
export function line(max: number) {
  return z.string().trim().max(max).regex(LINE, LINE_RULE);
}

/** A text of several lines, trimmed; of control characters it has line breaks and tabs alone. */
export function lines(max: number) {
  return z.string().trim().max(max).regex(LINES, 'must not hold control characters');
}

/** The name of a person or a provider. It stands in mails to strangers, so it stays in its line. */
export const Name = line(200).min(1, 'must not be empty');

/** What a program made and gets back as it was: an id, a key, the token of a link. */
export function opaque(max: number) {
  return z.string().min(1).max(max).regex(LINE, LINE_RULE);
}

/** So many characters of words to look for are taken, in a field of a page, its address and a query. */
export const SOUGHT_MAX = 200;

/** Words to look for, as typed or pasted, trimmed: a tab between two is as good as a space. */
export function sought() {
  return z
    .string()
    .max(SOUGHT_MAX)
    .transform((words) => words.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim());
}
