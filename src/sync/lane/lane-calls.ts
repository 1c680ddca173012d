import { sql } from 'kysely';
import type { PartyId, ProviderId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { raiseWanted } from '../links/link-store.ts';
import { createRouter } from '../links/place-parties.ts';
import type { Resource } from '../pull/cursor-store.ts';
import { noteHeard } from '../pull/sweep-times-store.ts';
import type { SyncDeps } from './lane-run.ts';

/**
 * Leaves word for the lane of what a webhook told of. As with word of any kind this waits for nobody,
 * and is found by the tick if nothing else brings it.
 */
export async function leaveNotice(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
  heard: readonly Resource[],
): Promise<void> {
  await tx
    .insertInto('lane_calls')
    .values({ provider_id: providerId, xero_org_id: xeroOrgId, heard: [...heard] })
    .execute();
}

/** Leaves word for the lane of whoever was changed, and whether somebody waits for it. */
export async function leaveChanges(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
  changed: readonly { partyId: PartyId; isUrgent: boolean }[],
): Promise<void> {
  const ids = changed.map(({ partyId }) => partyId);
  const urgent = changed.map(({ isUrgent }) => isUrgent);
  await sql`
    insert into lane_calls (provider_id, xero_org_id, party_id, urgent)
    select ${providerId}, ${xeroOrgId}, party_id, urgent
      from unnest(${ids}::uuid[], ${urgent}::boolean[]) as changed (party_id, urgent)
  `.execute(tx);
}

/** Whether word was left for the lane. */
export async function isCalled(
  tx: Tx,
  { providerId }: Scope,
  xeroOrgId: XeroOrgId,
): Promise<boolean> {
  const row = await tx
    .selectFrom('lane_calls')
    .select('id')
    .where('provider_id', '=', providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Takes up the word that was left: whoever was changed is wanted as they are now, and the lane
 * counts as called. The caller holds the lane's row. Answers how often the lane counts as called
 * for it: once, or not at all.
 */
export async function takeCalls(
  deps: Pick<SyncDeps, 'clock' | 'connections' | 'parties'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<bigint> {
  const { providerId } = scope;
  const calls = await tx
    .deleteFrom('lane_calls')
    .where('provider_id', '=', providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .returning(['heard', 'party_id', 'urgent'])
    .execute();
  if (calls.length === 0) return 0n;
  const now = deps.clock.now();
  const heard = calls.flatMap((call) => call.heard as Resource[]);
  await noteHeard(tx, providerId, xeroOrgId, heard, now);
  const changed = new Map<string, boolean>();
  for (const { party_id: id, urgent } of calls) {
    if (id !== null) changed.set(id, urgent || (changed.get(id) ?? false));
  }
  await wantAsTheyAre(deps, tx, scope, xeroOrgId, changed);
  await tx
    .updateTable('lanes')
    .set({
      wake_at: sql<Date>`least(wake_at, ${now}::timestamptz)`,
      wakes: sql<bigint>`wakes + 1`,
    })
    .where('provider_id', '=', providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  return 1n;
}

/** `changed` says of each whether somebody waits for it. */
async function wantAsTheyAre(
  deps: Pick<SyncDeps, 'clock' | 'connections' | 'parties'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  changed: ReadonlyMap<string, boolean>,
): Promise<void> {
  if (changed.size === 0) return;
  const belongsTo = await createRouter(deps)(tx, scope);
  const parties = await deps.parties.getMany(tx, scope, [...changed.keys()] as PartyId[]);
  const wishes = parties.map((party) => ({
    partyKind: party.kind,
    partyId: party.id,
    revision: party.revision,
    syncToXero: party.syncToXero && belongsTo(party) === xeroOrgId,
    isUrgent: changed.get(party.id) ?? false,
  }));
  await raiseWanted(tx, scope, xeroOrgId, wishes, deps.clock.now());
}
