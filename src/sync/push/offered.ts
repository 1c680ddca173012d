import type { ContactLink } from '../links/contact-link.ts';
import type { ContactFields } from './contact-mapping.ts';
import { sameValue } from './field-value.ts';

/**
 * What both sides agree on, once it is seen what became of a write whose answer was lost: where Xero
 * says what we had offered, it was we who changed it. Without this our own value would pass for the
 * bookkeeper's and stand in the way of a later one.
 *
 * @param offered what the last write said, as long as its answer is not known
 * @param theirs what Xero says now
 */
export function baseWithOffered(
  base: ContactFields,
  offered: ContactLink['offered'],
  theirs: ContactFields,
): ContactFields {
  const arrived = Object.entries(offered ?? {}).filter(([field, value]) =>
    sameValue(value, theirs[field as keyof ContactFields]),
  );
  return { ...base, ...Object.fromEntries(arrived) };
}
