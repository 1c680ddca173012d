import { z } from 'zod';
import type { LearnerId } from '#contract/ids';
import type { HistoryEntry } from '#contract/learners';
import type { Page, PageQuery } from '#contract/paging';
import type { BursarEvent, FieldChange, LoggedEvent } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Actor, Scope } from '#platform/scope';
import { inWords } from './field-labels.ts';
import { summaryOf } from './history-sentences.ts';
import { findLearner } from './learner-store.ts';
import { invalidCursor } from './list-cursor.ts';
import type { LearnersDeps } from './write-learners.ts';

/**
 * What happened to a learner, newest first, in plain words: edits, and what other rooms did about
 * the learner. `request.not-found` for a learner of nobody here.
 */
export function learnerHistory(
  deps: LearnersDeps,
  scope: Scope,
  id: LearnerId,
  query: PageQuery,
): Promise<Page<HistoryEntry>> {
  const beforeSeq = query.cursor === undefined ? undefined : decodeSeq(query.cursor);
  return deps.database.asProvider(scope.providerId, async (tx) => {
    if (!(await findLearner(tx, scope, id))) {
      throw new AppError('request.not-found', 'There is no learner at this address.');
    }
    const subject = { kind: 'learner', id };
    const page = { limit: query.limit + 1, beforeSeq };
    const found = await deps.events.of(tx, scope, subject, page);
    const shown = found.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(toEntry),
      nextCursor: found.length > query.limit && last ? encodeSeq(last.seq) : null,
    };
  });
}

const Seq = z.string().regex(/^\d{1,18}$/);

function encodeSeq(seq: bigint): string {
  return Buffer.from(seq.toString()).toString('base64url');
}

function decodeSeq(cursor: string): bigint {
  const parsed = Seq.safeParse(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!parsed.success) throw invalidCursor(parsed.error);
  return BigInt(parsed.data);
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
