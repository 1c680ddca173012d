import type { Address } from '#contract/learners';
import type { ImportRecord, RecordFields } from './import-record.ts';
import { ordinaryFamilyName, ordinaryGivenName, ordinaryPlace } from './name-case.ts';

const GIVEN_NAMES = ['title', 'firstName', 'middleName', 'preferredName'] as const;
const PLACES = ['building', 'unit', 'streetName', 'poBox', 'suburb'] as const;

/** A record with its names and places in ordinary case where they are all capitals. */
export function withOrdinaryCase(record: ImportRecord): ImportRecord {
  const fields: RecordFields = { ...record.fields };
  for (const name of GIVEN_NAMES) {
    const value = fields[name];
    if (value) fields[name] = ordinaryGivenName(value);
  }
  if (fields.lastName) fields.lastName = ordinaryFamilyName(fields.lastName);
  if (fields.streetAddress) fields.streetAddress = casedAddress(fields.streetAddress);
  if (fields.postalAddress) fields.postalAddress = casedAddress(fields.postalAddress);
  return { ...record, fields };
}

function casedAddress(address: Partial<Address>): Partial<Address> {
  const cased = { ...address };
  for (const part of PLACES) {
    const value = cased[part];
    if (value) cased[part] = ordinaryPlace(value);
  }
  return cased;
}
