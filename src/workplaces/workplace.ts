import { type Address, emptyAddress } from '#contract/learners';
import type { Workplace, WorkplaceFields } from '#contract/workplaces';
import type { FieldChange } from '#events/index';
import { cut, foldEmail, foldedPieces, foldLetters, foldName } from '#platform/folding';

/** A workplace of which nothing is known yet. */
export const emptyWorkplace: WorkplaceFields = {
  name: null,
  legalName: null,
  businessNumber: null,
  email: null,
  phone: null,
  contactFirstName: null,
  contactLastName: null,
  campus: null,
  streetAddress: emptyAddress,
  postalAddress: emptyAddress,
  isActive: true,
  syncToXero: false,
};

const FIELD_NAMES = Object.keys(emptyWorkplace) as (keyof WorkplaceFields)[];
const ADDRESS_PARTS = Object.keys(emptyAddress) as (keyof Address)[];

type FieldsGiven = { [Name in keyof WorkplaceFields]?: WorkplaceFields[Name] | undefined };

/** A workplace's fields with those given put in place; fields left out stay. */
export function withFields(base: WorkplaceFields, given: FieldsGiven): WorkplaceFields {
  const next: Record<string, unknown> = {};
  for (const name of FIELD_NAMES) next[name] = given[name] === undefined ? base[name] : given[name];
  return next as WorkplaceFields;
}

function shown(value: string | boolean | null): string | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}

/** What differs between two states, field by field, addresses part by part. */
export function changesBetween(before: WorkplaceFields, after: WorkplaceFields): FieldChange[] {
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

/** The automatic number: `WP-00001`, longer when five digits no longer do. */
export function workplaceNumberOf(count: number): string {
  return `WP-${String(count).padStart(5, '0')}`;
}

/** A number as it is compared; Xero's look-up of codes is blind to case too. */
export function numberKey(number: string): string {
  return foldLetters(number).replace(/\s+/g, '');
}

const SORT_KEY_MAX = 60;

/**
 * A name as lists are ordered by it, folded and cut. It is stored, so another way of folding needs
 * all of them written anew.
 */
export function nameSortOf(name: string): string {
  return cut(foldedPieces(name).join(' '), SORT_KEY_MAX);
}

/** Words that say what a company is and not which one. */
const COMPANY_WORDS = new Set(['pty', 'ltd', 'limited', 'inc', 'llc', 'co', 'company', 'the']);

/**
 * Keys under which the same workplace may stand twice: its name or legal name without what every
 * company is called, its business number, its e-mail address.
 */
export function identitiesOf(workplace: WorkplaceFields): string[] {
  const { name, legalName, businessNumber, email } = workplace;
  const names = [name, legalName].flatMap((text) => {
    const pieces = foldedPieces(text ?? '');
    const telling = pieces.filter((piece) => !COMPANY_WORDS.has(piece));
    const key = (telling.length > 0 ? telling : pieces).join('');
    return key === '' ? [] : [`=name ${key}`];
  });
  const number = foldName(businessNumber ?? '');
  return [
    ...new Set([
      ...names,
      ...(number ? [`=number ${number}`] : []),
      ...(email ? [`=email ${foldEmail(email)}`] : []),
    ]),
  ];
}

const TOKEN_MAX = 60;
const TOKENS_MAX = 48;

/** The words a workplace is found by, each from its beginning. */
export function searchTokens(
  workplace: WorkplaceFields & Pick<Workplace, 'workplaceNumber'>,
): string[] {
  const tokens = new Set<string>();
  const add = (token: string) => {
    if (token !== '' && tokens.size < TOKENS_MAX) tokens.add(cut(token, TOKEN_MAX));
  };
  const { workplaceNumber, businessNumber, email } = workplace;
  for (const code of [workplaceNumber, businessNumber]) {
    if (!code) continue;
    add(foldName(code));
    for (const piece of foldedPieces(code)) add(piece);
    for (const digits of code.match(/\d+/g) ?? []) add(digits.replace(/^0+(?=\d)/, ''));
  }
  add(foldName(workplaceNumber).replace(/(?<=\D)0+(?=\d)/, ''));
  if (email) {
    add(foldEmail(email));
    add(foldName(email.split('@')[0] ?? ''));
  }
  const person = [workplace.contactLastName, workplace.contactFirstName];
  for (const name of [workplace.name, workplace.legalName, ...person]) {
    if (!name) continue;
    add(foldName(name));
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
