import { type Selectable, sql } from 'kysely';
import type { Tx } from '#platform/database';
import type { ProviderClosings } from '#platform/schema';
import type { Scope } from '#platform/scope';

export type ClosingRow = Selectable<ProviderClosings>;

/**
 * How far the provider is on its way out; null while it never thought of it. Holds the row until the
 * transaction ends: whoever acts on it next sees what this one did.
 */
export async function getClosing(tx: Tx, scope: Scope): Promise<ClosingRow | null> {
  const row = await tx
    .selectFrom('provider_closings')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Notes that the data was taken out as it stood at `at`, without which nobody may close. */
export async function noteExported(tx: Tx, scope: Scope, at: Date): Promise<void> {
  await tx
    .insertInto('provider_closings')
    .values({ provider_id: scope.providerId, exported_at: at })
    .onConflict((conflict) => conflict.column('provider_id').doUpdateSet({ exported_at: at }))
    .execute();
}

/** Closes; what is closed already stays as it was closed. Answers whether it was open. */
export async function noteClosed(
  tx: Tx,
  scope: Scope,
  closing: { at: Date; by: string; eraseAt: Date },
): Promise<boolean> {
  const set = {
    closed_at: closing.at,
    closed_by: closing.by,
    erase_at: closing.eraseAt,
    disconnect_at: closing.at,
  };
  const closed = await tx
    .insertInto('provider_closings')
    .values({ provider_id: scope.providerId, ...set })
    .onConflict((conflict) =>
      conflict
        .column('provider_id')
        .doUpdateSet(set)
        .where('provider_closings.closed_at', 'is', null),
    )
    .returning('provider_id')
    .executeTakeFirst();
  return closed !== undefined;
}

/** Opens again; answers whether it was closed. */
export async function noteReopened(tx: Tx, scope: Scope): Promise<boolean> {
  const opened = await tx
    .updateTable('provider_closings')
    .set({ closed_at: null, closed_by: null, erase_at: null, disconnect_at: null })
    .where('provider_id', '=', scope.providerId)
    .where('closed_at', 'is not', null)
    .returning('provider_id')
    .executeTakeFirst();
  return opened !== undefined;
}

/** When ending the connections is tried next; null: all have ended. */
export async function noteDisconnectAt(tx: Tx, scope: Scope, at: Date | null): Promise<void> {
  await tx
    .updateTable('provider_closings')
    .set({ disconnect_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('closed_at', 'is not', null)
    .execute();
}

/** Puts the erasure off, for as long as something is in its way. */
export async function noteEraseAt(tx: Tx, scope: Scope, at: Date): Promise<void> {
  await tx
    .updateTable('provider_closings')
    .set({ erase_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('closed_at', 'is not', null)
    .execute();
}

/** When the provider was made. */
export async function createdAt(tx: Tx, scope: Scope): Promise<Date> {
  const row = await tx
    .selectFrom('providers')
    .select('created_at')
    .where('provider_id', '=', scope.providerId)
    .executeTakeFirstOrThrow();
  return row.created_at;
}

/** The provider's jobs that no worker has begun leave the queue; `tx` must be of the system. */
export async function dropJobs(tx: Tx, providerId: string): Promise<void> {
  await sql`select drop_jobs_of_provider(${providerId})`.execute(tx);
}

/**
 * Erases the provider's log of events, and notes where its chain ended; `tx` must be of the
 * system.
 */
export async function eraseLog(tx: Tx, providerId: string, at: Date): Promise<number> {
  const { rows } = await sql<{
    erased: bigint;
  }>`select erase_events(${providerId}, ${at}) as erased`.execute(tx);
  return Number(rows[0]?.erased ?? 0n);
}

/** Deletes up to `atMost` rows of a provider and says how many; `tx` must be of the system. */
export async function eraseRows(tx: Tx, providerId: string, atMost: number): Promise<number> {
  const { rows } = await sql<{
    erased: number;
  }>`select erase_rows(${providerId}, ${atMost}) as erased`.execute(tx);
  return rows[0]?.erased ?? 0;
}
