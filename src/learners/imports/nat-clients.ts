import type { Address } from '#contract/learners';
import { unreadable } from './import-record.ts';
import {
  type ClientLayout,
  clientLayout7,
  clientLayout8,
  type PostalField,
  postalLayout,
} from './nat-layout.ts';
import { type NatFile, type NatLine, requireLineLengths, slotText } from './nat-lines.ts';
import { birthDate } from './people-dates.ts';
import { isAustralianStateCode, stateOfCode } from './places.ts';

/** One record of NAT00080: who someone is and where they live. */
export interface NatClient {
  line: number;
  clientId: string;
  familyName: string | null;
  /** Given and middle names in one text. */
  givenNames: string | null;
  gender: string | null;
  dateOfBirth: string | null;
  usi: string | null;
  address: Partial<Address>;
  faults: string[];
}

/** One record of NAT00085: how someone is reached. */
export interface NatPostal {
  line: number;
  clientId: string;
  text: Record<PostalField, string | null>;
  address: Partial<Address>;
}

const DATE_OR_FILLER = /^(?:\d{8}|[\d@]{8}| {8})$/;
const GENDER_OR_FILLER = /^[MFX@ ]$/i;
const GENDERS: Record<string, string> = { M: 'Male', F: 'Female', X: 'Other' };

function fits(line: NatLine, layout: ClientLayout): boolean {
  const [dateAt] = layout.dateOfBirth;
  const [genderAt] = layout.gender;
  const date = line.text.slice(dateAt, dateAt + 8);
  return DATE_OR_FILLER.test(date) && GENDER_OR_FILLER.test(line.text.charAt(genderAt));
}

/** The layout that most lines fit: AVETMISS 8, or the older one of releases 6 and 7. */
function layoutOf(file: NatFile): ClientLayout {
  const count = (layout: ClientLayout) => file.lines.filter((line) => fits(line, layout)).length;
  return count(clientLayout7) > count(clientLayout8) ? clientLayout7 : clientLayout8;
}

/**
 * Reads NAT00080. `import.unreadable` with line and column where a line is cut or its columns are
 * out of place; an impossible date makes only its record faulty.
 */
export function readClients(file: NatFile, today: string): NatClient[] {
  const layout = layoutOf(file);
  requireLineLengths(file, layout, layout.dateOfBirth);
  if (layout === clientLayout7) {
    file.remarks.push(`${file.name} has the columns of AVETMISS 7 or older and was read so.`);
  }
  return file.lines.map((line) => {
    requireInPlace(file, line, layout);
    return toClient(file, line, layout, today);
  });
}

function requireInPlace(file: NatFile, line: NatLine, layout: ClientLayout): void {
  const [dateAt] = layout.dateOfBirth;
  const [genderAt] = layout.gender;
  const date = line.text.slice(dateAt, dateAt + 8);
  const gender = line.text.charAt(genderAt);
  if (!GENDER_OR_FILLER.test(gender)) {
    const message = `“${gender}” is no gender (M, F, X or @), so the columns are out of place.`;
    throw unreadable(file.name, { line: line.number, column: genderAt + 1 }, message);
  }
  if (!DATE_OR_FILLER.test(date)) {
    const message = `“${date}” is no date (DDMMYYYY), so the columns are out of place.`;
    throw unreadable(file.name, { line: line.number, column: dateAt + 1 }, message);
  }
  requireClientId(file, line);
}

function requireClientId(file: NatFile, line: NatLine): void {
  if (line.text.slice(0, 10).trim() !== '') return;
  const message = 'the client identifier is empty.';
  throw unreadable(file.name, { line: line.number, column: 1 }, message);
}

/** A client identifier as a code of the provider: no spaces around, no zeros before. */
export function clientCode(line: NatLine): string {
  return line.text
    .slice(0, 10)
    .trim()
    .replace(/^0+(?=.)/, '');
}

function toClient(file: NatFile, line: NatLine, layout: ClientLayout, today: string): NatClient {
  const text = (field: keyof ClientLayout) => slotText(line, layout[field]);
  const faults: string[] = [];
  const digits = text('dateOfBirth');
  const dateOfBirth = digits && /^\d{8}$/.test(digits) ? dateFrom(digits, today) : null;
  if (digits && /^\d{8}$/.test(digits) && dateOfBirth === null && !/^0+$/.test(digits)) {
    const at = `${file.name}, line ${line.number}, column ${layout.dateOfBirth[0] + 1}`;
    faults.push(`${at}: ${digits} is no possible date of birth (DDMMYYYY).`);
  }
  const [familyName, givenNames] = splitName(text('name'));
  return {
    line: line.number,
    clientId: clientCode(line),
    familyName,
    givenNames,
    gender: GENDERS[(text('gender') ?? '').toUpperCase()] ?? null,
    dateOfBirth,
    usi: text('usi'),
    address: {
      building: text('building'),
      unit: text('unit'),
      streetNumber: text('streetNumber'),
      streetName: text('streetName'),
      suburb: text('suburb'),
      ...placeOf(text('state'), text('postcode')),
    },
    faults,
  };
}

function dateFrom(digits: string, today: string): string | null {
  const part = (from: number, to: number) => Number(digits.slice(from, to));
  return birthDate(part(4, 8), part(2, 4), part(0, 2), today);
}

/** `FAMILY, GIVEN MIDDLE`; a name without comma is a family name alone. */
function splitName(name: string | null): [string | null, string | null] {
  if (name === null) return [null, null];
  const comma = name.indexOf(',');
  if (comma === -1) return [name, null];
  return [name.slice(0, comma).trim() || null, name.slice(comma + 1).trim() || null];
}

/** State, postcode and country from their codes; `OSPC`, 0000 and state 99 mean overseas. */
function placeOf(state: string | null, postcode: string | null): Partial<Address> {
  const isPostcode = postcode !== null && /^\d{4}$/.test(postcode) && postcode !== '0000';
  return {
    state: stateOfCode(state ?? ''),
    postcode: isPostcode ? postcode : null,
    country: isAustralianStateCode(state ?? '') ? 'AU' : null,
  };
}

/** Reads NAT00085. `import.unreadable` with line and column where a line is cut. */
export function readPostals(file: NatFile): NatPostal[] {
  requireLineLengths(file, postalLayout, postalLayout.familyName);
  return file.lines.map((line) => {
    requireClientId(file, line);
    const texts = Object.entries(postalLayout).map(([field, slot]) => [
      field,
      slotText(line, slot),
    ]);
    const text = Object.fromEntries(texts) as Record<PostalField, string | null>;
    const { building, unit, streetNumber, streetName, poBox, suburb } = text;
    const place = placeOf(text.state, text.postcode);
    const address = { building, unit, streetNumber, streetName, poBox, suburb, ...place };
    return { line: line.number, clientId: clientCode(line), text, address };
  });
}
