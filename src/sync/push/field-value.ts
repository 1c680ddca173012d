import type { AddressSlot } from './contact-mapping.ts';

/** What one field of a contact may say. */
export type FieldValue = string | AddressSlot | null;

/** Whether two values say the same; runs of spaces do not count. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  return asText(a) === asText(b);
}

/** A value on one line, as history shows it. */
export function asText(value: FieldValue): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim() || null;
  const { lines, city, region, postalCode, country } = value;
  const parts = [...lines, city, region, postalCode, country].filter((part) => part !== '');
  return parts.join(', ').replace(/\s+/g, ' ').trim() || null;
}
