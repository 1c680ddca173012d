import { sql } from 'kysely';
import type { Database } from './database.ts';
import { connectAsOwner, databaseNewer, readMigrationNames } from './migrate.ts';
import { SetupError } from './setup-error.ts';

/** Looks whether the database still has the schema that this process was written for. */
export interface SchemaWatch {
  /** Why it has not, as a sentence with what to do; null: all is well. */
  fault(): Promise<SetupError | null>;
  /** The newest migration that this process knows. */
  readonly newest: string;
}

const UNDEFINED_TABLE = '42P01';
const NOT_PERMITTED = '42501';

/** What is known is read now: the folder may be replaced by a newer Bursar's while this one runs. */
export async function watchSchema(database: Database, folder?: string): Promise<SchemaWatch> {
  const known = await readMigrationNames(folder);
  const newest = known.at(-1) ?? '';
  const read = () =>
    database.asSystem((tx) => sql<Row>`select name from public.schema_migrations`.execute(tx));
  return {
    newest,
    fault: () =>
      read().then(
        ({ rows }) => faultOf(known, rows),
        (error: { code?: string }) => {
          // Before that right was given, the schema was older for certain.
          if (error.code === NOT_PERMITTED) return databaseOlder(newest);
          throw error;
        },
      ),
  };
}

/**
 * Sees that the database at `ownerUrl` is as this Bursar needs it, and changes nothing.
 *
 * @throws SetupError `database_newer`, `database_older` or `database_empty`, each with what to do
 */
export async function requireKnownSchema(ownerUrl: string): Promise<void> {
  const known = await readMigrationNames();
  const client = await connectAsOwner(ownerUrl);
  try {
    const { rows } = await client.query<Row>('select name from public.schema_migrations');
    const fault = faultOf(known, rows);
    if (fault !== null) throw fault;
  } catch (error) {
    if ((error as { code?: string }).code === UNDEFINED_TABLE) throw databaseEmpty();
    throw error;
  } finally {
    await client.end();
  }
}

interface Row {
  name: string;
}

function faultOf(known: readonly string[], rows: readonly Row[]): SetupError | null {
  const applied = new Set(rows.map(({ name }) => name));
  const missing = known.find((name) => !applied.has(name));
  const ours = new Set(known);
  const stranger = [...applied].find((name) => !ours.has(name));
  if (stranger !== undefined) return databaseNewer(stranger);
  return missing === undefined ? null : databaseOlder(missing);
}

const BY_COMMAND = '“npm run bursar -- database migrate”';

function databaseOlder(missing: string): SetupError {
  return new SetupError(
    'database_older',
    `This database is not yet as this Bursar needs it (${missing} is missing): stop every other Bursar that works in it and start this one anew, or bring it there with ${BY_COMMAND}.`,
  );
}

function databaseEmpty(): SetupError {
  return new SetupError(
    'database_empty',
    `This database holds no Bursar yet: start Bursar once, or make the database ready with ${BY_COMMAND}.`,
  );
}
