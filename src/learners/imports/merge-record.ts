import type { Address, LearnerFields } from '#contract/learners';
import { foldEmail, foldName } from '#platform/folding';
import type { ImportRecord } from './import-record.ts';

/** Parts that make up one line of an address: they change together or not at all. */
const LINE_PARTS = ['building', 'unit', 'streetNumber', 'streetName', 'poBox'] as const;

/**
 * A learner's fields with a record's put over them. Empty cells never erase; but a record that
 * brings a street or a PO box replaces the old line whole, so that no unit of the old address
 * stays before the new street. What says the same in another spelling changes nothing: a phone
 * with other spaces, an e-mail in other case, a name that came in capitals.
 */
export function mergeRecord(base: LearnerFields, record: ImportRecord): LearnerFields {
  const { streetAddress, postalAddress, ...plain } = record.fields;
  const recased = new Set(record.recased);
  const merged: Record<string, unknown> = { ...base };
  for (const [field, value] of Object.entries(plain)) {
    const current = base[field as keyof typeof plain];
    if (!saysTheSame(field, current, value, recased)) merged[field] = value;
  }
  return {
    ...(merged as LearnerFields),
    streetAddress: mergeAddress('streetAddress', base.streetAddress, streetAddress, recased),
    postalAddress: mergeAddress('postalAddress', base.postalAddress, postalAddress, recased),
  };
}

function saysTheSame(
  field: string,
  current: unknown,
  given: unknown,
  recased: ReadonlySet<string>,
): boolean {
  if (typeof current !== 'string' || typeof given !== 'string') return current === given;
  if (/email$/i.test(field)) return foldEmail(current) === foldEmail(given);
  if (field.startsWith('phone')) return current.replace(/\s/g, '') === given.replace(/\s/g, '');
  return recased.has(field) ? foldName(current) === foldName(given) : current === given;
}

function mergeAddress(
  name: 'streetAddress' | 'postalAddress',
  base: Address,
  given: Partial<Address> | undefined,
  recased: ReadonlySet<string>,
): Address {
  if (!given) return base;
  const bringsLine = Boolean(given.streetName || given.poBox);
  const line = bringsLine ? Object.fromEntries(LINE_PARTS.map((part) => [part, null])) : {};
  const kept = Object.entries(given).map(([part, value]) => {
    const current = base[part as keyof Address];
    return [part, saysTheSame(`${name}.${part}`, current, value, recased) ? current : value];
  });
  return { ...base, ...line, ...Object.fromEntries(kept) };
}
