import type { Address, Contact, Phone } from '../../emulator/accounting/model.ts';
import type { Count, Row } from './sides.ts';

/**
 * What a contact should say and what it says, read from the rows of both sides without the product's
 * own mapping: it would share that mapping's mistakes. Each value on one line; null: nothing there.
 */
type Fields = Record<Field, string | null>;

const FIELDS = [
  'name',
  'firstName',
  'lastName',
  'email',
  'mobile',
  'home',
  'work',
  'street',
  'postal',
] as const;
type Field = (typeof FIELDS)[number];

/**
 * I10: what differs must be known to differ, and what is said to differ must: asked about, or agreed
 * to as both sides stand now.
 */
export function fieldsApart(party: Row, link: Row, contact: Contact, count: Count): string[] {
  const asked = new Set(link.drift as string[]);
  const accepted = link.accepted as Partial<Record<string, Agreed>>;
  const [ours, theirs] = [fieldsOfRow(party, link), fieldsOfContact(contact)];
  return FIELDS.flatMap((field) => {
    const agreed = accepted[field];
    const both = `the ${field} is ${theirs[field]}, not ${ours[field]}`;
    if (ours[field] !== null || theirs[field] !== null) count(`field ${field}`);
    if (ours[field] === theirs[field]) {
      if (asked.has(field)) return [`is asked about the ${field}, which both sides say alike`];
      return agreed ? [`may differ in the ${field}, which both sides say alike`] : [];
    }
    if (asked.has(field)) {
      count('fields asked about');
      return [];
    }
    if (!agreed) return [`is in step, but ${both}`];
    count('fields agreed to differ');
    const isOfNow = onLine(agreed.ours) === ours[field] && onLine(agreed.theirs) === theirs[field];
    return isOfNow ? [] : [`may differ otherwise, but ${both}`];
  });
}

interface Agreed {
  ours: Value;
  theirs: Value;
}
/** A text, or an address as the product keeps it. */
type Value = string | null | Partial<Record<string, string | string[]>>;

function onLine(value: Value): string | null {
  if (value === null || typeof value === 'string') return plain(value);
  const { lines = [], city = '', region = '', postalCode = '', country = '' } = value;
  return joined([...lines, city, region, postalCode, country].map(String));
}

function plain(text: unknown): string | null {
  return typeof text === 'string' ? text.replace(/\s+/g, ' ').trim() || null : null;
}

function joined(parts: readonly unknown[], by = ', '): string | null {
  return (
    parts
      .map(plain)
      .filter((part) => part !== null)
      .join(by) || null
  );
}

function fieldsOfRow(party: Row, link: Row): Fields {
  const isLearner = party.learner_number !== undefined;
  const first = isLearner ? party.first_name : party.contact_first_name;
  const last = isLearner ? party.last_name : party.contact_last_name;
  const called = isLearner ? joined([first, last], ' ') : plain(party.name);
  const number = party.learner_number ?? party.workplace_number;
  return {
    // Of two with one name the second bears its number.
    name: link.numbered_name ? `${called} (${number})` : called,
    firstName: plain(first),
    lastName: plain(last),
    email: plain(party.email),
    mobile: plain(party.phone_mobile),
    // A workplace's only phone stands where Xero shows the main one.
    home: plain(isLearner ? party.phone_home : party.phone),
    work: plain(party.phone_work),
    street: addressOfRow(party.street_address as Row),
    postal: addressOfRow(party.postal_address as Row),
  };
}

const COUNTRIES: Record<string, string> = { AU: 'Australia', NZ: 'New Zealand' };

/** As far as simulated people fill addresses in. */
function addressOfRow(address: Row): string | null {
  const { building, streetNumber, streetName, poBox, suburb, state, postcode, country } = address;
  const street = joined([streetNumber, streetName], ' ');
  const box = plain(poBox) === null ? null : `PO Box ${poBox}`;
  const where = COUNTRIES[String(country)] ?? country;
  return joined([building, street, box, suburb, state, postcode, where]);
}

function fieldsOfContact({ phones, addresses, ...contact }: Contact): Fields {
  return {
    name: plain(contact.name),
    firstName: plain(contact.firstName),
    lastName: plain(contact.lastName),
    email: plain(contact.email),
    mobile: phoneOf(phones.MOBILE),
    home: phoneOf(phones.DEFAULT),
    work: phoneOf(phones.DDI),
    street: addressOf(addresses.STREET),
    postal: addressOf(addresses.POBOX),
  };
}

function phoneOf(phone: Phone | undefined): string | null {
  return phone ? joined([phone.countryCode, phone.areaCode, phone.number], ' ') : null;
}

function addressOf(address: Address | undefined): string | null {
  if (!address) return null;
  const { lines, city, region, postalCode, country } = address;
  return joined([...lines, city, region, postalCode, country]);
}
