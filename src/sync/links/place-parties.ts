import type { PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import { organisationFor } from '#contract/organisations';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { Placed } from '../parties/parties.ts';
import { raiseWanted } from './link-store.ts';

export interface AtCampus {
  campus: string | null;
}

/** Names the one organisation a learner belongs to; null for none. */
export type Router = (learner: AtCampus) => XeroOrgId | null;

const PARTIES_PER_PAGE = 2_000;

/**
 * Reads by what rules learners belong to organisations, once for each transaction; `anew` after
 * these have changed within it.
 */
export function createRouter(deps: Pick<SyncDeps, 'connections'>) {
  const known = new WeakMap<Tx, Router>();
  return async (tx: Tx, scope: Scope, reading?: 'anew'): Promise<Router> => {
    const before = reading === 'anew' ? undefined : known.get(tx);
    if (before) return before;
    const { rules, connected } = await deps.connections.routing(tx, scope);
    const router: Router = (learner) => organisationFor(learner, rules, connected);
    known.set(tx, router);
    return router;
  };
}

/**
 * Has every learner and workplace with Sync to Xero on wanted where they belong among these organisations, and
 * nowhere else among them. A link that is no longer wanted stays as it is, with its papers. The
 * caller holds the lanes.
 */
export async function placeParties(
  deps: Pick<SyncDeps, 'parties' | 'clock'>,
  tx: Tx,
  scope: Scope,
  xeroOrgIds: readonly XeroOrgId[],
  belongsTo: Router,
): Promise<void> {
  for (const kind of ['learner', 'workplace'] as const) {
    await placeKind(deps, tx, scope, kind, xeroOrgIds, belongsTo);
  }
}

async function placeKind(
  deps: Pick<SyncDeps, 'parties' | 'clock'>,
  tx: Tx,
  scope: Scope,
  partyKind: PartyKind,
  xeroOrgIds: readonly XeroOrgId[],
  belongsTo: Router,
): Promise<void> {
  let after: PartyId | null = null;
  do {
    const page: Placed[] = await deps.parties.idsToSync(
      tx,
      scope,
      partyKind,
      after,
      PARTIES_PER_PAGE,
    );
    const placed = page.map((party) => ({ ...party, xeroOrgId: belongsTo(party) }));
    for (const xeroOrgId of xeroOrgIds) {
      const wishes = placed.map((party) => ({
        partyKind,
        partyId: party.id,
        revision: party.revision,
        syncToXero: party.xeroOrgId === xeroOrgId,
      }));
      await raiseWanted(tx, scope, xeroOrgId, wishes, deps.clock.now());
    }
    after = page.length === PARTIES_PER_PAGE ? (page.at(-1)?.id ?? null) : null;
  } while (after !== null);
}
