import { sql } from 'kysely';
import type { ProviderId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { contentOf } from './chain.ts';

/** An event that waits to be sealed. */
export interface Unsealed {
  providerId: ProviderId;
  id: string;
  xid: string;
  seq: bigint;
  content: string;
}

export interface Head {
  position: bigint;
  hash: Buffer;
}

export interface Cursor {
  xid: string;
  seq: bigint;
}

const SEALER_LOCK = 0x61756469;

/** One sealer at a time over all machines; false when another is at it. Ends with the transaction. */
export async function takeSealerLock(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${SEALER_LOCK}) as taken`.execute(tx);
  return rows[0]?.taken === true;
}

/**
 * How far the sealer has come. A database that was restored elsewhere from a dump counts its
 * transactions anew, and events may bear numbers that are yet to come there; then `isRestored`.
 */
export async function readCursor(tx: Tx): Promise<Cursor & { isRestored: boolean }> {
  const { rows } = await sql<Cursor & { isRestored: boolean }>`
    select xid::text as xid, seq, xid > pg_snapshot_xmin(pg_current_snapshot()) as "isRestored"
    from audit_cursor`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('The sealer has lost its cursor');
  return row;
}

/** Notes how far the sealer has come, or has it begin anew; the caller holds the sealer's lock. */
export async function moveCursor(tx: Tx, to: Cursor): Promise<void> {
  await sql`update audit_cursor set xid = ${to.xid}::xid8, seq = ${to.seq}`.execute(tx);
}

/**
 * Events after the cursor whose transactions, and all older ones, have ended: nothing can come to
 * stand before them any more. Ordered by transaction, then number.
 */
export async function nextUnsealed(tx: Tx, cursor: Cursor, limit: number): Promise<Unsealed[]> {
  const { rows } = await sql<Unsealed>`
    select e.provider_id as "providerId", e.id, e.xid::text as xid, e.seq, ${contentOf} as content
    from events e
    where (e.xid, e.seq) > (${cursor.xid}::xid8, ${cursor.seq}::bigint)
      and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.seq limit ${limit}`.execute(tx);
  return rows;
}

/** After a restore: events with numbers of transactions that are yet to come here. */
export async function unsealedFromElsewhere(tx: Tx, limit: number): Promise<Unsealed[]> {
  const { rows } = await sql<Unsealed>`
    select e.provider_id as "providerId", e.id, e.xid::text as xid, e.seq, ${contentOf} as content
    from events e
    where e.xid >= pg_snapshot_xmax(pg_current_snapshot())
      and not exists (select from audit_chain c
        where c.provider_id = e.provider_id and c.event_id = e.id)
    order by e.xid, e.seq limit ${limit}`.execute(tx);
  return rows;
}

/** Which of these events are in a chain already. */
export async function sealedAlready(
  tx: Tx,
  events: readonly Unsealed[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select c.event_id as id
    from unnest(${events.map(({ providerId }) => providerId)}::uuid[],
                ${events.map(({ id }) => id)}::uuid[]) as asked (provider_id, id)
    join audit_chain c on c.provider_id = asked.provider_id and c.event_id = asked.id`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** The newest entry of each provider's chain, of those that have one. */
export async function headsOf(
  tx: Tx,
  providerIds: readonly ProviderId[],
): Promise<Map<ProviderId, Head>> {
  const { rows } = await sql<Head & { providerId: ProviderId }>`
    select asked.id as "providerId", last.position, last.hash
    from unnest(${[...providerIds]}::uuid[]) as asked (id)
    cross join lateral (select c.position, c.hash from audit_chain c
      where c.provider_id = asked.id order by c.position desc limit 1) last`.execute(tx);
  return new Map(rows.map(({ providerId, ...head }) => [providerId, head]));
}

/** The hashes, in hex, of these entries of a provider's chain, of those that there are. */
export async function hashesAt(
  tx: Tx,
  providerId: ProviderId,
  positions: readonly bigint[],
): Promise<Map<bigint, string>> {
  const { rows } = await sql<{ position: bigint; hash: string }>`
    select position, encode(hash, 'hex') as hash from audit_chain
    where provider_id = ${providerId} and position = any(${[...positions]}::bigint[])`.execute(tx);
  return new Map(rows.map(({ position, hash }) => [position, hash]));
}

export interface Entry {
  provider_id: ProviderId;
  position: bigint;
  event_id: string;
  hash: Buffer;
  sealed_at: Date;
}

/**
 * Adds a batch of entries to the chains of any providers. The caller holds the sealer's lock, so
 * that no position is given twice.
 */
export async function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx
    .insertInto('audit_chain')
    .values([...entries])
    .execute();
}
