import { XeroConsentError, XeroError } from '#xero/index';

/**
 * Does the same work for each item at once and waits for all of them, whatever becomes of the
 * others: none is left to run on unseen.
 *
 * @throws what one of them threw: a failure of our own before Xero's, a lost consent before all else
 *   that Xero says
 */
export async function allAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const settled = await Promise.allSettled(items.map(work));
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (failures.length === 0) return;
  const ours = failures.find((failure) => !(failure instanceof XeroError));
  throw ours ?? failures.find((failure) => failure instanceof XeroConsentError) ?? failures[0];
}
