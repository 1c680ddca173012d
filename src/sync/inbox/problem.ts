import { createHash } from 'node:crypto';
import type { PartyKind, XeroOrgId } from '#contract/ids';
import type { ProblemCode } from '#contract/inbox';

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
  reasons: string[];
  xeroSays: string[];
}

/** A short name of a cause, by which it is known again. */
export function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}
