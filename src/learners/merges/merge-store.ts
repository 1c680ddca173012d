import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { LearnerId } from '#contract/ids';
import { LearnerFields } from '#contract/learners';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { LearnerMerges } from '#platform/schema';
import type { Actor, Scope } from '#platform/scope';

/** A merge as it is kept: enough to tell of it and to undo it. */
export interface KeptMerge {
  id: string;
  keptId: LearnerId;
  mergedId: LearnerId;
  mergedAt: Date;
  mergedBy: Actor;
  undoUntil: Date;
  undoneAt: Date | null;
  keptBefore: LearnerFields;
  keptAfter: LearnerFields;
  mergedBefore: LearnerFields;
}

const Name = z.object({ name: z.string() });

function toMerge(row: Selectable<LearnerMerges>): KeptMerge {
  Name.parse(row.merged_by);
  return {
    id: row.id,
    keptId: row.kept_id as LearnerId,
    mergedId: row.merged_id as LearnerId,
    mergedAt: row.merged_at,
    mergedBy: row.merged_by as unknown as Actor,
    undoUntil: row.undo_until,
    undoneAt: row.undone_at,
    keptBefore: LearnerFields.parse(row.kept_before),
    keptAfter: LearnerFields.parse(row.kept_after),
    mergedBefore: LearnerFields.parse(row.merged_before),
  };
}

/** Keeps a merge that was just made: whatever `undoneAt` says, it is not undone. */
export async function insertMerge(tx: Tx, scope: Scope, merge: KeptMerge): Promise<void> {
  await tx
    .insertInto('learner_merges')
    .values({
      provider_id: scope.providerId,
      id: merge.id,
      kept_id: merge.keptId,
      merged_id: merge.mergedId,
      merged_at: merge.mergedAt,
      merged_by: jsonText(merge.mergedBy),
      undo_until: merge.undoUntil,
      kept_before: jsonText(merge.keptBefore),
      kept_after: jsonText(merge.keptAfter),
      merged_before: jsonText(merge.mergedBefore),
    })
    .execute();
}

const MERGES_MAX = 50;

/** The merges of a learner that were not undone, newest first; at most 50. */
export async function mergesOf(tx: Tx, scope: Scope, id: LearnerId): Promise<KeptMerge[]> {
  const rows = await tx
    .selectFrom('learner_merges')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('undone_at', 'is', null)
    .where((where) => where.or([where('kept_id', '=', id), where('merged_id', '=', id)]))
    .orderBy('merged_at', 'desc')
    .limit(MERGES_MAX)
    .execute();
  return rows.map(toMerge);
}

/**
 * A merge, undone or not; null where this provider has none of that id. It is not locked: whoever
 * undoes it locks its learners and reads once more.
 */
export async function findMerge(tx: Tx, scope: Scope, id: string): Promise<KeptMerge | null> {
  const row = await tx
    .selectFrom('learner_merges')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? toMerge(row) : null;
}

/** Notes that a merge is undone: it is listed no more. The caller has locked its learners. */
export async function markUndone(tx: Tx, scope: Scope, id: string, at: Date): Promise<void> {
  await tx
    .updateTable('learner_merges')
    .set({ undone_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** Says of a learner into whom they were merged, or that they stand for themselves again. */
export async function setMergedInto(
  tx: Tx,
  scope: Scope,
  id: LearnerId,
  into: LearnerId | null,
): Promise<void> {
  await tx
    .updateTable('learners')
    .set({ merged_into: into })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** Into whom these learners were merged, those that were. */
export async function mergedAmong(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<Map<LearnerId, LearnerId>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('learners')
    .select(['id', 'merged_into'])
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .where('merged_into', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.id as LearnerId, row.merged_into as LearnerId]));
}

/** Learners that were merged into this one before. */
export async function mergedEarlier(tx: Tx, scope: Scope, into: LearnerId): Promise<LearnerId[]> {
  const rows = await tx
    .selectFrom('learners')
    .select('id')
    .where('provider_id', '=', scope.providerId)
    .where('merged_into', '=', into)
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id as LearnerId);
}

/**
 * Everybody who came to rest in a learner, straight or by way of others, by the merges that were not
 * undone. Each learner is merged into one other at a time, so this ends with the last of them.
 */
export async function mergedBelow(tx: Tx, scope: Scope, id: LearnerId): Promise<LearnerId[]> {
  const below = new Set<LearnerId>();
  for (let layer: LearnerId[] = [id]; layer.length > 0; ) {
    const rows = await tx
      .selectFrom('learner_merges')
      .select('merged_id')
      .where('provider_id', '=', scope.providerId)
      .where('undone_at', 'is', null)
      .where('kept_id', '=', sql<string>`any(${layer}::uuid[])`)
      .orderBy('merged_at')
      .execute();
    const merged = new Set(rows.map((row) => row.merged_id as LearnerId));
    layer = [...merged].filter((one) => one !== id && !below.has(one));
    for (const one of layer) below.add(one);
  }
  return [...below];
}

/**
 * Lets the kept learner be found by everything that the merged one was found by, so that a search
 * for the old number or a file with the old code leads to who is left.
 */
export async function handOverFindings(
  tx: Tx,
  scope: Scope,
  from: LearnerId,
  to: LearnerId,
): Promise<void> {
  await sql`insert into learner_tokens (provider_id, learner_id, token)
    select provider_id, ${to}::uuid, token from learner_tokens
    where provider_id = ${scope.providerId} and learner_id = ${from}
    on conflict do nothing`.execute(tx);
  await sql`insert into learner_identities (provider_id, learner_id, identity)
    select provider_id, ${to}::uuid, identity from learner_identities
    where provider_id = ${scope.providerId} and learner_id = ${from}
    on conflict do nothing`.execute(tx);
  await forgetFindings(tx, scope, from);
}

/** Takes away everything that a learner is found by. */
export async function forgetFindings(tx: Tx, scope: Scope, id: LearnerId): Promise<void> {
  for (const table of ['learner_tokens', 'learner_identities'] as const) {
    await tx
      .deleteFrom(table)
      .where('provider_id', '=', scope.providerId)
      .where('learner_id', '=', id)
      .execute();
  }
}
