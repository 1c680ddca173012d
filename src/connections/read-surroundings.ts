import type { XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { getProvider } from '#providers/index';
import { connectionCan, LIVE_STATES } from './connection.ts';
import { listConnections } from './connection-store.ts';
import { countLinks, formerConnections } from './organisation-store.ts';
import type { Surroundings } from './organisation-warnings.ts';

/** What is known here about organisations that may be connected. */
export async function readSurroundings(
  tx: Tx,
  scope: Scope,
  xeroOrgIds: readonly XeroOrgId[],
  joinsOthers: boolean,
): Promise<Surroundings> {
  const provider = await getProvider(tx, scope);
  if (!provider) throw new AppError('request.not-found');
  const connections = await listConnections(tx, scope, 'xero');
  const live = connections.filter(({ state }) =>
    (LIVE_STATES as readonly string[]).includes(state),
  );
  const lost = live.filter(({ state }) => connectionCan(state).reconnect);
  const liveIds = new Set(live.map(({ organisation }) => organisation?.xeroOrgId));
  const ended = await formerConnections(tx, scope);
  const former = ended.filter(({ xeroOrgId }) => !liveIds.has(xeroOrgId));
  return {
    country: provider.country,
    // Beside others an organisation may well be another one.
    last: joinsOthers ? null : (lost[0]?.organisation ?? former[0] ?? null),
    makesWay: lost.length === 1 && !joinsOthers,
    former,
    links: await countLinks(tx, scope, xeroOrgIds),
  };
}
