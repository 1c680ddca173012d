import type { Address } from '#contract/learners';
import { foldName } from '#platform/folding';
import { codeKey } from '../learner.ts';
import { checkedFields, type ImportRecord, type RecordFields } from './import-record.ts';
import type { NatClient, NatPostal } from './nat-clients.ts';

interface Names {
  clients: string | null;
  postals: string | null;
}

/**
 * Puts the two records of each client together, in the order of NAT00080. Where both give a name
 * the postal record's parts win, since they are whole; the middle name is what is left of the
 * other. A postal record of a client that NAT00080 does not know becomes a faulty record.
 */
export function joinClients(
  clients: readonly NatClient[],
  postals: readonly NatPostal[],
  files: Names,
): ImportRecord[] {
  const postalByCode = new Map<string, NatPostal>();
  const leftOver: ImportRecord[] = [];
  const known = new Set(clients.map((client) => codeKey(client.clientId)));
  for (const postal of postals) {
    const key = codeKey(postal.clientId) ?? '';
    const earlier = postalByCode.get(key);
    const at = `${files.postals}, line ${postal.line}, column 1`;
    if (earlier) {
      leftOver.push(
        faulty(postal, `${at}: client ${postal.clientId} stands on line ${earlier.line} already.`),
      );
    } else if (files.clients !== null && !known.has(key)) {
      leftOver.push(faulty(postal, `${at}: client ${postal.clientId} is not in ${files.clients}.`));
    } else {
      postalByCode.set(key, postal);
    }
  }
  if (files.clients === null) return [...[...postalByCode.values()].map(postalOnly), ...leftOver];
  const joined = clients.map((client) =>
    join(client, postalByCode.get(codeKey(client.clientId) ?? '')),
  );
  return [...joined, ...leftOver];
}

function faulty(postal: NatPostal, fault: string): ImportRecord {
  return { ...postalOnly(postal), faults: [fault] };
}

function postalOnly(postal: NatPostal): ImportRecord {
  return toRecord(postal.line, contactFields(postal), []);
}

function join(client: NatClient, postal: NatPostal | undefined): ImportRecord {
  const contact = postal ? contactFields(postal) : {};
  const { firstName: given, lastName: family, streetAddress: postalStreet, ...rest } = contact;
  const names = namesOf(client, given ?? null);
  const hasStreet = Boolean(client.address.streetName || client.address.suburb);
  const street = hasStreet ? client.address : postalStreet;
  const fields: RecordFields = {
    ...rest,
    refExternal: client.clientId,
    firstName: names.first,
    middleName: names.middle,
    lastName: family ?? client.familyName,
    gender: client.gender,
    dateOfBirth: client.dateOfBirth,
    usi: client.usi,
    ...(street ? { streetAddress: street } : {}),
  };
  if (postal && hasStreet && !isSameAddress(postal.address, client.address)) {
    fields.postalAddress = postal.address;
  }
  return toRecord(client.line, fields, client.faults);
}

function toRecord(line: number, raw: RecordFields, known: readonly string[]): ImportRecord {
  const { fields, faults } = checkedFields(raw);
  return { line, learnerNumber: null, fields, recased: [], faults: [...known, ...faults] };
}

function contactFields({ clientId, text, address }: NatPostal): RecordFields {
  return {
    refExternal: clientId,
    title: text.title,
    firstName: text.givenName,
    lastName: text.familyName,
    phoneHome: text.phoneHome,
    phoneWork: text.phoneWork,
    phoneMobile: text.phoneMobile,
    email: text.email?.toLowerCase() ?? null,
    alternativeEmail: text.alternativeEmail?.toLowerCase() ?? null,
    ...(address.poBox ? { postalAddress: address } : { streetAddress: address }),
  };
}

/** First and middle name: the postal record's given name, and what NAT00080 says beyond it. */
function namesOf(
  client: NatClient,
  given: string | null,
): { first: string | null; middle: string | null } {
  const words = (client.givenNames ?? '').split(' ').filter(Boolean);
  if (given === null) return { first: words[0] ?? null, middle: words.slice(1).join(' ') || null };
  for (let count = 1; count <= words.length; count += 1) {
    if (foldName(words.slice(0, count).join('')) === foldName(given)) {
      return { first: given, middle: words.slice(count).join(' ') || null };
    }
  }
  return { first: given, middle: null };
}

function isSameAddress(one: Partial<Address>, other: Partial<Address>): boolean {
  const folded = (address: Partial<Address>) =>
    [
      address.poBox,
      address.building,
      address.unit,
      address.streetNumber,
      address.streetName,
      address.suburb,
      address.state,
      address.postcode,
    ]
      .map((part) => foldName(part ?? ''))
      .join('|');
  return folded(one) === folded(other);
}
