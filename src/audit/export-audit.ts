import { stringify } from 'csv-stringify/sync';
import type { AuditEntry, AuditFormat } from '#contract/audit';

const COLUMNS = [
  'at',
  'who',
  'who kind',
  'what',
  'kind',
  'outcome',
  'address',
  'program',
  'about',
  'about id',
  'facts',
  'position',
  'event id',
] as const;

/** Entries as text; `isFirst` puts the heads of the columns before them. */
export function exportText(
  entries: readonly AuditEntry[],
  format: AuditFormat,
  isFirst: boolean,
): string {
  if (format === 'jsonl') return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  const rows = [...(isFirst ? [[...COLUMNS]] : []), ...entries.map(cellsOf)];
  // What a spreadsheet would run as a formula is made text.
  return stringify(rows, { escape_formulas: true });
}

function cellsOf(entry: AuditEntry): string[] {
  return [
    entry.at,
    entry.actor.name,
    entry.actor.kind,
    entry.what,
    entry.kind,
    entry.outcome,
    entry.origin?.address ?? '',
    entry.origin?.agent ?? '',
    entry.subject.kind,
    entry.subject.id,
    entry.facts.map(({ name, value }) => `${name}: ${value}`).join(' | '),
    entry.position === null ? '' : String(entry.position),
    entry.id,
  ];
}
