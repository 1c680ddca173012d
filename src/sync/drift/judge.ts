import type { Winner } from '#contract/drift';
import type { CONTACT_FIELDS, ContactFields } from '../push/contact-mapping.ts';
import { type FieldValue, sameValue } from '../push/field-value.ts';

/** Fields that can drift. The code is our key: what becomes of it in Xero is told as a remark. */
export type DriftField = Exclude<(typeof CONTACT_FIELDS)[number], 'contactNumber'>;

export const DRIFT_FIELDS = [
  'name',
  'firstName',
  'lastName',
  'email',
  'mobile',
  'home',
  'work',
  'street',
  'postal',
] as const satisfies readonly DriftField[];

/** What each side said of a field when it was agreed that they may differ. */
export interface Apart {
  ours: FieldValue;
  theirs: FieldValue;
}
export type Accepted = { [Field in DriftField]?: Apart | undefined };

/** One field, as the rule looks at it. */
export interface Sides {
  /** What both last agreed on. */
  base: FieldValue;
  ours: FieldValue;
  theirs: FieldValue;
  accepted?: Apart | undefined;
  winner: Winner;
}

export type Verdict =
  /** Both say the same. */
  | 'agreed'
  /** Changed here alone: ours goes out. */
  | 'send'
  /** They differ, and somebody said that they may. */
  | 'apart'
  /** Changed in Xero: a person decides. */
  | 'ask'
  /** Changed in Xero, and the rule says that ours stands. */
  | 'overwrite'
  /** Changed in Xero, and the rule says that it goes into our record. */
  | 'take';

/**
 * Who wins one field. Ours is sent by itself only where Xero still says what both agreed on, so
 * nothing that was changed there is ever overwritten unseen. A permission to differ holds as long
 * as both sides say what they said when it was given.
 */
export function judge({ base, ours, theirs, accepted, winner }: Sides): Verdict {
  if (sameValue(ours, theirs)) return 'agreed';
  if (sameValue(theirs, base)) return 'send';
  if (accepted && sameValue(accepted.ours, ours) && sameValue(accepted.theirs, theirs)) {
    return 'apart';
  }
  if (winner === 'ask') return 'ask';
  return winner === 'bursar' ? 'overwrite' : 'take';
}

/** What may differ from now on: every field in which a contact was found to say something else. */
export function acceptedAsFound(
  base: ContactFields,
  ours: ContactFields,
  theirs: ContactFields,
): Accepted {
  const found = DRIFT_FIELDS.filter(
    (field) => !sameValue(ours[field], theirs[field]) && !sameValue(theirs[field], base[field]),
  );
  return Object.fromEntries(
    found.map((field) => [field, { ours: ours[field], theirs: theirs[field] }]),
  );
}
