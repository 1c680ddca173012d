import { type Address, emptyAddress, type LearnerFields } from '#contract/learners';
import { emptyFields } from '../learner.ts';

const NAMES = Object.keys(emptyFields) as (keyof LearnerFields)[];

/**
 * The fields of the learner who is kept, with what only the other one's record knew. What both say
 * stays as the kept one has it; an address is taken whole, never mixed from two. Either's Sync to
 * Xero keeps the person in Xero.
 */
export function fillGaps(kept: LearnerFields, other: LearnerFields): LearnerFields {
  const filled: Record<string, unknown> = { ...kept };
  for (const name of NAMES) {
    const value = kept[name];
    if (typeof value === 'boolean') continue;
    if (isEmpty(value)) filled[name] = other[name];
  }
  return {
    ...(filled as LearnerFields),
    isActive: kept.isActive || other.isActive,
    syncToXero: kept.syncToXero || other.syncToXero,
  };
}

/**
 * The fields after an undo: what the merge filled in goes, unless someone has changed it since.
 */
export function withoutFillings(
  now: LearnerFields,
  before: LearnerFields,
  after: LearnerFields,
): LearnerFields {
  const restored: Record<string, unknown> = { ...now };
  for (const name of NAMES) {
    if (isSame(now[name], after[name])) restored[name] = before[name];
  }
  return restored as LearnerFields;
}

type Value = LearnerFields[keyof LearnerFields];

function isEmpty(value: Value): boolean {
  return value === null || (typeof value === 'object' && isSame(value, emptyAddress));
}

function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  if (one === null || other === null) return one === other;
  return (Object.keys(emptyAddress) as (keyof Address)[]).every(
    (part) => one[part] === other[part],
  );
}
