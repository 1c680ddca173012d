import type { LearnerId, XeroOrgId } from '#contract/ids';
import { aboutParty } from '#events/index';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import { asText, sameValue } from '../push/field-value.ts';
import type { DriftField } from './judge.ts';
import { oursByParty } from './ours.ts';
import { takeFrom } from './take.ts';
import { withDrift } from './with-drift.ts';

/** What is done, by whom it was decided, and what locks the lane before links are written. */
interface TakeOrder {
  xeroOrgId: XeroOrgId;
  link: ContactLink;
  fields: readonly DriftField[];
  by: 'person' | 'rule';
  holdLane(): Promise<void>;
}

/**
 * Takes Xero's values of some fields into the record, in one transaction with the link. The learner
 * is locked before the lane, as an edit does it. Values that the record can't hold are left.
 *
 * @returns the fields that were taken; null when Xero or somebody here changed them meanwhile, then
 *   the caller must not commit
 * @throws AppError as an edit of the learner does
 */
export async function takeTheirs(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  { xeroOrgId, link, fields, by, holdLane }: TakeOrder,
): Promise<DriftField[] | null> {
  const { partyId, seen } = link;
  const before = (await oursByParty(deps, tx, scope, [link])).get(partyId);
  if (!before || seen === null) return [];
  const { change, taken } = takeFrom(before.party, link.bearsNumber, seen, fields);
  if (taken.length === 0) return [];
  await deps.learners.change(tx, scope, partyId as LearnerId, change);
  await holdLane();
  const [present] = await linksOfParties(tx, scope, xeroOrgId, [partyId]);
  const ours = (await oursByParty(deps, tx, scope, [link])).get(partyId);
  const now = present?.seen;
  if (!present?.base || !now || !ours) return null;
  if (taken.some((field) => !sameValue(now[field], ours.fields[field]))) return null;
  await saveLinks(tx, scope, [withDrift(present, ours.fields)]);
  await deps.events.append(tx, scope, {
    kind: 'contact.drift-decided',
    ...aboutParty(link),
    xeroOrgId,
    how: 'taken',
    by,
    changes: taken.map((field) => ({
      field,
      from: asText(before.fields[field]),
      to: asText(seen[field]),
    })),
  });
  await announce(tx, scope.providerId, 'sync', [partyId]);
  return taken;
}
