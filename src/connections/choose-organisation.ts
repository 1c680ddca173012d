import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { takenByOthers } from './across-providers.ts';
import { activate } from './activate.ts';
import { type Choice, listChoices } from './choice-store.ts';
import { type Connection, connectionCan } from './connection.ts';
import { getConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { tidyLater } from './tidy-xero.ts';

/**
 * The organisations of a consent, each with whether it serves another provider already.
 * @throws AppError `request.not-found`; `request.conflict` when nothing is to be chosen any more
 */
export async function readChoices(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<(Choice & { taken: boolean })[]> {
  const { choices } = await openChoice(deps, scope, connectionId);
  const ids = choices.map(({ xeroOrgId }) => xeroOrgId);
  const taken = await takenByOthers(deps.database, ids, scope.providerId);
  return choices.map((choice) => ({ ...choice, taken: taken.has(choice.xeroOrgId) }));
}

/**
 * Connects the organisation chosen; the others are removed at Xero. Choosing again the one that
 * was chosen changes nothing. Returns the id of the connection that is active now.
 *
 * @throws AppError `request.not-found`, `request.conflict`, `consent.organisation-taken`,
 *   `connection.already-connected`, and what a call to Xero throws
 */
export async function chooseOrganisation(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
  xeroOrgId: XeroOrgId,
): Promise<ConnectionId> {
  const { connection, choices } = await openChoice(deps, scope, connectionId, xeroOrgId);
  if (!connectionCan(connection.state).choose) return connection.id;
  const choice = choices.find((one) => one.xeroOrgId === xeroOrgId);
  const { grantId, authEventId } = connection;
  if (!choice || grantId === null) {
    throw new AppError('request.not-found', 'This organisation is not among those allowed.');
  }
  const { xeroConnectionId } = choice;
  const candidate = { grantId, authEventId, xeroConnectionId, xeroOrgId };
  const activation = await activate(deps, scope, candidate, connectionId);
  if (activation.outcome !== 'connected') throw new AppError(refusals[activation.outcome]);
  await deps.database.asProvider(scope.providerId, (tx) => tidyLater(tx, grantId));
  return activation.connectionId;
}

const refusals = {
  'organisation-taken': 'consent.organisation-taken',
  'already-connected': 'connection.already-connected',
} as const;

async function openChoice(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
  chosen?: XeroOrgId,
): Promise<{ connection: Connection; choices: Choice[] }> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const connection = await getConnection(tx, scope, connectionId);
    if (!connection) throw new AppError('request.not-found');
    const isChosen = connection.state === 'active' && connection.organisation?.xeroOrgId === chosen;
    if (!connectionCan(connection.state).choose && !isChosen) {
      throw new AppError('request.conflict', 'There is nothing to choose here any more.');
    }
    return { connection, choices: await listChoices(tx, scope, connectionId) };
  });
}
