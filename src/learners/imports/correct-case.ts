import type { Address } from '#contract/learners';
import type { ImportRecord, RecordFields } from './import-record.ts';
import {
  isAllCapitals,
  ordinaryFamilyName,
  ordinaryGivenName,
  ordinaryPlace,
} from './name-case.ts';

const GIVEN_NAMES = ['title', 'firstName', 'middleName', 'preferredName'] as const;
const PLACES = ['building', 'unit', 'streetName', 'poBox', 'suburb'] as const;

/** A record with its names and places in ordinary case where they are all capitals. */
export function withOrdinaryCase(record: ImportRecord): ImportRecord {
  const fields: RecordFields = { ...record.fields };
  const recased: string[] = [];
  const cased = (field: string, text: string, change: (text: string) => string) => {
    if (isAllCapitals(text)) recased.push(field);
    return change(text);
  };
  for (const name of GIVEN_NAMES) {
    const value = fields[name];
    if (value) fields[name] = cased(name, value, ordinaryGivenName);
  }
  if (fields.lastName) fields.lastName = cased('lastName', fields.lastName, ordinaryFamilyName);
  for (const name of ['streetAddress', 'postalAddress'] as const) {
    const address: Partial<Address> = { ...fields[name] };
    for (const part of PLACES) {
      const value = address[part];
      if (value) address[part] = cased(`${name}.${part}`, value, ordinaryPlace);
    }
    if (fields[name]) fields[name] = address;
  }
  return { ...record, fields, recased };
}
