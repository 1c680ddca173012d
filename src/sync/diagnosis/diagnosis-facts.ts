import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { actorMay, type Scope } from '#platform/scope';
import { unreadPapers } from '../agreement/copy-store.ts';
import { organisationOf } from '../health/party-sync.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf } from '../lane/lane-store.ts';
import { linksOfParties } from '../links/link-store.ts';
import { findMatching, isGateClosed } from '../matching/matching-store.ts';
import type { Party } from '../parties/party.ts';
import { lookedThroughAt } from '../pull/sweep-times-store.ts';
import type { DiagnosisFacts } from './diagnose.ts';

/** The facts of a party, with the whole row of its lane for whoever wants more than a verdict. */
export interface PartyFacts extends DiagnosisFacts {
  party: Party;
  lane: Lane | null;
}

/** So many are counted. */
const UNREAD_MAX = 1_000;

/** Reads what is known here of a party, of its papers for whoever may see them; asks Xero nothing. */
export async function readDiagnosisFacts(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  party: Party,
): Promise<PartyFacts> {
  const lanes = await lanesOf(tx, scope);
  const organisation = await organisationOf(deps, tx, scope, party, lanes);
  const lane = lanes.find((one) => one.xero_org_id === organisation?.xeroOrgId) ?? null;
  const xeroOrgId = lane && (lane.xero_org_id as XeroOrgId);
  const [link] = xeroOrgId ? await linksOfParties(tx, scope, xeroOrgId, [party.id]) : [];
  const maySeePapers = actorMay(scope, 'documents.view');
  const byKind = maySeePapers ? await papersByKind(tx, scope, party.id, { xeroOrgId }) : [];
  return {
    now: deps.clock.now(),
    party,
    organisation,
    lane,
    link: link ?? null,
    lookedThroughAt: xeroOrgId && (await lookedThroughAt(tx, scope, xeroOrgId)),
    isReviewOpen: xeroOrgId !== null && isGateClosed(await findMatching(tx, scope, xeroOrgId)),
    papers: maySeePapers
      ? {
          here: byKind.reduce((sum, { count }) => sum + count, 0),
          unread: (await unreadPapers(tx, scope, { partyId: party.id, limit: UNREAD_MAX })).length,
        }
      : null,
    noticesWaiting: xeroOrgId
      ? await noticesAbout(tx, scope, xeroOrgId, party.id, maySeePapers)
      : 0,
  };
}

/** How many papers of a party are here, by kind: all, or of one organisation, or of some contacts. */
export async function papersByKind(
  tx: Tx,
  scope: Scope,
  partyId: PartyId,
  of: { xeroOrgId?: XeroOrgId | null; contactIds?: readonly string[] } = {},
): Promise<{ kind: DocumentKind; count: number }[]> {
  const { xeroOrgId = null, contactIds = null } = of;
  const { rows } = await sql<{ kind: DocumentKind; count: number }>`
    select kind, count(*)::int as count from documents
    where provider_id = ${scope.providerId} and party_id = ${partyId}
      and (${xeroOrgId}::uuid is null or xero_org_id = ${xeroOrgId})
      and (${contactIds}::uuid[] is null or contact_id = any(${contactIds}::uuid[]))
    group by kind`.execute(tx);
  return rows;
}

/** Notices of the party's contact and, with `alsoPapers`, of papers of it that are here already. */
async function noticesAbout(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: PartyId,
  alsoPapers: boolean,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from notices
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and (resource_id in (select contact_id from contact_links
          where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
            and party_id = ${partyId} and contact_id is not null)
        or ${alsoPapers} and resource_id in (select xero_id from documents
          where provider_id = ${scope.providerId} and party_id = ${partyId}))`.execute(tx);
  return rows[0]?.count ?? 0;
}
