import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { storeNotices } from '../pull/notice-store.ts';
import { undecidedOverMerges } from './link-store.ts';

/**
 * Has contacts looked at once more that went into the contact of one of these parties in Xero: their
 * links name whom, and learners were merged here or parted since. Whoever has that contact by then
 * is named. To be asked under the lane's lock, and the lane to be called.
 */
export async function renewHolders(
  deps: Pick<SyncDeps, 'parties' | 'clock'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<void> {
  const links = await undecidedOverMerges(tx, scope, xeroOrgId);
  if (links.length === 0) return;
  const parties = await deps.parties.getMany(tx, scope, partyIds);
  const names = parties.map(({ number }) => `(${number})`);
  const isNamed = (reason: string) => names.some((name) => reason.includes(name));
  const now = deps.clock.now();
  const notices = links.flatMap(({ contactId, reasons }) =>
    contactId !== null && reasons.some(isNamed)
      ? [{ kind: 'contact' as const, resourceId: contactId, eventAt: now }]
      : [],
  );
  await storeNotices(tx, scope.providerId, xeroOrgId, notices, now);
}
