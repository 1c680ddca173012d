import type {
  CatalogueApp,
  ConnectBarrier,
  Connection as ShownConnection,
} from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import { roleMay } from '#contract/permissions';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { hasLicence, whoMay } from '#providers/index';
import type { Manifest } from './catalogue/manifest.ts';
import { xeroManifest } from './catalogue/xero.ts';
import type { Connection } from './connection.ts';
import { getConnection, listConnections } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';

/** The catalogue as one provider sees it: what is connected, and what stands in the way of the rest. */
export async function listApps(deps: ConnectionsDeps, scope: Scope): Promise<CatalogueApp[]> {
  const { product: _, ...described } = xeroManifest;
  const facts = await deps.database.asProvider(scope.providerId, async (tx) => ({
    barrier: await barrierOf(deps, tx, scope, xeroManifest),
    whoMay: await whoMay(tx, scope, 'connections.manage'),
    connections: await listConnections(tx, scope, xeroManifest.key),
  }));
  return [{ ...described, ...facts, connections: await present(deps, facts.connections) }];
}

/** @throws AppError `request.not-found` */
export async function showConnection(
  deps: ConnectionsDeps,
  scope: Scope,
  id: ConnectionId,
): Promise<ShownConnection> {
  const connection = await deps.database.asProvider(scope.providerId, (tx) =>
    getConnection(tx, scope, id),
  );
  const [shown] = connection ? await present(deps, [connection]) : [];
  if (!shown) throw new AppError('request.not-found');
  return shown;
}

async function barrierOf(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  manifest: Manifest,
): Promise<ConnectBarrier | null> {
  if (!(await hasLicence(tx, scope, manifest.product))) return 'not-licensed';
  if (!deps.xero.isConfigured) return 'not-configured';
  const { actor } = scope;
  const mayManage = actor.kind !== 'bursar' && roleMay(actor.role, 'connections.manage');
  return mayManage ? null : 'not-permitted';
}

async function present(
  deps: ConnectionsDeps,
  connections: readonly Connection[],
): Promise<ShownConnection[]> {
  const orgIds = connections.flatMap(({ organisation }) => organisation?.xeroOrgId ?? []);
  const usage = await deps.xero.usageOf(orgIds);
  return connections.map((connection) => {
    const { organisation, trouble } = connection;
    const lastCallAt = organisation && usage.get(organisation.xeroOrgId)?.lastCallAt;
    return {
      id: connection.id,
      app: xeroManifest.key,
      state: connection.state,
      organisation,
      connectedAt: connection.connectedAt?.toISOString() ?? null,
      connectedBy: connection.connectedBy,
      xeroPerson: connection.xeroPerson,
      trouble: trouble && { code: trouble.code, since: trouble.since.toISOString() },
      lastCallAt: lastCallAt?.toISOString() ?? null,
    };
  });
}
