import {
  billingRoutes,
  type DocumentKind,
  type DocumentStatus,
  type LearnerDocument,
} from '#contract/billing';
import type { DocumentId, PartyId } from '#contract/ids';
import type { Page, PageQuery } from '#contract/paging';
import { historyOfDocument } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import { getProvider } from '#providers/index';
import { balancesOf } from './balance.ts';
import type { BillingDeps } from './billing.ts';
import { calendarDay, type StoredPaper } from './document.ts';
import { decodeCursor, encodeCursor } from './document-cursor.ts';
import { balanceEntries, findPaper, listPapers } from './document-store.ts';
import { partyNames, requireParty, type Whose } from './party-name-store.ts';
import { presentBalance, presentPaper } from './present-document.ts';
import { formerOrganisations } from './reading-store.ts';
import { appliedCredits } from './settlement-store.ts';

/**
 * Papers of one party with their balances, papers of all, a paper's history and its view at Xero.
 * Lists and balances are read as of one moment; Xero is asked only for that view.
 */
export function billingEndpoints(deps: BillingDeps): Endpoint[] {
  const { database } = deps;
  const papersOf = (scope: Scope, whose: Whose, query: PageQuery) =>
    database.asReader(scope.providerId, async (tx) => {
      await requireParty(tx, scope, whose);
      const { partyId } = whose;
      const today = await todayOf(deps, tx, scope);
      const page = await pageOfPapers(tx, scope, query, today, { partyId });
      const entries = await balanceEntries(tx, scope, partyId, today);
      return { ...page, balances: balancesOf(entries).map(presentBalance) };
    });
  return [
    endpoint(billingRoutes.listLearnerDocuments, ({ scope, params, query }) =>
      papersOf(scope, { partyKind: 'learner', partyId: params.learnerId }, query),
    ),

    endpoint(billingRoutes.listWorkplaceDocuments, ({ scope, params, query }) =>
      papersOf(scope, { partyKind: 'workplace', partyId: params.workplaceId }, query),
    ),

    endpoint(billingRoutes.listDocuments, ({ scope, query }) =>
      database.asReader(scope.providerId, async (tx) => {
        const today = await todayOf(deps, tx, scope);
        return pageOfPapers(tx, scope, query, today, {
          status: query.status,
          kind: query.kind,
        });
      }),
    ),

    endpoint(billingRoutes.documentHistory, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const { id } = await requirePaper(tx, scope, params.documentId);
        return historyOfDocument(deps.events, tx, scope, id, query);
      }),
    ),

    endpoint(billingRoutes.onlineDocument, async ({ scope, params }) => ({
      url: await onlineUrl(deps, scope, params.documentId),
    })),
  ];
}

async function pageOfPapers(
  tx: Tx,
  scope: Scope,
  query: PageQuery,
  today: string,
  filter: {
    partyId?: PartyId;
    status?: DocumentStatus | undefined;
    kind?: DocumentKind | undefined;
  },
): Promise<Page<LearnerDocument>> {
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  const found = await listPapers(tx, scope, { ...filter, after, limit: query.limit + 1 });
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  const names = await partyNames(tx, scope, shown);
  const applied = await appliedCredits(tx, scope, shown);
  const former = await formerOrganisations(tx, scope);
  return {
    items: shown.map((paper) => {
      const credits = applied.get(paper.id) ?? [];
      return presentPaper(paper, { names, credits, today, former });
    }),
    nextCursor: found.length > query.limit && last ? encodeCursor(last) : null,
  };
}

async function requirePaper(tx: Tx, scope: Scope, id: DocumentId): Promise<StoredPaper> {
  const paper = await findPaper(tx, scope, id);
  if (paper) return paper;
  throw new AppError('request.not-found', 'There is no invoice at this address.');
}

async function onlineUrl(deps: BillingDeps, scope: Scope, id: DocumentId): Promise<string> {
  const paper = await deps.database.asProvider(scope.providerId, (tx) =>
    requirePaper(tx, scope, id),
  );
  const url = paper.hasOnlineView ? await deps.onlineViewUrl(scope, paper) : null;
  if (url === null) {
    throw new AppError('request.not-found', 'Xero has no online view of this invoice.');
  }
  return url;
}

/** The provider's present calendar day: what is overdue there may not be so elsewhere yet. */
export async function todayOf(deps: BillingDeps, tx: Tx, scope: Scope): Promise<string> {
  const provider = await getProvider(tx, scope);
  return calendarDay(deps.clock.now(), provider?.timeZone ?? 'UTC');
}
