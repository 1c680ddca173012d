import type { Party } from '../parties/party.ts';

/**
 * The contact's name in Xero, by one rule:
 *
 * 1. "First Last" of a learner; a workplace's own name.
 * 2. Xero wants names of active contacts to differ (blind to case). Whoever comes first keeps the
 *    plain name; the next one bears its number: "First Last (L00012)", "Acme (WP-00003)". So does
 *    a party whose plain name a contact of someone else's has.
 * 3. Once a link's name bears the number it keeps it, so that names do not flip to and fro.
 *
 * Xero takes no `<` or `>`, no double, leading or trailing space, and at most 255 characters.
 */
export function contactName(party: Named, bearsNumber: boolean): string {
  const [company] = party.companyNames;
  const person = [party.firstName, party.lastName].filter(Boolean).join(' ');
  const names = cleanText(company ?? person);
  // Nothing may be left of a name made of signs that Xero does not take.
  const plain = names || cleanText(party.number);
  if (!bearsNumber) return plain.slice(0, NAME_MAX).trimEnd();
  const suffix = ` (${cleanText(party.number)})`;
  return plain.slice(0, NAME_MAX - suffix.length).trimEnd() + suffix;
}

type Named = Pick<Party, 'firstName' | 'lastName' | 'companyNames' | 'number'>;

const NAME_MAX = 255;

/** Text without what Xero refuses in names: angle brackets, control characters, doubled spaces. */
export function cleanText(text: string): string {
  return text
    .replace(/[<>\p{Cc}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Which parties of one batch must bear their number because an earlier one of the same batch has
 * the same plain name. Spares the refusal that Xero would answer with.
 */
export function clashesWithin(parties: readonly (Named & { bearsNumber: boolean })[]): Set<Named> {
  const taken = new Set<string>();
  const clashing = new Set<Named>();
  for (const party of parties) {
    if (party.bearsNumber) continue;
    const plain = contactName(party, false).toLowerCase();
    if (taken.has(plain)) clashing.add(party);
    taken.add(plain);
  }
  return clashing;
}
