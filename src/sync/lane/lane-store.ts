import { type Selectable, sql, type Updateable } from 'kysely';
import type { ConnectionId, ProviderId, XeroOrgId } from '#contract/ids';
import { plus, SECOND_MS } from '#platform/clock';
import type { Tx } from '#platform/database';
import { enqueue } from '#platform/jobs/job';
import { jsonText } from '#platform/json-text';
import type { Lanes } from '#platform/schema';
import type { Scope } from '#platform/scope';
import { failingOf, triedAgain } from './aside.ts';
import { runLaneJob } from './lane-jobs.ts';

/** One per provider and Xero organisation: all waiting for Xero is written here, once. */
export type Lane = Selectable<Lanes>;

/** Why a lane does not run. */
export type StopReason = 'consent-lost' | 'paused' | 'disconnected';

/** Someone's right to be the only one at work for an organisation; it ends by itself. */
export interface Lease {
  xeroOrgId: XeroOrgId;
  owner: string;
}

/** Another run has taken the lane over: whatever this one still does must not be written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Renewed every few seconds while a run lives, so that a dead one is followed soon. */
export const LEASE_MS = 20 * SECOND_MS;

/** Makes the lane of a connected organisation, or lets it run again, and has it look at once. */
export async function openLane(
  tx: Tx,
  scope: Scope,
  lane: { xeroOrgId: XeroOrgId; connectionId: ConnectionId; organisationName: string },
  now: Date,
): Promise<void> {
  const opened = {
    provider_id: scope.providerId,
    connection_id: lane.connectionId,
    organisation_name: lane.organisationName,
    state: 'running',
    stop_reason: null,
    wake_at: now,
    next_sweep_at: now,
    paused_until: null,
    pause_reason: null,
    failures: 0,
    catching_up_since: now,
    set_aside: '{}',
  };
  await tx
    .insertInto('lanes')
    .values({ ...opened, xero_org_id: lane.xeroOrgId })
    .onConflict((conflict) => conflict.columns(['provider_id', 'xero_org_id']).doUpdateSet(opened))
    .execute();
  await wakeLane(tx, scope.providerId, lane.xeroOrgId, now);
}

/**
 * Stops the lane and takes it from a run that holds it, which can write nothing more. Nothing is
 * lost: what was wanted stays wanted.
 */
