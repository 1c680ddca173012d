import { sql } from 'kysely';
import type { ImportRunId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { Scope } from '#platform/scope';
import type { Reading } from './import-record.ts';
import { loadLookup } from './match-record.ts';
import { createPreviewer } from './preview-records.ts';
import { countRows, deleteRows, insertRows } from './row-store.ts';

const CHUNK = 1_000;

/** Judges every record against the learners here and keeps the verdicts in place of earlier ones, as a new version. */
export async function previewRun(
  tx: Tx,
  scope: Scope,
  id: ImportRunId,
  reading: Reading,
  options: { importLookAlikes: boolean },
): Promise<void> {
  await deleteRows(tx, id);
  const { importLookAlikes } = options;
  const previewer = createPreviewer({ importLookAlikes, ownLearners: new Set() });
  for (let at = 0; at < reading.records.length; at += CHUNK) {
    const records = reading.records.slice(at, at + CHUNK);
    const rows = previewer.judge(records, await loadLookup(tx, scope, records));
    await insertRows(tx, scope, id, at + 1, rows);
  }
  await tx
    .updateTable('import_runs')
    .set({
      state: 'preview',
      remarks: jsonText(reading.remarks),
      preview_version: sql<number>`preview_version + 1`,
    })
    .where('id', '=', id)
    .execute();
  await countRows(tx, id);
}
