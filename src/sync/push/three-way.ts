import type { FieldChange } from '#events/index';
import { type AddressSlot, CONTACT_FIELDS, type ContactFields } from './contact-mapping.ts';

type Field = (typeof CONTACT_FIELDS)[number];

/** What to do about one contact. */
export interface Merge {
  /** Fields to write; empty when there is nothing to send. */
  send: Partial<ContactFields>;
  /** Of these, the ones that the bookkeeper had changed too: ours wins, and history says so. */
  overwritten: FieldChange[];
  /** Fields that the bookkeeper changed and we did not: they stay as they are in Xero. */
  drifted: Field[];
}

/**
 * Who wins a field: what changed on our side since both agreed goes out; what changed in Xero and
 * not here stays. Where both changed, the learner's record wins. A field that already says in Xero
 * what we want is not sent.
 *
 * @param base what both sides last agreed on
 * @param ours what the learner's record says now
 * @param theirs what Xero says now
 */
export function threeWay(base: ContactFields, ours: ContactFields, theirs: ContactFields): Merge {
  const merge: Merge = { send: {}, overwritten: [], drifted: [] };
  for (const field of CONTACT_FIELDS) {
    const weChanged = !sameValue(ours[field], base[field]);
    const theyChanged = !sameValue(theirs[field], base[field]);
    if (sameValue(ours[field], theirs[field])) continue;
    if (weChanged) {
      Object.assign(merge.send, { [field]: ours[field] });
      if (theyChanged) {
        merge.overwritten.push({ field, from: asText(theirs[field]), to: asText(ours[field]) });
      }
    } else if (theyChanged) {
      merge.drifted.push(field);
    }
  }
  return merge;
}

/**
 * The agreed base for a contact that we link to without having written it. What the learner's
 * record leaves empty is left alone in Xero, and so is the name under which the books know the
 * person; everything else counts as our change, so it goes out at the next push.
 */
export function baseForFound(ours: ContactFields, theirs: ContactFields): ContactFields {
  const base = { ...theirs, name: ours.name };
  for (const field of CONTACT_FIELDS) {
    if (ours[field] === null) Object.assign(base, { [field]: null });
  }
  return base;
}

/**
 * The agreed base for a contact that was in the books before its learner was tied to it: whatever
 * it says stays, and only what it lacks is filled in. The learner number goes onto it unless it
 * bears another code; that one gives way only where a person said so.
 */
export function baseForAdopted(
  ours: ContactFields,
  theirs: ContactFields,
  replacesCode: boolean,
): ContactFields {
  const base = { ...ours };
  for (const field of CONTACT_FIELDS) {
    const isLacking = theirs[field] === null;
    const givesWay = field === 'contactNumber' && replacesCode;
    if (isLacking || givesWay) Object.assign(base, { [field]: theirs[field] });
  }
  return base;
}

type Value = string | AddressSlot | null;

/** Whether two values say the same; runs of spaces do not count. */
export function sameValue(a: Value, b: Value): boolean {
  return asText(a) === asText(b);
}

/** A value on one line, as history shows it. */
function asText(value: Value): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim() || null;
  const { lines, city, region, postalCode, country } = value;
  const parts = [...lines, city, region, postalCode, country].filter((part) => part !== '');
  return parts.join(', ').replace(/\s+/g, ' ').trim() || null;
}