export async function stopLane(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  reason: StopReason,
): Promise<void> {
  await tx
    .updateTable('lanes')
    .set({
      state: 'stopped',
      stop_reason: reason,
      lease_owner: null,
      lease_until: null,
      paused_until: null,
      pause_reason: null,
    })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

/** Lets what was set aside be tried at once. */
export async function tryRefusedAgain(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  now: Date,
): Promise<void> {
  const lane = (await lanesOf(tx, scope)).find((one) => one.xero_org_id === xeroOrgId);
  if (!lane) return;
  await tx
    .updateTable('lanes')
    .set({ set_aside: jsonText(triedAgain(failingOf(lane), now)) })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

/** The organisation is called otherwise now. */
export async function renameLane(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  organisationName: string,
): Promise<void> {
  await tx
    .updateTable('lanes')
    .set({ organisation_name: organisationName })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

/** The lanes of a provider, in the order in which everybody locks them. */
export function lanesOf(tx: Tx, scope: Scope): Promise<Lane[]> {
  return tx
    .selectFrom('lanes')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .orderBy('xero_org_id')
    .execute();
}

/**
 * Calls the lane: it is due now, and if it runs at this moment it will look again before it rests.
 * Also locks the lane's row, as everybody does before touching links of it. Cheap, and harmless to
 * repeat. A job is put on the queue only where no run holds the lane: one that does looks at its
 * calls before it gives the lane back, and one that died is followed by the tick. Answers whether
 * the lane runs at all.
 */
export async function wakeLane(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
  now: Date,
): Promise<boolean> {
  const lane = await tx
    .updateTable('lanes')
    .set({
      wake_at: sql<Date>`least(wake_at, ${now}::timestamptz)`,
      wakes: sql<bigint>`wakes + 1`,
    })
    .where('provider_id', '=', providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .returning(['state', 'lease_owner', 'lease_until'])
    .executeTakeFirst();
  if (lane?.state !== 'running') return false;
  if (isLeased(lane, now)) return true;
  await enqueue(tx, runLaneJob, { providerId, xeroOrgId }, xeroOrgId);
  return true;
}

/** Locks the lane's row unless somebody else holds it. Answers whether it is locked now. */
export async function lockLaneIfFree(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
): Promise<boolean> {
  const row = await tx
    .selectFrom('lanes')
    .select('xero_org_id')
    .where('provider_id', '=', providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row !== undefined;
}

function isLeased({ lease_owner: owner, lease_until: until }: LeaseRow, now: Date): boolean {
  return owner !== null && until !== null && until > now;
}

type LeaseRow = Pick<Lane, 'lease_owner' | 'lease_until'>;

/**
 * Takes the lane for one run; null when another run holds it, when it is stopped, or when somebody
 * is just at its row: then nobody waits here, since whoever that is calls the lane or looks at its
 * calls, and the tick finds what is due all the same.
 */
export async function takeLane(
  tx: Tx,
  scope: Scope,
  lease: Lease,
  now: Date,
): Promise<Lane | null> {
  const free = await tx
    .selectFrom('lanes')
    .select('xero_org_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', lease.xeroOrgId)
    .where('state', '=', 'running')
    .where((where) => where.or([where('lease_owner', 'is', null), where('lease_until', '<=', now)]))
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!free) return null;
  return tx
    .updateTable('lanes')
    .set({ lease_owner: lease.owner, lease_until: plus(now, LEASE_MS) })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', lease.xeroOrgId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Locks the lane for the rest of the transaction and lengthens the lease; of several transactions
 * of a run the one that began first may end last, which never shortens it. Every transaction that
 * records what a run has done begins with this, so that a run which lost its lane writes nothing.
 *
 * @throws LeaseLostError when someone else holds the lane or it was stopped
 */
export async function holdLane(tx: Tx, scope: Scope, lease: Lease, now: Date): Promise<Lane> {
  const lane = await tx
    .updateTable('lanes')
    .set({ lease_until: sql<Date>`greatest(lease_until, ${plus(now, LEASE_MS)}::timestamptz)` })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', lease.xeroOrgId)
    .where('lease_owner', '=', lease.owner)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst();
  if (!lane) throw new LeaseLostError('the lane is held by another run');
  return lane;
}

/** Writes facts about the lane: what it did last, how long it pauses. */
export async function noteOnLane(
  tx: Tx,
  scope: Scope,
  lease: Lease,
  facts: Partial<
    Pick<
      Updateable<Lanes>,
      | 'paused_until'
      | 'pause_reason'
      | 'pause_spares_people'
      | 'failures'
      | 'last_push_at'
      | 'last_pull_at'
      | 'next_sweep_at'
      | 'contacts_known_at'
      | 'push_rows'
      | 'push_careful'
      | 'paper_reading'
      | 'set_aside'
      | 'page_rows'
      | 'patience'
    >
  >,
): Promise<void> {
  await tx
    .updateTable('lanes')
    .set(facts)
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', lease.xeroOrgId)
    .where('lease_owner', '=', lease.owner)
    .execute();
}

/**
 * Gives the lane back until `wakeAt`. If it was called since `wakesSeen` was read, it is due at
 * once and a run is enqueued in the same transaction, so that no call is lost in between.
 */
export async function releaseLane(
  tx: Tx,
  scope: Scope,
  lease: Lease,
  rest: { wakeAt: Date; wakesSeen: bigint; now: Date },
): Promise<void> {
  const { wakeAt, wakesSeen, now } = rest;
  const lane = await tx
    .updateTable('lanes')
    .set({
      lease_owner: null,
      lease_until: null,
      wake_at: sql<Date>`case when wakes = ${wakesSeen}::bigint then ${wakeAt}::timestamptz else ${now}::timestamptz end`,
    })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', lease.xeroOrgId)
    .where('lease_owner', '=', lease.owner)
    .returning(['wakes', 'state'])
    .executeTakeFirst();
  if (lane?.state !== 'running') return;
  const isDueAgain = lane.wakes !== wakesSeen || wakeAt <= now;
  if (!isDueAgain) return;
  const { providerId } = scope;
  const { xeroOrgId } = lease;
  await enqueue(tx, runLaneJob, { providerId, xeroOrgId }, xeroOrgId);
}
