import { sql } from 'kysely';
import type { Tx } from '#platform/database';

/** Tables that hold nothing of the provider's own, each with the reason. */
export const LEFT_OUT: Record<string, string> = {
  consents: 'secrets of ten minutes',
  learner_tokens: 'made of the learners for searching',
  workplace_tokens: 'made of the workplaces for searching',
  xero_contact_keys: 'made of the contacts in Xero for matching',
  audit_erasures: 'of providers that left',
  import_files: 'files as they were given to Bursar, kept until they are imported',
};

/** Columns by which somebody could be let in, sign or be recognised, whatever table they stand in. */
const SECRET = /(^|_)(hash|sealed|secrets?|tokens?|passwords?|verifier|signature|nonce)(_|$)/;
/** Columns of one table that stay here. */
const KEPT_HERE: Record<string, readonly string[]> = { mails: ['text'] };

export interface ExportedTable {
  name: string;
  columns: string[];
}

/** Every table behind the wall with the columns that are the provider's to take, by name. */
export async function exportedTables(tx: Tx): Promise<ExportedTable[]> {
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and exists (select from pg_catalog.pg_policy p
        where p.polrelid = c.oid and p.polname = 'provider_wall')
    group by c.relname order by c.relname`.execute(tx);
  return rows
    .filter(({ name }) => !(name in LEFT_OUT))
    .map(({ name, columns }) => ({
      name,
      columns: columns.filter((column) => !isKeptHere(name, column)),
    }));
}

function isKeptHere(table: string, column: string): boolean {
  return SECRET.test(column) || (KEPT_HERE[table]?.includes(column) ?? false);
}
