import { type ConnectionTest, connectionMay } from '#contract/connection-life';
import { errorTexts } from '#contract/errors';
import type { ConnectionId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { getConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { showConnection } from '../list-apps.ts';
import { checkConnection, type Finding } from './check-connection.ts';
import { lookLater } from './look-jobs.ts';

/**
 * Makes a light call now, before any other work of the organisation, and says what came of it.
 * A connection that works again is active again by that.
 *
 * @throws AppError `request.not-found`; `connection.wrong-state` for one that can't be tested
 */
export async function testConnection(
  deps: ConnectionsDeps,
  scope: Scope,
  id: ConnectionId,
): Promise<ConnectionTest> {
  const { database, clock } = deps;
  const connection = await database.asProvider(scope.providerId, (tx) =>
    getConnection(tx, scope, id),
  );
  if (!connection) throw new AppError('request.not-found');
  if (!connectionMay(connection.state, 'test')) throw new AppError('connection.wrong-state');
  const begunAt = clock.now();
  const finding = await checkConnection(deps, scope, connection, 'person');
  // Whoever else should know of what was found hears of it by e-mail.
  await database.asProvider(scope.providerId, (tx) => lookLater(tx, scope.providerId, id));
  return {
    ...wordsOf(finding),
    milliseconds: clock.now().getTime() - begunAt.getTime(),
    connection: await showConnection(deps, scope, id),
  };
}

function wordsOf(finding: Finding): Pick<ConnectionTest, 'works' | 'words' | 'way'> {
  if (finding.works) {
    const words = `Xero answers, and the organisation is called ${finding.organisationName}.`;
    return { works: true, words, way: null };
  }
  const { title, way } = errorTexts[finding.code];
  // An outage in its first minutes is no trouble yet; what Xero said is more to the point.
  const said = finding.code === 'xero.unreachable' ? finding.detail : null;
  return { works: false, words: said ?? `${title}.`, way };
}
