import { stringify } from 'csv-stringify/sync';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { listItems } from './item-store.ts';
import type { Run } from './run.ts';

const ITEMS_PER_READ = 5_000;
const KIND_WORDS = { learner: 'Learner', workplace: 'Workplace', document: 'Paper' };
const HEADINGS = ['What', 'Name', 'Outcome', 'Reason'];

/**
 * What became of each learner and paper, as CSV. Cells that a spreadsheet would take for a formula
 * begin with an apostrophe: names are written by anybody.
 */
export async function runReport(
  tx: Tx,
  scope: Scope,
  run: Run,
): Promise<{ fileName: string; csv: string }> {
  const parts: string[] = [rowsText([HEADINGS])];
  for (let afterSeq = 0; ; ) {
    const items = await listItems(tx, scope, run.id, { limit: ITEMS_PER_READ, afterSeq });
    parts.push(
      rowsText(
        items.map((item) => [
          KIND_WORDS[item.subjectKind],
          item.label,
          item.outcome ?? 'not yet',
          item.reason ?? '',
        ]),
      ),
    );
    if (items.length < ITEMS_PER_READ) break;
    afterSeq = items.at(-1)?.seq ?? 0;
  }
  const day = run.createdAt.toISOString().slice(0, 10);
  return { fileName: `bursar-${run.kind}-${day}.csv`, csv: parts.join('') };
}

function rowsText(rows: string[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: 'windows' });
}
