import type { ContactLink } from '../links/contact-link.ts';
import type { WaitingNotice } from './notice-store.ts';

/**
 * Whether a notice tells us anything: our own writes come back as notices of what we know already.
 * Both sides are exact to the second only. Contacts of nobody here matter only while somebody is to
 * be matched; else one sweep a few minutes later reads whatever changed meanwhile.
 */
export function isNews(notice: WaitingNotice, link: ContactLink): boolean {
  const known = link.contactChangedAt;
  return known === null || seconds(notice.eventAt) > seconds(known);
}

/**
 * A notice of the very second of our own write is nearly always that write; but a bookkeeper may
 * have edited in the same second. One sweep a little later settles all such doubts in one call.
 */
export function isOfSameSecond(notice: WaitingNotice, link: ContactLink | undefined): boolean {
  const known = link?.contactChangedAt ?? null;
  return known !== null && seconds(notice.eventAt) === seconds(known);
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1_000);
}
