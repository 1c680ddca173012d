import type { ProblemCode } from '#contract/inbox';
import { archivedWords, erasingWords, goneWords } from '../push/push-outcome.ts';

/** What a link's reasons mean, and what of them are Xero's own words. */
export interface Cause {
  code: ProblemCode;
  /** Xero's messages, each as it was said. */
  xeroSays: string[];
}

const XERO_SAYS = /^Xero says: “(.*)”$/s;

const SIGNS: [ProblemCode, RegExp][] = [
  ['contact.merged', /^In Xero the contact was merged into the one of /],
  [
    'contact.code-taken',
    /^Another contact in Xero has the code |is linked to another (?:learner|record) here/,
  ],
  ['contact.name-taken', /^Another active contact in Xero is named like /],
  ['contact.email-refused', /^Xero does not take the e-mail address /],
  ['learner.incomplete', /^Xero needs an? |^This e-mail address is not valid/],
];

/** The cause behind a blocked or undecided link: one code however the sentence goes on. */
export function causeOfLink(standing: 'blocked' | 'undecided', reasons: readonly string[]): Cause {
  const xeroSays = reasons.flatMap((reason) => XERO_SAYS.exec(reason)?.[1] ?? []);
  const known = codeOf(reasons);
  if (known) return { code: known, xeroSays };
  return { code: standing === 'undecided' ? 'contact.undecided' : 'contact.refused', xeroSays };
}

/** What of a link's reasons is not told by the cause already. */
export function ownReasons(reasons: readonly string[]): string[] {
  return reasons.filter((reason) => !TOLD_BY_CAUSE.includes(reason));
}

const GONE = Object.values(goneWords);
const TOLD_BY_CAUSE = [archivedWords, erasingWords, ...GONE];

function codeOf(reasons: readonly string[]): ProblemCode | null {
  if (reasons.includes(archivedWords)) return 'contact.archived';
  if (reasons.includes(erasingWords)) return 'contact.erasing';
  if (GONE.some((words) => reasons.includes(words))) return 'contact.gone';
  const sign = SIGNS.find(([, pattern]) => reasons.some((reason) => pattern.test(reason)));
  return sign?.[0] ?? null;
}

/**
 * Xero's message without what differs from row to row, so that one cause is one problem: quoted
 * texts, numbers and addresses go.
 */
export function likeness(message: string): string {
  return message
    .replace(/[“"'‘][^”"'’]*[”"'’]/g, '…')
    .replace(/\S+@\S+/g, '…')
    .replace(/\d+/g, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
