import type { FieldChange } from '#events/index';
import { CONTACT_FIELDS, type ContactFields } from './contact-mapping.ts';
import { asText, sameValue } from './field-value.ts';

type Field = (typeof CONTACT_FIELDS)[number];

/** What to do about one contact. */
export interface Merge {
  /** Fields to write; empty when there is nothing to send. */
  send: Partial<ContactFields>;
  /** Our code where the bookkeeper had put another: it is our key, so ours wins, and history says so. */
  overwritten: FieldChange[];
  /** Fields that were changed in Xero and say something else than ours: they stay as they are there. */
  left: Field[];
}

/**
 * What a push may write: what changed on our side where Xero still says what both agreed on. What
 * was changed in Xero stays, changed here too or not, until a person or a rule has decided. A field
 * that already says in Xero what we want is not sent.
 *
 * @param base what both sides last agreed on
 * @param ours what the record here says now
 * @param theirs what Xero says now
 */
export function threeWay(base: ContactFields, ours: ContactFields, theirs: ContactFields): Merge {
  const merge: Merge = { send: {}, overwritten: [], left: [] };
  for (const field of CONTACT_FIELDS) {
    if (sameValue(ours[field], theirs[field])) continue;
    const theyChanged = !sameValue(theirs[field], base[field]);
    const isOurKey = field === 'contactNumber' && !sameValue(ours[field], base[field]);
    if (theyChanged && !isOurKey) {
      merge.left.push(field);
      continue;
    }
    Object.assign(merge.send, { [field]: ours[field] });
    if (theyChanged) {
      merge.overwritten.push({ field, from: asText(theirs[field]), to: asText(ours[field]) });
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

/**
 * The agreed base for the contact that is left of a merge in Xero. What was agreed with the one that
 * was merged away holds on, so that what it says otherwise is the bookkeeper's doing and stays until
 * it is decided; only what it lacks is filled in, and our code is tried.
 *
 * @param agreed with the contact that was merged away; null: nothing yet
 */
export function baseForSurvivor(
  agreed: ContactFields | null,
  ours: ContactFields,
  theirs: ContactFields,
): ContactFields {
  return baseForAdopted(agreed ?? ours, theirs, true);
}

/** Whether a contact says already all that would be sent to it. */
export function saysAll(theirs: ContactFields, ours: ContactFields): boolean {
  return Object.keys(threeWay(theirs, ours, theirs).send).length === 0;
}
