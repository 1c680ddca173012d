import type { DocumentKind } from '#contract/billing';
import type { DocumentId, ProviderId, XeroOrgId } from '#contract/ids';
import { aboutParty, type BursarEvent, type EventLog } from '#events/index';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Endpoint } from '#platform/http';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { Paper, StoredPaper } from './document.ts';
import { billingEndpoints } from './document-routes.ts';
import { type MirroredPaper, removeBooks, removePapers, writePapers } from './document-store.ts';
import { type Handover, handOverPapers } from './hand-over-papers.ts';
import { paperChanges } from './paper-changes.ts';
import { type BatchedPayment, rememberBatches } from './settlement-store.ts';
import { markRead, type OldPaper, providerWithOldPapers, takeOldPapers } from './shape-store.ts';
import { statementEndpoints } from './statement-routes.ts';

export interface BillingDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  /**
   * Where a paper can be seen and paid online, asked of Xero when someone clicks; null when it
   * gives no address. Handed in from above, since billing knows papers and not where they come from.
   */
  onlineViewUrl(
    scope: Scope,
    paper: { xeroOrgId: XeroOrgId; xeroId: string },
  ): Promise<string | null>;
}

/** Papers of learners: our copy of what stands in Xero, and what it adds up to. */
export interface Billing {
  endpoints: Endpoint[];
  /**
   * Takes over papers of one organisation as they were read: writes what is newer and different,
   * appends an event for each on which something shows that is new, and tells open pages. Answers
   * with what was written, and over what.
   */
  mirror(tx: Tx, scope: Scope, papers: readonly Paper[]): Promise<MirroredPaper[]>;
  /** Drops our copies of papers that were moved to a contact of nobody here; answers with them. */
  forget(
    tx: Tx,
    scope: Scope,
    papers: readonly { xeroOrgId: XeroOrgId; kind: DocumentKind; xeroId: string }[],
  ): Promise<StoredPaper[]>;
  /** Drops our copies as well, without an event of each: whoever asks tells why. */
  drop(
    tx: Tx,
    scope: Scope,
    papers: readonly { xeroOrgId: XeroOrgId; kind: DocumentKind; xeroId: string }[],
  ): Promise<void>;
  /** Drops all copies of an organisation whose books are no more; whoever asks tells why. */
  dropBooks(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void>;
  /** Gives papers of learners who were merged to the one who is kept, or back. */
  handOver(tx: Tx, scope: Scope, handover: Handover): Promise<void>;
  /** Writes papers that were read again from what is kept: nothing happened, so no event tells it. */
  renew(tx: Tx, scope: Scope, papers: readonly Paper[]): Promise<void>;
  /** A provider that has papers of an older reading; null when nobody has. */
  providerWithOldPapers(tx: Tx): Promise<ProviderId | null>;
  takeOldPapers(tx: Tx, scope: Scope, limit: number): Promise<OldPaper[]>;
  markRead(tx: Tx, scope: Scope, ids: readonly string[]): Promise<void>;
  /** Keeps which payments were made in one batch. */
  rememberBatches(tx: Tx, scope: Scope, batched: readonly BatchedPayment[]): Promise<void>;
}

/**
 * Wires the room. But for its endpoints it opens no transaction: all else works in the caller's.
 */
export function createBilling(deps: BillingDeps): Billing {
  const { clock, events } = deps;
  return {
    endpoints: [...billingEndpoints(deps), ...statementEndpoints(deps)],

    async mirror(tx, scope, papers) {
      const written = await writePapers(tx, scope, papers, clock.now());
      await events.append(tx, scope, ...written.flatMap(mirroredEvents));
      await announceParties(tx, scope, written.flatMap(partiesConcerned));
      return written;
    },

    async forget(tx, scope, papers) {
      const removed = await removePapers(tx, scope, papers);
      await events.append(tx, scope, ...removed.map(movedAwayEvent));
      await announceParties(
        tx,
        scope,
        removed.map((paper) => paper.partyId),
      );
      return removed;
    },

    async drop(tx, scope, papers) {
      const removed = await removePapers(tx, scope, papers);
      await announceParties(
        tx,
        scope,
        removed.map((paper) => paper.partyId),
      );
    },

    async dropBooks(tx, scope, xeroOrgId) {
      await removeBooks(tx, scope, xeroOrgId);
      await announce(tx, scope.providerId, 'documents', []);
    },

    async handOver(tx, scope, handover) {
      await handOverPapers(tx, scope, handover);
      await announceParties(tx, scope, [...handover.from, handover.to]);
    },

    async renew(tx, scope, papers) {
      const written = await writePapers(tx, scope, papers, clock.now());
      await announceParties(tx, scope, written.flatMap(partiesConcerned));
    },

    providerWithOldPapers,
    takeOldPapers,
    markRead,
    rememberBatches,
  };
}

async function announceParties(tx: Tx, scope: Scope, partyIds: readonly string[]) {
  if (partyIds.length === 0) return;
  await announce(tx, scope.providerId, 'documents', [...new Set(partyIds)]);
}

function partiesConcerned({ before, after }: MirroredPaper): string[] {
  return before === null ? [after.partyId] : [before.partyId, after.partyId];
}

function mirroredEvents({ before, after }: MirroredPaper): BursarEvent[] {
  // Whoever had it is told that it went, whoever has it now that it came.
  if (before !== null && before.partyId !== after.partyId) {
    return [movedAwayEvent(before), ...mirroredEvents({ before: null, after })];
  }
  const changes = before === null ? [] : paperChanges(before, after);
  // As where it comes to another contact of the same party: nobody sees a difference.
  if (before !== null && changes.length === 0) return [];
  const event: BursarEvent = {
    kind: 'document.mirrored',
    documentId: after.id as DocumentId,
    ...aboutParty(after),
    number: after.number,
    paper: after.kind,
    what: before === null ? 'appeared' : 'changed',
    changes,
  };
  return [event];
}

function movedAwayEvent(paper: StoredPaper): BursarEvent {
  return {
    kind: 'document.mirrored',
    documentId: paper.id,
    ...aboutParty(paper),
    number: paper.number,
    paper: paper.kind,
    what: 'changed',
    changes: [{ field: 'contact', from: 'this one', to: 'someone else in Xero' }],
  };
}
