import { z } from 'zod';
import type { LearnerId } from '#contract/ids';
import type { HistoryEntry } from '#contract/learners';
import type { Page, PageQuery } from '#contract/paging';
import type { BursarEvent, FieldChange, LoggedEvent } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Actor, Scope } from '#platform/scope';
import { fieldList, inWords } from './field-labels.ts';
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

/** One plain sentence for an event of a learner's history. */
export function summaryOf(event: BursarEvent): string {
  switch (event.kind) {
    case 'learner.added':
      return event.syncToXero ? 'Added, with Sync to Xero on' : 'Added';
    case 'learner.changed':
      return changeSummary(event.changes);
    case 'contact.linked':
      return linkSummary(event.how);
    case 'contact.pushed':
      return 'Sent to Xero';
    case 'contact.refused':
      return `Could not be sent to Xero: ${event.reasons.join(' ') || 'no reason was given'}`;
    case 'document.mirrored':
      return documentSummary(event.number, event.what, event.changes);
    default:
      return inPlainWords(event.kind);
  }
}

function changeSummary(changes: FieldChange[]): string {
  const [only] = changes;
  if (changes.length === 1 && only?.field === 'syncToXero') {
    return `Turned Sync to Xero ${only.to === 'yes' ? 'on' : 'off'}`;
  }
  if (changes.length === 1 && only?.field === 'isActive') {
    return only.to === 'yes' ? 'Made active' : 'Made inactive';
  }
  return `Changed ${fieldList(changes)}`;
}

function linkSummary(how: 'created' | 'found' | 'adopted'): string {
  if (how === 'created') return 'Put into Xero as a new contact';
  if (how === 'found') return 'Found in Xero by the learner number and linked';
  return 'Linked to a contact that was in Xero already';
}

function documentSummary(
  number: string | null,
  what: 'appeared' | 'changed',
  changes: FieldChange[],
): string {
  const paper = number ? `Invoice ${number}` : 'An invoice without a number';
  if (what === 'appeared') return `${paper} arrived from Xero`;
  const status = changes.find((change) => change.field === 'status')?.to;
  return status ? `${paper} is now ${status}` : `${paper} changed in Xero`;
}

/** An event that this page has no sentence for yet still reads as words. */
function inPlainWords(kind: string): string {
  const words = kind.replace(/[.-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
