import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { getProvider } from '#providers/index';
import type { ClosingDeps } from '../closing.ts';
import { noteExported } from '../closing-store.ts';
import { exportedTables, LEFT_OUT } from './exported-tables.ts';
import { readPeople, readRows } from './read-rows.ts';
import { csvLine } from './safe-csv.ts';
import { type ZipEntry, zipOf } from './zip.ts';

/**
 * Writes everything of a provider to a zip file at `path`: each table as CSV, safe to open in a
 * spreadsheet, and as lines of JSON, exact. Each table is as it was at one instant. Secrets stay.
 *
 * @throws AppError `request.too-many` while the same provider's is being written already
 * @throws Error when the file cannot be written
 */
export async function buildExport(deps: ClosingDeps, scope: Scope, path: string): Promise<void> {
  const { database, clock, events } = deps;
  const at = clock.now();
  await database.asProvider(scope.providerId, async (tx) => {
    await takeExportLock(tx, scope);
    // A new file that only this process's user may read: it holds people's dates of birth.
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(zipOf(entriesOf(tx, scope, at), at), file);
  });
  await database.asProvider(scope.providerId, async (tx) => {
    await noteExported(tx, scope, at);
    await events.append(tx, scope, { kind: 'provider.exported', providerId: scope.providerId });
    await announce(tx, scope.providerId, 'connections', []);
  });
}

const EXPORT_LOCK = 0x6578706f;

/** One export of a provider at a time over all machines. Ends with the transaction. */
async function takeExportLock(tx: Tx, { providerId }: Scope): Promise<void> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${EXPORT_LOCK}, hashtext(${providerId})) as taken`.execute(tx);
  if (rows[0]?.taken) return;
  const extras = { retryAfterSeconds: 60 };
  throw new AppError('request.too-many', 'It is being taken out already.', { extras });
}

/** What the file is called when it is downloaded: `harbour-training-2026-03-02.zip`. */
export function exportName(providerName: string, at: Date): string {
  const words = providerName.toLowerCase().match(/[a-z0-9]+/g) ?? ['provider'];
  return `${words.join('-').slice(0, 60)}-${at.toISOString().slice(0, 10)}.zip`;
}

async function* entriesOf(tx: Tx, scope: Scope, at: Date): AsyncGenerator<ZipEntry> {
  const provider = await getProvider(tx, scope);
  const tables = await exportedTables(tx);
  yield { name: 'README.txt', pieces: once(aboutText(provider?.name ?? '', at)) };
  yield { name: 'csv/people.csv', pieces: asCsv(readPeople(tx, scope), PEOPLE_COLUMNS) };
  yield { name: 'json/people.jsonl', pieces: asLines(readPeople(tx, scope)) };
  for (const table of tables) {
    yield { name: `csv/${table.name}.csv`, pieces: asCsv(readRows(tx, table), table.columns) };
    yield { name: `json/${table.name}.jsonl`, pieces: asLines(readRows(tx, table)) };
  }
}

const PEOPLE_COLUMNS = ['name', 'email', 'role', 'created_at'];

async function* asCsv(
  batches: AsyncIterable<string[]>,
  columns: readonly string[],
): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const rows of batches) {
    const lines = rows.map((row) => {
      const values = JSON.parse(row) as Record<string, unknown>;
      return csvLine(columns.map((column) => values[column]));
    });
    yield lines.join('');
  }
}

async function* asLines(batches: AsyncIterable<string[]>): AsyncGenerator<string> {
  for await (const rows of batches) yield rows.map((row) => `${row}\n`).join('');
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function aboutText(name: string, at: Date): string {
  const leftOut = Object.entries(LEFT_OUT).map(([table, reason]) => `  ${table}: ${reason}`);
  return [
    `Everything that Bursar holds for ${name}, taken out at ${at.toISOString()}.`,
    '',
    'csv/   one file a table, for spreadsheets. Text that a spreadsheet would run as a formula has an',
    '       apostrophe in front.',
    'json/  the same, exact, one JSON object a line.',
    '',
    'learners         your learners',
    'contact_links    which learner is which contact in Xero',
    'documents        invoices and credit notes as they came from Xero; payments stand beside them',
    'people           who works here, in which role',
    'events           everything that happened, and who did it',
    '',
    'Amounts are whole minor units (cents; hundredths of yen too). Instants are in UTC.',
    'Passwords, keys and whatever else lets somebody in are not in here. Left out:',
    ...leftOut,
    '',
  ].join('\r\n');
}
