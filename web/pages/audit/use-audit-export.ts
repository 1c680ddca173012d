import { useState } from 'react';
import type { AuditFormat } from '#contract/audit';
import { call } from '../../api/client.ts';
import { toastDone, toastFailure } from '../../stores/toast.ts';
import { saveFile } from '../../util/save-file.ts';
import { type AuditChoice, filtersOf } from './audit-filters.ts';

const TYPES: Record<AuditFormat, string> = { csv: 'text/csv', jsonl: 'application/x-ndjson' };

/** Takes the log out part by part and hands it to the browser as one file. */
export function useAuditExport(choice: AuditChoice) {
  const [isRunning, setRunning] = useState(false);

  async function collect(format: AuditFormat): Promise<void> {
    const parts: string[] = [];
    let entries = 0;
    let cursor: string | null = null;
    do {
      const body = { ...filtersOf(choice), format, ...(cursor === null ? {} : { cursor }) };
      const part: { text: string; entries: number; nextCursor: string | null } = await call(
        'exportAudit',
        { body },
      );
      parts.push(part.text);
      entries += part.entries;
      cursor = part.nextCursor;
    } while (cursor !== null);
    saveFile(new Blob(parts, { type: TYPES[format] }), `audit-log.${format}`);
    toastDone(
      `${entries === 1 ? '1 entry' : `${entries.toLocaleString('en-AU')} entries`} exported.`,
    );
  }

  return {
    isRunning,
    run(format: AuditFormat) {
      setRunning(true);
      collect(format)
        .catch(toastFailure)
        .finally(() => setRunning(false));
    },
  };
}
