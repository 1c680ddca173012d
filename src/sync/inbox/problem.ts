import { createHash } from 'node:crypto';
import type { PartyKind, XeroOrgId } from '#contract/ids';
import { ProblemCode } from '#contract/inbox';

/** One problem of one learner, paper, run, mail or organisation, as the rows tell it now. */
export interface Problem {
  code: ProblemCode;
  /** The cause, and Xero's message where causes differ by it. */
  key: string;
  subjectId: string;
  /** Of a learner's or workplace's problem. */
  partyKind?: PartyKind;
  label: string;
  xeroOrgId: XeroOrgId | null;
  since: Date | null;
  /** What tells this time from a later one with the same cause and words; null: nothing does. */
  occasion: string | null;
  reasons: string[];
  xeroSays: string[];
}

/** A short name of a cause, by which it is known again. */
export function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}

/** A link has up to two problems: it is held, it differs. */
export type LinkProblemKind = 'held' | 'drifting';

/** Of which kind a problem of this key is; null where it is none of a link. */
export function linkKindOf(key: string): LinkProblemKind | null {
  if (key === 'drift.open') return 'drifting';
  return key.startsWith('contact.') || key === 'learner.incomplete' ? 'held' : null;
}

/** The causes that hold a link, all of which are gone once it is in step. */
export const HELD_CODES: readonly ProblemCode[] = ProblemCode.options.filter(
  (code) => linkKindOf(code) === 'held',
);
