import { sql } from 'kysely';
import { SECOND_MS } from './clock.ts';
import type { Database, Tx } from './database.ts';
import { type SecretBox, SecretUnreadableError } from './secrets.ts';

/** A column of sealed secrets in a table whose key is the uuid `id`. */
export interface SealedColumn {
  table: string;
  column: string;
  /** The place that a row's secret is bound to; see `SecretBox.seal`. */
  place(id: string): string;
}

export interface Resealed {
  /** How many secrets were sealed anew. */
  resealed: number;
  /** How many open with none of the keys: their key is missing, or they were altered. */
  unreadable: number;
  /** Held by others all the while, or sealed with an older key meanwhile: run it again. */
  left: number;
}

const BATCH = 500;
/** A renewal holds its row while it waits for Xero, 25 s at most. */
const PASSES_MAX = 60;
const PAUSE_MS = SECOND_MS / 2;

/**
 * Seals every secret of a column with the present key while others go on reading and writing:
 * rows that someone holds are passed over and tried again. It may be stopped and run again at any
 * time, since each row says itself which key it needs.
 */
export async function reseal(
  database: Database,
  secrets: SecretBox,
  target: SealedColumn,
): Promise<Resealed> {
  const sum: Resealed = { resealed: 0, unreadable: 0, left: 0 };
  for (let pass = 1; pass <= PASSES_MAX; pass += 1) {
    const { resealed, unreadable } = await onePass(database, secrets, target);
    sum.resealed += resealed;
    sum.unreadable = unreadable;
    sum.left = (await database.asSystem((tx) => countLeft(tx, secrets, target))) - unreadable;
    if (sum.left <= 0) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { ...sum, left: Math.max(sum.left, 0) };
}

async function onePass(database: Database, secrets: SecretBox, target: SealedColumn) {
  let resealed = 0;
  let unreadable = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const batch = await database.asSystem((tx) => resealBatch(tx, secrets, target, after));
    resealed += batch.resealed;
    unreadable += batch.unreadable;
    if (batch.last === null) return { resealed, unreadable };
    after = batch.last;
  }
}

async function resealBatch(tx: Tx, secrets: SecretBox, target: SealedColumn, after: string) {
  const { rows } = await sql<{ id: string; sealed: string }>`
    select id, ${sql.ref(target.column)} as sealed from ${sql.table(target.table)}
    where id > ${after}::uuid and split_part(${sql.ref(target.column)}, '.', 2) <> ${secrets.currentKeyId}
    order by id limit ${BATCH} for update skip locked`.execute(tx);
  const anew = rows.flatMap(({ id, sealed }) => {
    const secret = openOrNull(secrets, sealed, target.place(id));
    return secret === null ? [] : [{ id, sealed: secrets.seal(secret, target.place(id)) }];
  });
  await sql`
    update ${sql.table(target.table)} as t set ${sql.ref(target.column)} = anew.sealed
    from unnest(${anew.map(({ id }) => id)}::uuid[], ${anew.map(({ sealed }) => sealed)}::text[])
      as anew (id, sealed)
    where t.id = anew.id`.execute(tx);
  return {
    resealed: anew.length,
    unreadable: rows.length - anew.length,
    last: rows.at(-1)?.id ?? null,
  };
}

async function countLeft(tx: Tx, secrets: SecretBox, target: SealedColumn): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select count(*)::int as left from ${sql.table(target.table)}
    where split_part(${sql.ref(target.column)}, '.', 2) <> ${secrets.currentKeyId}`.execute(tx);
  return rows[0]?.left ?? 0;
}

/** Null for a secret that opens with none of the keys. */
export function openOrNull(secrets: SecretBox, sealed: string, place: string): string | null {
  try {
    return secrets.open(sealed, place);
  } catch (error) {
    if (error instanceof SecretUnreadableError) return null;
    throw error;
  }
}
