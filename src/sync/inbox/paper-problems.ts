import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { actorMay, type Scope } from '#platform/scope';
import { type UnreadPaper, unreadPapers } from '../agreement/copy-store.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { storeNotices } from '../pull/notice-store.ts';
import type { Problem } from './problem.ts';

/** Papers that are named of one learner or workplace; more are counted. */
const NAMED_MAX = 5;
/** Papers that are looked at, the oldest first: only a Xero that says all anew brings as many. */
const PAPERS_MAX = 5_000;

/**
 * Learners and workplaces with papers that Xero tells in a form or state that is new to us. Those
 * who may not see papers hear of none.
 */
export async function problemsOfPapers(deps: SyncDeps, tx: Tx, scope: Scope): Promise<Problem[]> {
  if (!actorMay(scope, 'documents.view')) return [];
  const papers = await unreadPapers(tx, scope, { limit: PAPERS_MAX });
  const ofParty = Map.groupBy(papers, ({ partyId, xeroOrgId }) => `${partyId} ${xeroOrgId}`);
  const ids = [...new Set(papers.map(({ partyId }) => partyId))];
  const parties = ids.length === 0 ? [] : await deps.parties.getMany(tx, scope, ids);
  const partyById = new Map(parties.map((party) => [party.id, party]));
  return [...ofParty.values()].flatMap((some): Problem[] => {
    const [oldest] = some;
    const party = oldest && partyById.get(oldest.partyId);
    if (!oldest || !party) return [];
    return [
      {
        code: 'paper.unreadable',
        key: 'paper.unreadable',
        subjectId: party.id,
        partyKind: party.kind,
        label: `${party.label} (${party.number})`,
        xeroOrgId: oldest.xeroOrgId,
        since: oldest.changedAt,
        occasion: null,
        reasons: [`${namesOf(some)}.`],
        xeroSays: [],
      },
    ];
  });
}

/** The first of some papers by kind and number, and how many more there are. */
export function namesOf(papers: readonly Pick<UnreadPaper, 'kind' | 'number'>[]): string {
  const named = papers.slice(0, NAMED_MAX).map(({ kind, number }, index) => {
    const name = [kind.replace('-', ' '), number].filter(Boolean).join(' ');
    return index === 0 ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
  });
  const more = papers.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** Has such papers of some parties read again. The caller holds the lane's row. */
export async function rereadPapers(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
  now: Date,
): Promise<void> {
  const wanted = new Set(partyIds);
  if (wanted.size === 0) return;
  const papers = await unreadPapers(tx, scope, { limit: PAPERS_MAX });
  const notices = papers
    .filter((paper) => paper.xeroOrgId === xeroOrgId && wanted.has(paper.partyId))
    .map(({ kind, xeroId }) => ({ kind, resourceId: xeroId, eventAt: now }));
  await storeNotices(tx, scope.providerId, xeroOrgId, notices, now);
}
