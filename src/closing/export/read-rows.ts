import { sql } from 'kysely';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { ExportedTable } from './exported-tables.ts';

export const ROWS_PER_READ = 1_000;

/**
 * Every row of a table as JSON text, in batches, through a cursor that sees the table as it is at
 * the beginning. The wall lets the provider's own rows through and no others.
 */
export async function* readRows(tx: Tx, table: ExportedTable): AsyncGenerator<string[]> {
  const columns = sql.join(table.columns.map((column) => sql.ref(`t.${column}`)));
  yield* walk(
    tx,
    sql`select to_jsonb(r)::text as row
    from (select ${columns} from ${sql.table(table.name)} t) r`,
  );
}

/** The provider's people with e-mail and role, as JSON text. */
export async function* readPeople(tx: Tx, scope: Scope): AsyncGenerator<string[]> {
  const people = await tx
    .selectFrom('members')
    .innerJoin('auth.user', 'auth.user.id', 'members.person_id')
    .select(['auth.user.name', 'auth.user.email', 'members.role', 'members.created_at'])
    .where('members.provider_id', '=', scope.providerId)
    .orderBy('auth.user.name')
    .execute();
  yield people.map((person) => JSON.stringify(person));
}

async function* walk(tx: Tx, query: ReturnType<typeof sql>): AsyncGenerator<string[]> {
  await sql`declare export_rows no scroll cursor for ${query}`.execute(tx);
  try {
    for (;;) {
      const { rows } = await sql<{
        row: string;
      }>`fetch ${sql.lit(ROWS_PER_READ)} from export_rows`.execute(tx);
      if (rows.length > 0) yield rows.map(({ row }) => row);
      if (rows.length < ROWS_PER_READ) return;
    }
  } finally {
    await sql`close export_rows`.execute(tx);
  }
}
