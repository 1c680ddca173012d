import { z } from 'zod';
import { type HistoryEntry, type HistoryQuery, HistoryTopic } from '#contract/history';
import type { ConnectionId, DocumentId } from '#contract/ids';
import type { Page, PageQuery } from '#contract/paging';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { type Actor, actorMay, type Scope } from '#platform/scope';
import type { BursarEvent, FieldChange } from './event.ts';
import type { EventLog, EventPage, LoggedEvent } from './event-log.ts';
import { inWords } from './field-labels.ts';
import { summaryOf } from './history-sentences.ts';

const AREAS: Record<HistoryTopic, readonly string[]> = {
  details: ['learner', 'workplace'],
  contact: ['contact'],
  papers: ['document'],
};

/**
 * What happened to a learner or workplace, newest first, in plain words: edits, and what other rooms
 * did about it. Papers are left out for whoever may not see them. `request.invalid` for a foreign
 * cursor.
 */
export async function historyOf(
  events: EventLog,
  tx: Tx,
  scope: Scope,
  subject: { kind: 'learner' | 'workplace'; id: string },
  query: HistoryQuery,
): Promise<Page<HistoryEntry>> {
  const maySeePapers = actorMay(scope, 'documents.view');
  const allowed = HistoryTopic.options.filter((topic) => topic !== 'papers' || maySeePapers);
  const topics = query.topic ? allowed.filter((topic) => topic === query.topic) : allowed;
  const areas = topics.flatMap((topic) => AREAS[topic]);
  if (areas.length === 0) return { items: [], nextCursor: null };
  return paged(query, (page) => events.of(tx, scope, subject, { ...page, areas }));
}

/** What happened to a connection, newest first. `request.invalid` for a foreign cursor. */
export function historyOfConnection(
  events: EventLog,
  tx: Tx,
  scope: Scope,
  id: ConnectionId,
  query: PageQuery,
): Promise<Page<HistoryEntry>> {
  return paged(query, (page) => events.of(tx, scope, { kind: 'connection', id }, page));
}

/** What happened to a paper, newest first. `request.invalid` for a foreign cursor. */
export function historyOfDocument(
  events: EventLog,
  tx: Tx,
  scope: Scope,
  id: DocumentId,
  query: PageQuery,
): Promise<Page<HistoryEntry>> {
  return paged(query, (page) => events.ofDocument(tx, scope, id, page));
}

async function paged(
  query: PageQuery,
  read: (page: EventPage) => Promise<LoggedEvent[]>,
): Promise<Page<HistoryEntry>> {
  const beforeSeq = query.cursor === undefined ? undefined : decodeSeq(query.cursor);
  const found = await read({ limit: query.limit + 1, beforeSeq });
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toEntry),
    nextCursor: found.length > query.limit && last ? encodeSeq(last.seq) : null,
  };
}

const Seq = z.string().regex(/^\d{1,18}$/);

function encodeSeq(seq: bigint): string {
  return Buffer.from(seq.toString()).toString('base64url');
}

function decodeSeq(cursor: string): bigint {
  const parsed = Seq.safeParse(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (parsed.success) return BigInt(parsed.data);
  throw new AppError('request.invalid', 'This cursor does not belong to this list.', {
    extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
    cause: parsed.error,
  });
}

function toEntry(logged: LoggedEvent): HistoryEntry {
  return {
    id: logged.id,
    at: logged.at.toISOString(),
    kind: logged.event.kind,
    actor: actorName(logged.actor),
    summary: summaryOf(logged.event),
    details: inWords(detailsOf(logged.event)),
  };
}

function actorName(actor: Actor): string {
  return actor.kind === 'api-key' ? `API key “${actor.name}”` : actor.name;
}

function detailsOf(event: BursarEvent): FieldChange[] {
  return 'changes' in event ? event.changes : [];
}
