import type { LearnerId } from '#contract/ids';
import { displayName, type Learner } from '#contract/learners';
import type { Tx } from '#platform/database';
import { foldEmail, foldName } from '#platform/folding';
import type { Scope } from '#platform/scope';
import { changesBetween, codeKey, nameKey, numberKey, personKeys } from '../learner.ts';
import { findByIdentities, findByNumbers, loadLearners } from '../learner-store.ts';
import type { ImportRecord } from './import-record.ts';
import { mergeRecord } from './merge-record.ts';

/** The learners that some records could be about. */
export interface Lookup {
  byNumber: ReadonlyMap<string, Learner>;
  byIdentity: ReadonlyMap<string, Learner[]>;
}

export interface MatchOptions {
  /** Records that look like someone with another code are other people. */
  importLookAlikes: boolean;
  /** Learners that this very import added: no look-alikes of the records after them. */
  ownLearners: ReadonlySet<string>;
}

/** Who a record is about: one learner, nobody yet, or it can't be told. */
export type Match =
  | { kind: 'learner'; learner: Learner; by: 'key' | 'person'; reason: string }
  | { kind: 'nobody' }
  | { kind: 'faulty'; reason: string };

type Person = Pick<Learner, 'firstName' | 'lastName' | 'dateOfBirth' | 'email'>;

/** What a record says by which its person may be known; null what its file leaves out. */
export function personOf(record: ImportRecord): Person {
  const { firstName = null, lastName = null, dateOfBirth = null, email = null } = record.fields;
  return { firstName, lastName, dateOfBirth, email };
}

/** Keys under which a record's person is looked for: whole name with date of birth or e-mail. */
export function strictKeys(person: Person): string[] {
  const { nameAndBirth, nameAndEmail } = personKeys(person);
  return [nameAndBirth, nameAndEmail].filter((key) => key !== null);
}

/** Whether a record has nothing but a name to find its person by. */
function saysNameAlone(record: ImportRecord): boolean {
  const { dateOfBirth, email } = personOf(record);
  const hasKey = record.learnerNumber !== null || record.fields.refExternal !== undefined;
  return !hasKey && dateOfBirth === null && email === null;
}

/** Keys under which someone like a record's person is looked for: by name alone only at need. */
export function lookAlikeKeys(record: ImportRecord): string[] {
  const person = personOf(record);
  if (!saysNameAlone(record)) return strictKeys(person);
  const name = nameKey(person);
  return name === null ? [] : [name];
}

/** Whether two people of one name can't be the same, since they were born on different days. */
export function bornApart(one: Person, other: Person): boolean {
  const [first, second] = [one.dateOfBirth, other.dateOfBirth];
  return first !== null && second !== null && first !== second;
}

/** What two people have in common, in words: "name, date of birth and e-mail". */
export function commonTraits(one: Person, other: Person): string {
  const traits = ['name'];
  if (one.dateOfBirth && one.dateOfBirth === other.dateOfBirth) traits.push('date of birth');
  if (one.email && other.email && foldEmail(one.email) === foldEmail(other.email)) {
    traits.push('e-mail');
  }
  return traits.length > 2 ? `${traits[0]}, ${traits[1]} and ${traits[2]}` : traits.join(' and ');
}

/** Loads whoever these records could be about, in three queries. */
export async function loadLookup(
  tx: Tx,
  scope: Scope,
  records: readonly ImportRecord[],
): Promise<Lookup> {
  const numbers = records.map((record) => record.learnerNumber).filter((number) => number !== null);
  const keys = records.flatMap((record) => [
    ...lookAlikeKeys(record),
    codeKey(record.fields.refExternal ?? null),
  ]);
  const identities = [...new Set(keys.filter((key) => key !== null))];
  const numbered = await findByNumbers(tx, scope, numbers);
  const identified = await findByIdentities(tx, scope, identities);
  const ids = [...new Set([...numbered, ...identified].map((found) => found.id))];
  const learners = await loadLearners(tx, scope, ids);
  const byId = new Map<LearnerId, Learner>(learners.map((learner) => [learner.id, learner]));
  const byIdentity = new Map<string, Learner[]>();
  for (const { id, identity } of identified) {
    const learner = byId.get(id);
    if (learner) byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), learner]);
  }
  // By the number that was asked for: that of a merged learner leads to whom they were merged into.
  const byNumber = new Map<string, Learner>();
  for (const { id, learnerNumber } of numbered) {
    const learner = byId.get(id);
    if (learner) byNumber.set(numberKey(learnerNumber), learner);
  }
  return { byNumber, byIdentity };
}

