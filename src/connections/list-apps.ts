import type {
  AppKey,
  CatalogueApp,
  ConnectBarrier,
  Connection as ShownConnection,
} from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import { roleMay } from '#contract/permissions';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { type Licence, listPackage, whoMay } from '#providers/index';
import { catalogue } from './catalogue/catalogue.ts';
import type { Manifest } from './catalogue/manifest.ts';
import { xeroManifest } from './catalogue/xero.ts';
import type { Connection } from './connection.ts';
import { getConnection, listConnections } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';

/** The catalogue as one provider sees it: what is connected, and what stands in the way of the rest. */
export async function listApps(deps: ConnectionsDeps, scope: Scope): Promise<CatalogueApp[]> {
  const found = await deps.database.asProvider(scope.providerId, async (tx) => {
    const able = await whoMay(tx, scope, 'connections.manage');
    const lines = await listPackage(tx, scope);
    const apps = [];
    for (const manifest of catalogue) {
      const line = lines.find(({ product }) => product === manifest.product) ?? null;
      apps.push({
        manifest,
        barrier: barrierOf(deps, scope, manifest, line),
        licence: line && licenceOf(line),
        whoMay: able,
        connections: await listConnections(tx, scope, manifest.key),
      });
    }
    return apps;
  });
  return Promise.all(
    found.map(async ({ manifest: { product: _, consentAt: __, ...described }, ...facts }) => ({
      ...described,
      ...facts,
      connections: await present(deps, facts.connections, described.key),
    })),
  );
}

function licenceOf({ grantedAt, withdrawnAt }: Licence): CatalogueApp['licence'] {
  return {
    grantedAt: grantedAt.toISOString(),
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
  };
}

/**
 * One connection as its own page and the answers of its acts show it, disconnected ones too.
 * @throws AppError `request.not-found`
 */
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

function barrierOf(
  deps: ConnectionsDeps,
  scope: Scope,
  manifest: Manifest,
  licence: Licence | null,
): ConnectBarrier | null {
  if (licence === null || licence.withdrawnAt !== null) return 'not-licensed';
  if (manifest.consentAt === 'xero' && !deps.xero.isConfigured) return 'not-configured';
  const { actor } = scope;
  const mayManage = actor.kind !== 'bursar' && roleMay(actor.role, 'connections.manage');
  return mayManage ? null : 'not-permitted';
}

async function present(
  deps: ConnectionsDeps,
  connections: readonly Connection[],
  app: AppKey = xeroManifest.key,
): Promise<ShownConnection[]> {
  const orgIds = connections.flatMap(({ organisation }) => organisation?.xeroOrgId ?? []);
  const usage = await deps.xero.usageOf(orgIds);
  return connections.map((connection) => {
    const { organisation, trouble } = connection;
    const lastCallAt = organisation && usage.get(organisation.xeroOrgId)?.lastCallAt;
    return {
      id: connection.id,
      app,
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
