import type { FieldChange } from '#events/index';
import type { ContactLink } from '../links/contact-link.ts';
import type { ContactFields } from '../push/contact-mapping.ts';
import { asText } from '../push/field-value.ts';
import type { DriftField } from './judge.ts';
import { withDrift } from './with-drift.ts';

/** The link and the history's lines after some of its fields were decided about. */
export interface Settled {
  link: ContactLink;
  /** From what was given up to what stands. */
  changes: FieldChange[];
}

/**
 * Ours is to stand: what Xero says now counts as agreed on, so that ours is what has changed. If
 * Xero says yet something else by the time it is sent, that is a new drift.
 */
export function pushOurs(
  link: ContactLink,
  ours: ContactFields,
  fields: readonly DriftField[],
): Settled {
  const { base, seen } = link;
  if (base === null || seen === null) return { link, changes: [] };
  const agreed = Object.fromEntries(fields.map((field) => [field, seen[field]]));
  const accepted = { ...link.accepted };
  for (const field of fields) delete accepted[field];
  const standing = link.standing === 'blocked' ? 'waiting' : link.standing;
  const asked = { ...link, base: { ...base, ...agreed }, accepted, standing };
  return {
    link: withDrift(asked, ours),
    changes: fields.map((field) => ({
      field,
      from: asText(seen[field]),
      to: asText(ours[field]),
    })),
  };
}

/**
 * Both may differ as they do now, until either changes.
 *
 * @returns changes from our value to Xero's, as both stay
 */
export function leaveApart(
  link: ContactLink,
  ours: ContactFields,
  fields: readonly DriftField[],
): Settled {
  const { seen } = link;
  if (seen === null) return { link, changes: [] };
  const apart = fields.map((field) => [field, { ours: ours[field], theirs: seen[field] }]);
  const accepted = { ...link.accepted, ...Object.fromEntries(apart) };
  return {
    link: withDrift({ ...link, accepted }, ours),
    changes: fields.map((field) => ({ field, from: asText(ours[field]), to: asText(seen[field]) })),
  };
}

/** Takes a permission to differ back. */
export function askAgain(
  link: ContactLink,
  ours: ContactFields,
  fields: readonly DriftField[],
): Settled {
  const accepted = { ...link.accepted };
  for (const field of fields) delete accepted[field];
  return { link: withDrift({ ...link, accepted }, ours), changes: [] };
}
