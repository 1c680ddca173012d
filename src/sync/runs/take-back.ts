import { sql } from 'kysely';
import type { PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf, wakeLane } from '../lane/lane-store.ts';
import { type ItemChange, itemsOf, saveItems } from './item-store.ts';
import { type Item, ON_THE_WAY_MAX, type Run } from './run.ts';

/**
 * Turns Sync to Xero off again for those whom a run has turned on and who are not in Xero, where no
 * request is under way that may have made their contact. The others are sent all the same. Parties
 * are locked before the lanes, in the order in which an edit takes the two; under both nothing
 * begins meanwhile.
 */
export async function takeBack(
  deps: Pick<SyncDeps, 'parties' | 'clock'>,
  tx: Tx,
  scope: Scope,
  run: Run,
): Promise<void> {
  if (run.kind !== 'sync-on') return;
  const sent = await itemsOf(tx, scope, run.id, 'sent', ON_THE_WAY_MAX);
  if (sent.length === 0) return;
  const ids = sent.map((item) => item.subjectId as PartyId);
  const here = await deps.parties.getMany(tx, scope, ids, 'for-change');
  const isOn = new Set<string>(here.filter((one) => one.syncToXero).map(({ id }) => id));
  await lockLanes(deps, tx, scope);
  const bound = await boundAmong(tx, scope, ids);
  const back = sent.filter(({ subjectId }) => isOn.has(subjectId) && !bound.has(subjectId));
  await deps.parties.turnSyncOff(tx, scope, back.map(partyOf));
  await saveItems(
    tx,
    scope,
    run.id,
    back.map((item): ItemChange => ({ ...item, stage: 'done', outcome: 'skipped', reason: WHY })),
  );
}

const WHY = 'The run was cancelled before it came to Xero. Sync to Xero is off again.';

function partyOf({ subjectKind, subjectId }: Item) {
  return { partyKind: subjectKind as PartyKind, partyId: subjectId as PartyId };
}

async function lockLanes(deps: Pick<SyncDeps, 'clock'>, tx: Tx, scope: Scope): Promise<void> {
  const now = deps.clock.now();
  for (const lane of await lanesOf(tx, scope)) {
    await wakeLane(tx, scope.providerId, lane.xero_org_id as XeroOrgId, now);
  }
}

/**
 * Those who have a contact where they belong now, or may have one. What they have in an organisation
 * that they belonged to before says nothing of this one.
 */
async function boundAmong(
  tx: Tx,
  scope: Scope,
  ids: readonly PartyId[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('contact_links')
    .select('party_id')
    .where('provider_id', '=', scope.providerId)
    .where('party_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .where('standing', 'is not', null)
    .where((e) => e.or([e('contact_id', 'is not', null), e('uncertain_since', 'is not', null)]))
    .execute();
  return new Set(rows.map((row) => row.party_id));
}