function named(learner: Learner): string {
  return `${displayName(learner)} (${learner.learnerNumber})`;
}

/**
 * Finds whom a record is about: by learner number, else by the provider's own code, else by name
 * with date of birth or e-mail. What can't be told for sure is faulty, never guessed.
 */
export function matchRecord(record: ImportRecord, lookup: Lookup, options: MatchOptions): Match {
  const byNumber =
    record.learnerNumber === null
      ? undefined
      : lookup.byNumber.get(numberKey(record.learnerNumber));
  if (byNumber) return byKey(record, byNumber, `learner number ${byNumber.learnerNumber}`);
  const code = record.fields.refExternal ?? null;
  const [learner, ...more] = lookup.byIdentity.get(codeKey(code) ?? '') ?? [];
  if (learner && more.length > 0) {
    const names = [learner, ...more].map(named).join(', ');
    return { kind: 'faulty', reason: `Several learners have the code ${code}: ${names}.` };
  }
  if (learner && record.learnerNumber !== null) {
    const reason = `Learner number ${record.learnerNumber} is nobody’s, but code ${code} is ${named(learner)}’s.`;
    return { kind: 'faulty', reason };
  }
  if (learner) return byKey(record, learner, `your own code ${code}`);
  if (saysNameAlone(record)) return byNameAlone(record, lookup, options);
  return byPerson(record, lookup, options);
}

/** A key leads to one learner; but a record with wholly another name is a mistake somewhere. */
function byKey(record: ImportRecord, learner: Learner, key: string): Match {
  const person = personOf(record);
  const differs = (one: string | null, other: string | null) =>
    one !== null && other !== null && foldName(one) !== foldName(other);
  const isOther =
    differs(person.firstName, learner.firstName) &&
    differs(person.firstName, learner.preferredName ?? learner.firstName) &&
    differs(person.lastName, learner.lastName) &&
    (person.dateOfBirth === null || person.dateOfBirth !== learner.dateOfBirth);
  if (!isOther) return { kind: 'learner', learner, by: 'key', reason: `Matched by ${key}.` };
  const reason = `By ${key} this is ${named(learner)}, but the record names ${displayName({ ...person, preferredName: null })}.`;
  return { kind: 'faulty', reason };
}

function byPerson(record: ImportRecord, lookup: Lookup, options: MatchOptions): Match {
  const person = personOf(record);
  const found = strictKeys(person).flatMap((key) => lookup.byIdentity.get(key) ?? []);
  const candidates = [...new Map(found.map((learner) => [learner.id, learner])).values()].filter(
    (learner) => !bornApart(person, learner) && !options.ownLearners.has(learner.id),
  );
  const hasOtherKey = (learner: Learner) =>
    record.learnerNumber !== null ||
    (record.fields.refExternal !== undefined && learner.refExternal !== null);
  const open = candidates.filter((learner) => !hasOtherKey(learner));
  const others = candidates.filter(hasOtherKey);
  const [only, second] = open;
  if (only && second) {
    const reason = `Could be any of ${open.map(named).join(', ')}: they have the same name.`;
    return { kind: 'faulty', reason };
  }
  const [other] = others;
  if (other && !options.importLookAlikes) {
    const traits = commonTraits(person, other);
    const key = record.learnerNumber !== null ? 'learner number' : 'code';
    const reason = `Looks like ${named(other)}, who has another ${key}: same ${traits}; left out so that nobody is here twice.`;
    return { kind: 'faulty', reason };
  }
  if (!only) return { kind: 'nobody' };
  const reason = `Matched by ${commonTraits(person, only)}.`;
  return { kind: 'learner', learner: only, by: 'person', reason };
}

/**
 * A record with nothing but a name is about someone of that name to whom it adds nothing. If it
 * says anything else, it can't be told from somebody new of the same name.
 */
function byNameAlone(record: ImportRecord, lookup: Lookup, options: MatchOptions): Match {
  const candidates = lookAlikeKeys(record)
    .flatMap((key) => lookup.byIdentity.get(key) ?? [])
    .filter((learner) => !options.ownLearners.has(learner.id));
  const same = candidates.find(
    (learner) => changesBetween(learner, mergeRecord(learner, record)).length === 0,
  );
  if (same) return { kind: 'learner', learner: same, by: 'person', reason: 'Matched by name.' };
  const [other] = candidates;
  if (!other || options.importLookAlikes) return { kind: 'nobody' };
  const reason = `Has the name of ${named(other)} and no code, date of birth or e-mail to tell by; left out so that nobody is here twice.`;
  return { kind: 'faulty', reason };
}
