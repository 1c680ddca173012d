import { sql } from 'kysely';
import { type AuditQuery, auditAreas } from '#contract/audit';
import type { BursarEvent } from '#events/index';
import type { Tx } from '#platform/database';
import type { Actor, Scope } from '#platform/scope';

/** An event with its place in the chain. */
export interface AuditRow {
  id: string;
  seq: bigint;
  at: Date;
  kind: string;
  actor: Actor;
  actorId: string;
  subjectKind: string;
  subjectId: string;
  event: BursarEvent;
  position: bigint | null;
}

export type AuditFilters = Pick<AuditQuery, 'actor' | 'area' | 'from' | 'to'>;

/** Newest first, at most `limit`, older than `beforeSeq` if given. */
export async function listEvents(
  tx: Tx,
  scope: Scope,
  filters: AuditFilters,
  page: { limit: number; beforeSeq: bigint | null },
): Promise<AuditRow[]> {
  let query = tx
    .selectFrom('events as e')
    .leftJoin('audit_chain as c', (join) =>
      join.onRef('c.provider_id', '=', 'e.provider_id').onRef('c.event_id', '=', 'e.id'),
    )
    .select(['e.id', 'e.seq', 'e.at', 'e.kind', 'e.actor', 'e.actor_id', 'e.data', 'c.position'])
    .select(['e.subject_kind', 'e.subject_id'])
    .where('e.provider_id', '=', scope.providerId);
  if (page.beforeSeq !== null) query = query.where('e.seq', '<', page.beforeSeq);
  if (filters.actor !== undefined) query = query.where('e.actor_id', '=', filters.actor);
  if (filters.area !== undefined) {
    query = query.where('e.area', 'in', [...auditAreas[filters.area].areas]);
  }
  if (filters.from !== undefined) query = query.where('e.at', '>=', new Date(filters.from));
  if (filters.to !== undefined) query = query.where('e.at', '<', new Date(filters.to));
  const rows = await query.orderBy('e.seq', 'desc').limit(page.limit).execute();
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    actor: row.actor as unknown as Actor,
    actorId: row.actor_id,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    event: row.data as unknown as BursarEvent,
    position: row.position,
  }));
}

/** The newest sealed entry, with its event's instant. */
export async function readHead(tx: Tx, scope: Scope) {
  const row = await tx
    .selectFrom('audit_chain as c')
    .leftJoin('events as e', (join) =>
      join.onRef('e.id', '=', 'c.event_id').onRef('e.provider_id', '=', 'c.provider_id'),
    )
    .select(['c.position', 'c.hash', 'e.at'])
    .where('c.provider_id', '=', scope.providerId)
    .orderBy('c.position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * The last check of the provider's chain that was kept; null before the first. `fault` says in
 * words what was wrong, null that nothing was.
 */
export async function readCheck(tx: Tx, scope: Scope) {
  const row = await tx
    .selectFrom('audit_checks')
    .select(['checked_at', 'entries', 'fault'])
    .where('provider_id', '=', scope.providerId)
    .executeTakeFirst();
  return row ?? null;
}

/** Keeps the last check of a provider's chain. */
export async function noteCheck(
  tx: Tx,
  scope: Scope,
  check: { checkedAt: Date; entries: bigint; fault: string | null },
): Promise<void> {
  const values = { checked_at: check.checkedAt, entries: check.entries, fault: check.fault };
  await tx
    .insertInto('audit_checks')
    .values({ provider_id: scope.providerId, ...values })
    .onConflict((conflict) => conflict.column('provider_id').doUpdateSet(values))
    .execute();
}

/** Providers whose chain was not checked since `before`, longest ago first; `tx` is of the system. */
export async function uncheckedSince(tx: Tx, before: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.provider_id as id from providers p
    left join audit_checks k on k.provider_id = p.provider_id
    where (k.checked_at is null or k.checked_at < ${before})
      and exists (select from audit_chain c where c.provider_id = p.provider_id)
    order by k.checked_at nulls first limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** What is left of chains that were erased with their provider; `tx` is of the system. */
export async function listErasures(tx: Tx) {
  return tx
    .selectFrom('audit_erasures')
    .select(['provider_id', 'erased_at', 'position', 'hash'])
    .execute();
}
