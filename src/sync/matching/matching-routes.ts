import { z } from 'zod';
import type { ConnectionId, PartyId, XeroOrgId } from '#contract/ids';
import { matchingRoutes } from '#contract/matching-routes';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, wakeLane } from '../lane/lane-store.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { approveMatching } from './approve.ts';
import { findContacts } from './contact-store.ts';
import { decided } from './decide-proposal.ts';
import { exportMap, importMap } from './map-file.ts';
import { changeMatching, findMatching, laneOfConnection } from './matching-store.ts';
import { decidePartyMatch, partyMatch } from './party-match.ts';
import { contactView, presentMatching, presentProposals } from './present.ts';
import { acceptGroup, findProposal, type KeptProposal, pageOfProposals } from './proposal-store.ts';
import { relinkParty } from './relink.ts';
import { saveDecisions } from './touched-store.ts';

/** What people do with proposals. Each change holds the lane, so that two of them never cross. */
export function matchingEndpoints(deps: SyncDeps): Endpoint[] {
  type Work<T> = (tx: Tx, lane: Lane, xeroOrgId: XeroOrgId) => Promise<T>;

  function withLane<T>(scope: Scope, connectionId: ConnectionId, work: Work<T>): Promise<T> {
    return deps.database.asProvider(scope.providerId, async (tx) => {
      const lane = await laneOfConnection(tx, scope, connectionId);
      return work(tx, lane, lane.xero_org_id as XeroOrgId);
    });
  }

  /** A change of proposals while they are open; raises the version that an approval names. */
  function change<T>(scope: Scope, connectionId: ConnectionId, work: Work<T>): Promise<T> {
    return withLane(scope, connectionId, async (tx, lane, xeroOrgId) => {
      await wakeLane(tx, scope.providerId, xeroOrgId, deps.clock.now());
      const matching = await findMatching(tx, scope, xeroOrgId);
      if (matching?.state !== 'open') throw new AppError('matching.not-open');
      const answer = await work(tx, lane, xeroOrgId);
      await announce(tx, scope.providerId, 'sync', []);
      return answer;
    });
  }

  return [
    endpoint(matchingRoutes.getMatching, ({ scope, params }) =>
      withLane(scope, params.connectionId, (tx, lane) => presentMatching(tx, scope, lane)),
    ),

    endpoint(matchingRoutes.listProposals, ({ scope, params, query }) =>
      withLane(scope, params.connectionId, async (tx, _, xeroOrgId) => {
        const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
        const page = { after, limit: query.limit + 1 };
        const rows = await pageOfProposals(tx, scope, xeroOrgId, query.group, page);
        const kept = rows.slice(0, query.limit);
        const last = rows.length > query.limit ? kept.at(-1) : undefined;
        const items = await presentProposals(deps, tx, scope, xeroOrgId, kept);
        return { items, nextCursor: last ? encodeCursor(last) : null };
      }),
    ),

    endpoint(matchingRoutes.decideProposal, ({ scope, params, body }) =>
      change(scope, params.connectionId, async (tx, _, xeroOrgId) => {
        const proposal = await findProposal(tx, scope, xeroOrgId, params.partyId as PartyId);
        if (!proposal) throw new AppError('request.not-found', 'Nothing is proposed for them.');
        if (proposal.rowVersion !== body.rowVersion) throw new AppError('request.conflict');
        const after = await decided(deps, tx, scope, xeroOrgId, proposal, body);
        await saveDecisions(tx, scope, xeroOrgId, [after]);
        await changeMatching(tx, scope, xeroOrgId, {});
        const [shown] = await presentProposals(deps, tx, scope, xeroOrgId, [after]);
        if (!shown) throw new AppError('request.not-found', 'It is no longer here.');
        return shown;
      }),
    ),

    endpoint(matchingRoutes.acceptProposals, ({ scope, params, body }) =>
      change(scope, params.connectionId, async (tx, lane, xeroOrgId) => {
        await acceptGroup(tx, scope, xeroOrgId, body.group, body.accepted);
        await changeMatching(tx, scope, xeroOrgId, {});
        return presentMatching(tx, scope, lane);
      }),
    ),

    endpoint(matchingRoutes.approveMatching, ({ scope, params, body }) =>
      withLane(scope, params.connectionId, async (tx, lane) => {
        await approveMatching(deps, tx, scope, lane, body.version);
        return presentMatching(tx, scope, lane);
      }),
    ),

    endpoint(matchingRoutes.searchContacts, ({ scope, params, query }) =>
      withLane(scope, params.connectionId, async (tx, _, xeroOrgId) => {
        const found = await findContacts(tx, scope, xeroOrgId, query.search);
        const ids = found.map((contact) => contact.contactId);
        const links = await linksOfContacts(tx, scope, xeroOrgId, ids);
        const partyIds = links.map((link) => link.partyId);
        const parties = await deps.parties.getMany(tx, scope, partyIds);
        const nameOf = new Map(parties.map((one) => [one.id, one.label]));
        const holderOf = new Map(links.map((link) => [link.contactId, nameOf.get(link.partyId)]));
        return {
          contacts: found.map((contact) => ({
            ...contactView(contact),
            linkedTo: holderOf.get(contact.contactId) ?? null,
          })),
        };
      }),
    ),

    endpoint(matchingRoutes.exportMap, ({ scope, params }) =>
      withLane(scope, params.connectionId, (tx, lane) => exportMap(tx, scope, lane)),
    ),

    endpoint(matchingRoutes.importMap, ({ scope, params, body }) =>
      change(scope, params.connectionId, (tx, _, xeroOrgId) =>
        importMap(tx, scope, xeroOrgId, body),
      ),
    ),

    endpoint(matchingRoutes.learnerMatch, ({ scope, params: { learnerId } }) =>
      deps.database.asProvider(scope.providerId, async (tx) => ({
        learnerId,
        ...(await partyMatch(deps, tx, scope, { kind: 'learner', id: learnerId })),
      })),
    ),

    endpoint(matchingRoutes.decideLearnerMatch, ({ scope, params: { learnerId }, body }) =>
      deps.database.asProvider(scope.providerId, async (tx) => ({
        learnerId,
        ...(await decidePartyMatch(deps, tx, scope, { kind: 'learner', id: learnerId }, body)),
      })),
    ),

    endpoint(matchingRoutes.relinkLearner, ({ scope, params: { learnerId: id }, body }) =>
      deps.database.asProvider(scope.providerId, async (tx) => {
        await relinkParty(deps, tx, scope, { kind: 'learner', id }, body);
        return null;
      }),
    ),

    endpoint(matchingRoutes.relinkWorkplace, ({ scope, params: { workplaceId: id }, body }) =>
      deps.database.asProvider(scope.providerId, async (tx) => {
        await relinkParty(deps, tx, scope, { kind: 'workplace', id }, body);
        return null;
      }),
    ),

    endpoint(matchingRoutes.workplaceMatch, ({ scope, params: { workplaceId } }) =>
      deps.database.asProvider(scope.providerId, async (tx) => ({
        workplaceId,
        ...(await partyMatch(deps, tx, scope, { kind: 'workplace', id: workplaceId })),
      })),
    ),

    endpoint(matchingRoutes.decideWorkplaceMatch, ({ scope, params: { workplaceId }, body }) =>
      deps.database.asProvider(scope.providerId, async (tx) => ({
        workplaceId,
        ...(await decidePartyMatch(deps, tx, scope, { kind: 'workplace', id: workplaceId }, body)),
      })),
    ),
  ];
}

const Position = z.tuple([z.string().max(200), z.uuid()]);

function encodeCursor({ nameSort, partyId }: KeptProposal): string {
  return Buffer.from(JSON.stringify([nameSort, partyId])).toString('base64url');
}

function decodeCursor(cursor: string): { nameSort: string; partyId: string } {
  try {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    const [nameSort, partyId] = Position.parse(JSON.parse(text));
    return { nameSort: nameSort.replaceAll('\0', ''), partyId };
  } catch (cause) {
    throw new AppError('request.invalid', 'This cursor does not belong to this list.', {
      extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
      cause,
    });
  }
}
