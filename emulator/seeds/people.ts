import type { Books } from '../accounting/books.ts';
import { nameKey } from '../accounting/books.ts';
import { type Contact, EMPTY_CONTACT, type Organisation } from '../accounting/model.ts';
import type { Dice } from './dice.ts';
import {
  COURSES,
  FAMILY_NAMES,
  FIRM_ENDINGS,
  FIRMS,
  GIVEN_NAMES,
  PLACES,
  STREETS,
} from './names.ts';

/** Seeded rows keep this moment, as the rows of Xero's own demo company do. */
export const SEEDED_AT_MS = Date.UTC(2010, 0, 4, 9, 30);

/** Every so-manieth contact is one that careless programs stumble over. */
const ODD_EVERY = 17;
const ARCHIVED_EVERY = 19;
const FIRM_EVERY = 4;

const ODD_NAMES: readonly ((dice: Dice) => string)[] = [
  () => `Þórdís Ægisdóttir-Å`,
  () => `李小龍 (Lee Siu Lung)`,
  () => `O'Neill & Söhne "Café" 100%`,
  () => `Zoë D’Arcy / T.A. Émigré`,
  () => `محمد بن راشد`,
  () => `Name With 🙂 Face`,
  (dice) => `${dice.pick(COURSES)} `.repeat(12).slice(0, 254).trim().padEnd(255, 'z'),
];

/** Makes one contact; its kind follows from its place in the row. */
export function seedContact(
  books: Books,
  country: Organisation['countryCode'],
  position: number,
  dice: Dice,
): Contact {
  const isFirm = position % FIRM_EVERY === FIRM_EVERY - 1;
  const given = dice.pick(GIVEN_NAMES);
  const family = dice.pick(FAMILY_NAMES);
  const isArchived = position % ARCHIVED_EVERY === ARCHIVED_EVERY - 1;
  const wanted = nameOf(country, position, isFirm, given, family, dice);
  const contact: Contact = {
    ...EMPTY_CONTACT,
    id: dice.uuid(),
    name: isArchived ? wanted : freeName(books, wanted, position),
    number: dice.chance(0.3) ? `C-${String(position).padStart(5, '0')}` : undefined,
    firstName: isFirm ? undefined : given,
    lastName: isFirm ? undefined : family,
    email: dice.chance(0.85) ? `${mailName(given, family)}@example.com` : '',
    status: isArchived ? 'ARCHIVED' : 'ACTIVE',
    phones: dice.chance(0.6)
      ? {
          MOBILE: {
            number: String(400_000_000 + dice.below(99_999_999)),
            areaCode: '',
            countryCode: '',
          },
        }
      : {},
    addresses: dice.chance(0.8) ? { STREET: address(country, dice) } : {},
    updatedAtMs: SEEDED_AT_MS,
  };
  books.contacts.put(contact, 'seed');
  return contact;
}

function nameOf(
  country: Organisation['countryCode'],
  position: number,
  isFirm: boolean,
  given: string,
  family: string,
  dice: Dice,
): string {
  if (position % ODD_EVERY === ODD_EVERY - 1) {
    const make = ODD_NAMES[Math.floor(position / ODD_EVERY) % ODD_NAMES.length];
    if (make) return make(dice);
  }
  return isFirm ? `${dice.pick(FIRMS)} ${FIRM_ENDINGS[country]}` : `${given} ${family}`;
}

/** Two people of one name: the second goes by a number, as bookkeepers do it. */
function freeName(books: Books, name: string, position: number): string {
  const isTaken = books.contacts.find('name', nameKey(name)).some((one) => one.status === 'ACTIVE');
  return isTaken ? `${name.slice(0, 245)} (${position})` : name;
}

function mailName(given: string, family: string): string {
  return `${given}.${family}`
    .normalize('NFD')
    .replace(/[^A-Za-z.]/g, '')
    .toLowerCase();
}

function address(country: Organisation['countryCode'], dice: Dice) {
  const [city = '', region = '', postalCode = ''] = dice.pick<readonly string[]>(PLACES[country]);
  const street = `${1 + dice.below(180)} ${dice.pick(STREETS)}`;
  return { lines: [street, '', '', ''], city, region, postalCode, country: '', attentionTo: '' };
}
