import type { AuditEntry, AuditFormat, AuditQuery, AuditStanding } from '#contract/audit';
import type { Page } from '#contract/paging';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Database } from '#platform/database';
import type { Scope } from '#platform/scope';
import {
  type AuditFilters,
  type AuditRow,
  listEvents,
  readCheck,
  readHead,
} from './audit-store.ts';
import { factsOf, idsIn, outcomeOf, titleOf } from './event-words.ts';
import { exportText } from './export-audit.ts';
import { namesOf } from './name-store.ts';
import { presentRestore, type Restores } from './restores.ts';

interface Deps {
  database: Database;
  events: EventLog;
}

/** Entries in one part of an export. */
export const EXPORT_PART = 2_000;

/** One page of the log, newest first. @throws AppError `request.invalid` for a forged cursor */
export function listAudit(deps: Deps, scope: Scope, query: AuditQuery): Promise<Page<AuditEntry>> {
  const { cursor, limit, ...filters } = query;
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const page = { limit: limit + 1, beforeSeq: seqOf(cursor) };
    const rows = await listEvents(tx, scope, filters, page);
    const ids = new Set(rows.flatMap(({ event }) => idsIn(event)));
    return toPage(rows, limit, await namesOf(tx, scope, [...ids]));
  });
}

/** One part of an export as text; the first part is noted in the log itself. */
export function exportAudit(
  deps: Deps,
  scope: Scope,
  wish: AuditFilters & { format: AuditFormat; cursor?: string | undefined },
): Promise<{ text: string; entries: number; nextCursor: string | null }> {
  const { format, cursor, ...filters } = wish;
  const isFirst = cursor === undefined;
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const page = { limit: EXPORT_PART + 1, beforeSeq: seqOf(cursor) };
    const { items, nextCursor } = toPage(await listEvents(tx, scope, filters, page), EXPORT_PART);
    const entries = items.length;
    if (isFirst) await deps.events.append(tx, scope, { kind: 'audit.exported', format, entries });
    return { text: exportText(items, format, isFirst), entries, nextCursor };
  });
}

/** How far the provider's log is sealed, what the last check said, and where a backup was put back. */
export async function auditStanding(
  deps: Deps & { restores: Restores },
  scope: Scope,
): Promise<AuditStanding> {
  const restores = await deps.restores.read(scope.providerId);
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const head = await readHead(tx, scope);
    const check = await readCheck(tx, scope);
    return {
      head: head && {
        position: Number(head.position),
        hash: head.hash.toString('hex'),
        eventAt: head.at?.toISOString() ?? null,
      },
      lastCheck: check && {
        checkedAt: check.checked_at.toISOString(),
        entries: Number(check.entries),
        fault: check.fault,
      },
      restores: restores.map(presentRestore),
    };
  });
}

function toPage(
  rows: readonly AuditRow[],
  limit: number,
  names?: ReadonlyMap<string, string>,
): Page<AuditEntry> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => toEntry(row, names)),
    nextCursor: rows.length > limit && last ? cursorOf(last.seq) : null,
  };
}

function toEntry(row: AuditRow, names?: ReadonlyMap<string, string>): AuditEntry {
  const { actor, event } = row;
  const origin = actor.kind === 'bursar' ? null : (actor.origin ?? null);
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind: row.kind,
    what: titleOf(row.kind),
    outcome: outcomeOf(event),
    actor: { kind: actor.kind, id: row.actorId, name: actor.name },
    origin,
    subject: { kind: row.subjectKind, id: row.subjectId },
    facts: factsOf(event, names),
    position: row.position === null ? null : Number(row.position),
  };
}

function cursorOf(seq: bigint): string {
  return Buffer.from(seq.toString()).toString('base64url');
}

function seqOf(cursor: string | undefined): bigint | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new AppError('request.invalid', 'The cursor is not one that a page gave.');
}
