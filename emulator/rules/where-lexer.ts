import { queryParseError } from '../accounting/api-error.ts';

/** One piece of a `where` text. */
export type Token =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'sign'; readonly text: string };

const SIGNS = [
  '==',
  '!=',
  '<>',
  '>=',
  '<=',
  '&&',
  '||',
  '=',
  '>',
  '<',
  '!',
  '(',
  ')',
  '.',
  ',',
  '-',
];
const NAME_START = /[A-Za-z_]/;
const NAME_PATTERN = /[A-Za-z0-9_]*/y;
const NUMBER_PATTERN = /\d+(?:\.\d+)?[mMdDfF]?/y;
const MAX_WHERE_CHARS = 8000;

/** Cuts a `where` text into tokens. @throws ApiError QueryParseException on anything unknown. */
export function lexWhere(source: string): Token[] {
  if (source.length > MAX_WHERE_CHARS) throw queryParseError('The where clause is too long');
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    if (/\s/.test(char)) {
      at++;
    } else if (char === '"') {
      const end = closingQuote(source, at);
      tokens.push({ kind: 'text', text: source.slice(at + 1, end).replace(/\\(.)/g, '$1') });
      at = end + 1;
    } else if (NAME_START.test(char)) {
      const text = matchAt(NAME_PATTERN, source, at);
      tokens.push({ kind: 'name', text });
      at += text.length;
    } else if (/\d/.test(char)) {
      const text = matchAt(NUMBER_PATTERN, source, at);
      tokens.push({ kind: 'number', value: Number.parseFloat(text) });
      at += text.length;
    } else {
      const sign = SIGNS.find((candidate) => source.startsWith(candidate, at));
      if (!sign) throw queryParseError(`Syntax error '${char}' at position ${at}`);
      tokens.push({ kind: 'sign', text: sign });
      at += sign.length;
    }
  }
  return tokens;
}

function closingQuote(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source.charAt(at) === '\\') at++;
    else if (source.charAt(at) === '"') return at;
  }
  throw queryParseError('Unterminated string literal');
}

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}
