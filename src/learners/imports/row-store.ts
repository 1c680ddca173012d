import { sql } from 'kysely';
import { z } from 'zod';
import type { ImportRunId, LearnerId } from '#contract/ids';
import { IMPORT_ROWS_MAX, type ImportRow, type ImportVerdict } from '#contract/imports';
import type { Page } from '#contract/paging';
import type { FieldChange } from '#events/index';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { Scope } from '#platform/scope';
import { invalidCursor } from '../list-cursor.ts';
import type { ImportRecord } from './import-record.ts';
import type { PreviewRow } from './preview-records.ts';

/** A row that is to be carried out. */
export interface StoredRow {
  position: number;
  line: number;
  verdict: ImportVerdict;
  learnerId: string | null;
  changes: FieldChange[];
  record: ImportRecord;
}

/** Writes rows of a preview; the first has the position `from`. */
export async function insertRows(
  tx: Tx,
  scope: Scope,
  id: ImportRunId,
  from: number,
  rows: readonly PreviewRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const given = rows.map((row, index) => ({
    position: from + index,
    line: row.line,
    verdict: row.verdict,
    name: row.name,
    learner_id: row.learnerId,
    reasons: row.reasons,
    changes: row.changes,
    fields: row.record,
  }));
  await sql`insert into import_rows
      (provider_id, import_id, position, line, verdict, name, learner_id, reasons, changes, fields)
    select ${scope.providerId}::uuid, ${id}::uuid, r.*
    from jsonb_to_recordset(${jsonText(given)}::jsonb) as r (position integer, line integer,
      verdict text, name text, learner_id uuid, reasons jsonb, changes jsonb, fields jsonb)`.execute(
    tx,
  );
}

/**
 * Takes away the rows of a run, before a new preview or for good; its counts stay (`countRows`).
 */
export async function deleteRows(tx: Tx, id: ImportRunId): Promise<void> {
  await tx.deleteFrom('import_rows').where('import_id', '=', id).execute();
}

/** Counts a run's rows by verdict anew and writes the counts into the run. */
export async function countRows(tx: Tx, id: ImportRunId): Promise<void> {
  await sql`update import_runs set
      rows_total = c.total, rows_new = c.new, rows_changed = c.changed,
      rows_unchanged = c.unchanged, rows_faulty = c.faulty, rows_applied = c.applied,
      rows_added = c.added
    from (select count(*) as total,
        count(*) filter (where verdict = 'new') as new,
        count(*) filter (where verdict = 'changed') as changed,
        count(*) filter (where verdict = 'unchanged') as unchanged,
        count(*) filter (where verdict = 'faulty') as faulty,
        count(*) filter (where applied) as applied,
        count(*) filter (where applied and verdict = 'new') as added
      from import_rows where import_id = ${id}) c
    where import_runs.id = ${id}`.execute(tx);
}

/** The next rows to carry out beyond a position, in order. */
export async function rowsToApply(
  tx: Tx,
  id: ImportRunId,
  beyond: number,
  limit: number,
): Promise<StoredRow[]> {
  const rows = await tx
    .selectFrom('import_rows')
    .select(['position', 'line', 'verdict', 'learner_id', 'changes', 'fields'])
    .where('import_id', '=', id)
    .where('position', '>', beyond)
    .where('verdict', 'in', ['new', 'changed'])
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    position: row.position,
    line: row.line,
    verdict: row.verdict as ImportVerdict,
    learnerId: row.learner_id,
    changes: row.changes as unknown as FieldChange[],
    record: row.fields as unknown as ImportRecord,
  }));
}

/**
 * Every learner number that the files of a run bring, also in rows that are left out: whoever mends
 * those and imports them again must not find the number given to somebody else.
 */
export async function numbersGiven(tx: Tx, id: ImportRunId): Promise<string[]> {
  const number = sql<string>`fields ->> 'learnerNumber'`;
  const rows = await tx
    .selectFrom('import_rows')
    .select(number.as('number'))
    .where('import_id', '=', id)
    .where(number, 'is not', null)
    .limit(IMPORT_ROWS_MAX)
    .execute();
  return rows.map((row) => row.number);
}

/** How one row ended: applied to a learner, or left out for a reason that came up meanwhile. */
export interface RowEnd {
  position: number;
  learnerId: string | null;
  verdict: ImportVerdict;
  applied: boolean;
  /** Told beside what the preview said; null when there is nothing to add. */
  reason: string | null;
}

/** Writes in one statement how rows of a run ended; a reason is added to those of the preview. */
export async function endRows(tx: Tx, id: ImportRunId, ends: readonly RowEnd[]): Promise<void> {
  const given = ends.map((end) => ({
    position: end.position,
    learner_id: end.learnerId,
    verdict: end.verdict,
    applied: end.applied,
    reason: end.reason,
  }));
  await sql`update import_rows set
      learner_id = e.learner_id, verdict = e.verdict, applied = e.applied,
      reasons = case when e.reason is null then reasons else reasons || to_jsonb(e.reason) end
    from jsonb_to_recordset(${jsonText(given)}::jsonb) as e (position integer,
      learner_id uuid, verdict text, applied boolean, reason text)
    where import_rows.import_id = ${id} and import_rows.position = e.position`.execute(tx);
}

/** Which of these learners this run has added. */
export async function addedByRun(
  tx: Tx,
  id: ImportRunId,
  learnerIds: readonly LearnerId[],
): Promise<Set<string>> {
  if (learnerIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('import_rows')
    .select('learner_id')
    .where('learner_id', '=', sql<string>`any(${[...learnerIds]}::uuid[])`)
    .where('import_id', '=', id)
    .where('verdict', '=', 'new')
    .where('applied', '=', true)
    .execute();
  return new Set(rows.flatMap((row) => row.learner_id ?? []));
}

const Position = z.string().regex(/^\d{1,9}$/);

/** The rows of a run in the order of its files. */
export async function listRows(
  tx: Tx,
  id: ImportRunId,
  query: { cursor?: string | undefined; limit: number; verdict?: ImportVerdict | undefined },
): Promise<Page<ImportRow>> {
  let rows = tx
    .selectFrom('import_rows')
    .select(['position', 'line', 'verdict', 'name', 'learner_id', 'reasons', 'changes', 'applied'])
    .where('import_id', '=', id)
    .orderBy('position')
    .limit(query.limit + 1);
  if (query.verdict) rows = rows.where('verdict', '=', query.verdict);
  if (query.cursor !== undefined) {
    const position = Position.safeParse(Buffer.from(query.cursor, 'base64url').toString('latin1'));
    if (!position.success) throw invalidCursor(position.error);
    rows = rows.where('position', '>', Number(position.data));
  }
  const found = await rows.execute();
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => ({
      line: row.line,
      verdict: row.verdict as ImportVerdict,
      name: row.name,
      learnerId: row.learner_id as LearnerId | null,
      reasons: row.reasons as unknown as string[],
      changes: row.changes as unknown as FieldChange[],
      applied: row.applied,
    })),
    nextCursor:
      found.length > query.limit && last
        ? Buffer.from(String(last.position)).toString('base64url')
        : null,
  };
}
