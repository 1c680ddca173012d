import { type Selectable, sql } from 'kysely';
import type { ImportRunId } from '#contract/ids';
import type { ImportKind, ImportRun, ImportState, ImportTarget } from '#contract/imports';
import type { Page, PageQuery } from '#contract/paging';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { ImportRuns } from '#platform/schema';
import type { Actor, Scope } from '#platform/scope';
import { invalidCursor, isInstant } from '../list-cursor.ts';
import type { GivenFile } from './import-record.ts';

export type RunRow = Selectable<ImportRuns>;

export interface RunColumn {
  name: string;
  samples: string[];
  target: ImportTarget | null;
}

/** How many runs a provider keeps; the oldest that are not running go first. */
const RUNS_KEPT = 100;
/** How many may wait for a yes with their files; the oldest beyond are discarded. */
const RUNS_OPEN = 10;

/** A run as the API gives it, without its rows and what is in its files. */
export function toRun(row: RunRow): ImportRun {
  return {
    id: row.id as ImportRunId,
    kind: row.kind as ImportKind,
    state: row.state as ImportState,
    fileNames: row.file_names as unknown as string[],
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    startedBy: (row.started_by as unknown as Actor).name,
    columns: row.columns as unknown as RunColumn[],
    previewVersion: row.preview_version,
    counts: {
      total: row.rows_total,
      new: row.rows_new,
      changed: row.rows_changed,
      unchanged: row.rows_unchanged,
      faulty: row.rows_faulty,
      applied: row.rows_applied,
    },
    remarks: row.remarks as unknown as string[],
    correctNameCase: row.correct_name_case,
    importLookAlikes: row.import_look_alikes,
    failure: row.failure,
  };
}

export interface NewRun {
  id: ImportRunId;
  kind: ImportKind;
  fileNames: string[];
  columns: RunColumn[];
  correctNameCase: boolean;
  at: Date;
}

/** Begins a run in the state `mapping`, keeps its files, and lets go of the oldest runs. */
export async function insertRun(
  tx: Tx,
  scope: Scope,
  run: NewRun,
  files: readonly GivenFile[],
): Promise<void> {
  await tx
    .insertInto('import_runs')
    .values({
      provider_id: scope.providerId,
      id: run.id,
      kind: run.kind,
      state: 'mapping',
      file_names: jsonText(run.fileNames),
      columns: jsonText(run.columns),
      remarks: '[]',
      correct_name_case: run.correctNameCase,
      import_look_alikes: false,
      started_by: jsonText(scope.actor),
      created_at: run.at,
    })
    .execute();
  for (const [position, file] of files.entries()) {
    const content = Buffer.from(file.content);
    const row = {
      provider_id: scope.providerId,
      import_id: run.id,
      position,
      name: file.name,
      content,
    };
    await tx.insertInto('import_files').values(row).execute();
  }
  await letGoOfOldest(tx, scope, run.at);
}

async function letGoOfOldest(tx: Tx, scope: Scope, at: Date): Promise<void> {
  const discarded = await sql<{ id: string }>`
    update import_runs set state = 'discarded', finished_at = ${at} where id in (
      select id from import_runs
      where provider_id = ${scope.providerId} and state in ('mapping', 'preview')
      order by created_at desc, id desc offset ${RUNS_OPEN})
    returning id`.execute(tx);
  const ids = discarded.rows.map((run) => run.id);
  await sql`delete from import_files where import_id = any(${ids}::uuid[])`.execute(tx);
  await sql`delete from import_rows where import_id = any(${ids}::uuid[])`.execute(tx);
  await sql`delete from import_runs where id in (
    select id from import_runs where provider_id = ${scope.providerId} and state <> 'running'
    order by created_at desc, id desc offset ${RUNS_KEPT})`.execute(tx);
}

/** A run of this provider, locked when it is to be moved on; `request.not-found` if there is none. */
export async function loadRun(
  tx: Tx,
  scope: Scope,
  id: ImportRunId,
  lock: 'for-change' | 'none' = 'none',
): Promise<RunRow> {
  let query = tx
    .selectFrom('import_runs')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id);
  if (lock === 'for-change') query = query.forNoKeyUpdate();
  const row = await query.executeTakeFirst();
  if (!row) throw new AppError('request.not-found', 'There is no import at this address.');
  return row;
}

/** Refuses with `import.wrong-state` unless the run stands at one of these steps. */
export function requireState(run: RunRow, ...states: ImportState[]): void {
  if (states.includes(run.state as ImportState)) return;
  throw new AppError('import.wrong-state', `This import is at the step “${run.state}”.`);
}

/** The files of a run in their order; none once it has ended. */
export async function loadFiles(tx: Tx, id: ImportRunId): Promise<GivenFile[]> {
  return tx
    .selectFrom('import_files')
    .select(['name', 'content'])
    .where('import_id', '=', id)
    .orderBy('position')
    .execute();
}

/** Lets go of a run's files, which hold dates of birth and are of no use once it is over. */
export async function deleteFiles(tx: Tx, id: ImportRunId): Promise<void> {
  await tx.deleteFrom('import_files').where('import_id', '=', id).execute();
}

/** The provider's runs, newest first. */
export async function listRuns(tx: Tx, scope: Scope, query: PageQuery): Promise<Page<ImportRun>> {
  let rows = tx
    .selectFrom('import_runs')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1);
  if (query.cursor !== undefined) {
    const { at, id } = decodeRunCursor(query.cursor);
    rows = rows.where(sql<boolean>`(created_at, id) < (${at}::timestamptz, ${id}::uuid)`);
  }
  const found = await rows.execute();
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  const isMore = found.length > query.limit && last !== undefined;
  return { items: shown.map(toRun), nextCursor: isMore ? encodeRunCursor(last) : null };
}

function encodeRunCursor(run: RunRow): string {
  return Buffer.from(`${run.created_at.toISOString()} ${run.id}`).toString('base64url');
}

const RUN_CURSOR =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function decodeRunCursor(cursor: string): { at: string; id: string } {
  const parts = RUN_CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!parts?.[1] || !parts[2] || !isInstant(parts[1])) throw invalidCursor();
  return { at: parts[1], id: parts[2] };
}
