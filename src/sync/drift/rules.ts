import { type RuleField, SyncRules, type Winner } from '#contract/drift';
import type { DriftField } from './judge.ts';

/** Nothing is settled by itself before somebody said so. */
export const askAlways: SyncRules = {
  name: 'ask',
  email: 'ask',
  mobile: 'ask',
  home: 'ask',
  work: 'ask',
  street: 'ask',
  postal: 'ask',
};

/** Who wins a field; the first and last name go with the contact's name. */
export function winnerOf(rules: SyncRules, field: DriftField): Winner {
  const ruled: RuleField = field === 'firstName' || field === 'lastName' ? 'name' : field;
  return rules[ruled];
}

/** The rules with the rows that there are; a field without one asks. */
export function rulesOf(rows: readonly { field: string; winner: string }[]): SyncRules {
  const set = Object.fromEntries(rows.map(({ field, winner }) => [field, winner]));
  return SyncRules.parse({ ...askAlways, ...set });
}
