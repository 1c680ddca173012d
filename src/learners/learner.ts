import { type Address, emptyAddress, type Learner, type LearnerFields } from '#contract/learners';
import type { FieldChange } from '#events/index';
import { cut, foldEmail, foldedPieces, foldLetters, foldName, naturalKey } from '#platform/folding';

/** A learner of whom nothing is known yet. */
export const emptyFields: LearnerFields = {
  title: null,
  firstName: null,
  middleName: null,
  lastName: null,
  preferredName: null,
  dateOfBirth: null,
  gender: null,
  email: null,
  alternativeEmail: null,
  phoneMobile: null,
  phoneHome: null,
  phoneWork: null,
  refExternal: null,
  usi: null,
  australianBusinessNumber: null,
  campus: null,
  streetAddress: emptyAddress,
  postalAddress: emptyAddress,
  isActive: true,
  syncToXero: false,
};

const FIELD_NAMES = Object.keys(emptyFields) as (keyof LearnerFields)[];
const ADDRESS_PARTS = Object.keys(emptyAddress) as (keyof Address)[];

/** The fields of a change: those given, whether filled or emptied. */
export type FieldsGiven = { [Name in keyof LearnerFields]?: LearnerFields[Name] | undefined };

/** A learner's fields with those given put in place; fields left out stay. */
export function withFields(base: LearnerFields, given: FieldsGiven): LearnerFields {
  const merged: Record<string, unknown> = {};
  for (const name of FIELD_NAMES)
    merged[name] = given[name] === undefined ? base[name] : given[name];
  return merged as LearnerFields;
}

function shown(value: string | boolean | null): string | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}

/** What differs between two states of a learner, field by field, addresses part by part. */
export function changesBetween(before: LearnerFields, after: LearnerFields): FieldChange[] {
  const changes: FieldChange[] = [];
  const note = (field: string, from: string | boolean | null, to: string | boolean | null) => {
    if (from !== to) changes.push({ field, from: shown(from), to: shown(to) });
  };
  for (const name of FIELD_NAMES) {
    if (name === 'streetAddress' || name === 'postalAddress') {
      for (const part of ADDRESS_PARTS) {
        note(`${name}.${part}`, before[name][part], after[name][part]);
      }
    } else {
      note(name, before[name], after[name]);
    }
  }
  return changes;
}

/** The automatic learner number: `L00001`, longer when five digits no longer do. */
export function learnerNumberOf(count: number): string {
  return `L${String(count).padStart(5, '0')}`;
}

/** What uniqueness of learner numbers goes by: `l 00012` and `L00012` are one number. */
export function numberKey(learnerNumber: string): string {
  return foldLetters(learnerNumber).replace(/\s+/g, '');
}

/** Short enough that a cursor made of any script's letters stays within its 500 characters. */
const SORT_KEY_MAX = 60;

/** Keys that lists are ordered by: family name, then given name; number as people count. */
export function sortKeys(learner: Pick<Learner, 'firstName' | 'lastName' | 'learnerNumber'>): {
  name: string;
  number: string;
} {
  const fold = (text: string | null) => foldedPieces(text ?? '').join(' ');
  const name = [fold(learner.lastName), fold(learner.firstName)].filter(Boolean).join(' ; ');
  return {
    name: cut(name, SORT_KEY_MAX),
    number: cut(naturalKey(learner.learnerNumber), SORT_KEY_MAX),
  };
}

type NameAndBirth = Pick<Learner, 'firstName' | 'lastName' | 'dateOfBirth' | 'email'>;

/**
 * Keys under which the same person may stand twice, blind to case, accents, spaces and
 * punctuation: same name and date of birth, same name and e-mail, same family name and e-mail.
 */
export function personKeys(person: NameAndBirth): {
  nameAndBirth: string | null;
  nameAndEmail: string | null;
  familyAndEmail: string | null;
} {
  const { first, last } = foldedNames(person);
  const email = person.email ? foldEmail(person.email) : '';
  const hasName = first !== '' || last !== '';
  return {
    nameAndBirth:
      hasName && person.dateOfBirth ? `birth ${last},${first} ${person.dateOfBirth}` : null,
    nameAndEmail: hasName && email ? `email ${last},${first} ${email}` : null,
    familyAndEmail: last && email ? `family ${last} ${email}` : null,
  };
}

/** The key of the provider's own code: leading zeros and case don't make it another code. */
export function codeKey(refExternal: string | null): string | null {
  if (refExternal === null) return null;
  const folded = foldLetters(refExternal)
    .replace(/\s+/g, '')
    .replace(/^0+(?=.)/, '');
  return folded === '' ? null : `code ${folded}`;
}

/**
 * The key of the whole name alone. Too weak to warn by; all there is when a record says no more.
 */
export function nameKey(person: Pick<Learner, 'firstName' | 'lastName'>): string | null {
  const { first, last } = foldedNames(person);
  return first === '' && last === '' ? null : `name ${last},${first}`;
}

/** Both names folded; somebody called by signs alone is known by these signs. */
function foldedNames(person: Pick<Learner, 'firstName' | 'lastName'>): {
  first: string;
  last: string;
} {
  const names = [person.firstName ?? '', person.lastName ?? ''] as const;
  const [first, last] = [foldName(names[0]), foldName(names[1])];
  if (first !== '' || last !== '') return { first, last };
  return { first: foldLetters(names[0]).trim(), last: foldLetters(names[1]).trim() };
}

/** Every key a learner is found by when asking who could be the same person. */
export function identitiesOf(learner: NameAndBirth & Pick<Learner, 'refExternal'>): string[] {
  const strong = Object.values(personKeys(learner));
  const keys = [...strong, nameKey(learner), codeKey(learner.refExternal)];
  return keys.filter((key) => key !== null);
}

const TOKEN_MAX = 60;
const TOKENS_MAX = 48;

/**
 * The words a learner is found by, each from its beginning: names whole and in pieces, the number
 * with and without its letters and zeros, e-mail whole and up to the @, the provider's own code.
 */
export function searchTokens(
  learner: Pick<
    Learner,
    | 'firstName'
    | 'middleName'
    | 'lastName'
    | 'preferredName'
    | 'learnerNumber'
    | 'email'
    | 'refExternal'
  >,
): string[] {
  const tokens = new Set<string>();
  const add = (token: string) => {
    if (token !== '' && tokens.size < TOKENS_MAX) tokens.add(cut(token, TOKEN_MAX));
  };
  const names = [learner.lastName, learner.firstName, learner.preferredName, learner.middleName];
  for (const code of [learner.learnerNumber, learner.refExternal]) {
    if (!code) continue;
    add(foldName(code));
    for (const piece of foldedPieces(code)) add(piece);
    for (const digits of code.match(/\d+/g) ?? []) add(digits.replace(/^0+(?=\d)/, ''));
  }
  if (learner.email) {
    add(foldEmail(learner.email));
    add(foldName(learner.email.split('@')[0] ?? ''));
  }
  for (const name of names) {
    if (!name) continue;
    add(foldName(name));
    for (const word of name.split(/\s+/)) add(foldName(word));
    for (const piece of foldedPieces(name)) add(piece);
  }
  return [...tokens];
}

const WORDS_MAX = 8;

/** The words of a search as they are compared with tokens; an e-mail keeps its signs. */
export function searchWords(search: string): string[] {
  const words = search
    .split(/[\s\p{Cc}]+/u)
    .map((word) => (word.includes('@') ? foldEmail(word) : foldName(word)));
  return [...new Set(words.filter((word) => word !== ''))]
    .slice(0, WORDS_MAX)
    .map((word) => cut(word, TOKEN_MAX));
}
