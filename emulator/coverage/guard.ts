import { readFileSync } from 'node:fs';
import { findGaps, matchOperation } from './check.ts';
import { loadDescription } from './description.ts';

const LEDGER = new URL('./known-gaps.json', import.meta.url);

let ledger: readonly KnownGap[] | undefined;

/** Gaps that we know and want: what live traffic shows and the description does not. */
export function knownGaps(): readonly KnownGap[] {
  ledger ??= JSON.parse(readFileSync(LEDGER, 'utf8')) as KnownGap[];
  return ledger;
}

/** A gap that stands in the ledger, and how it is known that the answer is right all the same. */
export interface KnownGap {
  readonly gap: string;
  readonly why: string;
}

/**
 * Checks one answer that a test got against the official description, where that is at hand.
 * @returns the gaps that do not stand in the ledger.
 */
export function unknownGaps(method: string, path: string, status: number, body: unknown): string[] {
  const gaps = allGaps(method, path, status, body);
  if (gaps.length === 0) return [];
  const known = new Set(knownGaps().map(({ gap }) => gap));
  return gaps.filter((gap) => !known.has(gap));
}

/** Every gap of one answer, known or not. */
export function allGaps(method: string, path: string, status: number, body: unknown): string[] {
  const description = loadDescription();
  if (!description || body === undefined) return [];
  const operation = matchOperation(description, method, path.split('?')[0] ?? '');
  return operation ? findGaps(description, operation, status, body) : [];
}
