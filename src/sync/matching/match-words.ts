import type { PartyKind } from '#contract/ids';
import { evidenceTexts, obstacleTexts } from '#contract/matching';
import type { Candidate, MatchContact } from './match-person.ts';

/** Why a party waits for a person's decision: who could be meant, the likeliest first. */
export function undecidedWords(
  candidates: readonly Candidate[],
  contactOf: (contactId: string) => MatchContact | undefined,
  who: PartyKind,
): string[] {
  const [first, ...others] = candidates;
  if (!first) return [`Nobody has decided yet who this ${who} is in Xero.`];
  const name = contactOf(first.contactId)?.name ?? 'A contact';
  const more = moreWords(others.length);
  return [`In Xero the contact “${name}” may be this ${who}${more}: ${signsOf(first)}.`];
}

function moreWords(others: number): string {
  if (others === 0) return '';
  return others === 1 ? ', or another one' : `, or one of ${others} more`;
}

/** What speaks for a candidate and against it, in one clause. */
export function signsOf(candidate: Candidate): string {
  const signs = candidate.evidence.map((one) => evidenceTexts[one]).join(', ');
  if (candidate.obstacle === null) return signs;
  return `${signs}; but ${obstacleTexts[candidate.obstacle]}`;
}
