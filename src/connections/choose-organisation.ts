import type { OrganisationChoice } from '#contract/connections';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { takenByOthers } from './across-providers.ts';
import { activate } from './activate.ts';
import { type Choice, listChoices } from './choice-store.ts';
import { type Connection, connectionCan } from './connection.ts';
import { getConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { warningsOf } from './organisation-warnings.ts';
import { readSurroundings } from './read-surroundings.ts';
import { tidyLater } from './tidy-xero.ts';

/**
 * The organisations of a consent, each with whether it serves another provider already and what is
 * worth a look.
 * @throws AppError `request.not-found`; `consent.nothing-to-choose` when that is over
 */
export async function readChoices(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<{ joinsOthers: boolean; organisations: OrganisationChoice[] }> {
  const { connection, choices } = await openChoice(deps, scope, connectionId);
  const ids = choices.map(({ xeroOrgId }) => xeroOrgId);
  const taken = await takenByOthers(deps.database, ids, scope.providerId);
  const { joinsOthers } = connection;
  const around = await deps.database.asProvider(scope.providerId, (tx) =>
    readSurroundings(tx, scope, ids, joinsOthers),
  );
  return {
    joinsOthers,
    organisations: choices.map((choice) => {
      const { xeroConnectionId: _, isDescribed: __, ...described } = choice;
      const isTaken = taken.has(choice.xeroOrgId);
      return { ...described, taken: isTaken, warnings: warningsOf(choice, around) };
    }),
  };
}

/**
 * Connects the organisation chosen, and `also` others beside it; those not chosen are removed at
 * Xero. Choosing again the one that was chosen changes nothing. Returns the id of the connection
 * that is active now.
 *
 * @throws AppError `request.not-found`, `consent.nothing-to-choose`,
 *   `consent.organisation-taken`, `connection.already-connected`, and what a call to Xero throws
 */
export async function chooseOrganisation(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
  chosen: { xeroOrgId: XeroOrgId; also: readonly XeroOrgId[] },
): Promise<ConnectionId> {
  const { connection, choices } = await openChoice(deps, scope, connectionId, chosen.xeroOrgId);
  if (!connectionCan(connection.state).choose) return connection.id;
  const { grantId } = connection;
  const candidates = [...new Set([chosen.xeroOrgId, ...chosen.also])].map((xeroOrgId) => {
    const choice = choices.find((one) => one.xeroOrgId === xeroOrgId);
    if (!choice || grantId === null) {
      throw new AppError('request.not-found', 'This organisation is not among those allowed.');
    }
    const { authEventId, xeroPerson, joinsOthers } = connection;
    const { xeroConnectionId } = choice;
    return { grantId, authEventId, xeroPerson, joinsOthers, xeroConnectionId, xeroOrgId };
  });
  // Looked at before the first is connected, so that a refusal leaves everything to be chosen.
  await refuseTaken(deps, scope, candidates);
  let first: ConnectionId | null = null;
  for (const candidate of candidates) {
    const asked = first === null ? candidate : { ...candidate, joinsOthers: true };
    const activation = await activate(deps, scope, asked, first === null ? connectionId : null);
    if (activation.outcome !== 'connected') throw new AppError(refusals[activation.outcome]);
    first ??= activation.connectionId;
  }
  if (grantId !== null) {
    await deps.database.asProvider(scope.providerId, (tx) => tidyLater(tx, grantId));
  }
  return first ?? connectionId;
}

const refusals = {
  'organisation-taken': 'consent.organisation-taken',
  'already-connected': 'connection.already-connected',
} as const;

async function refuseTaken(
  deps: ConnectionsDeps,
  scope: Scope,
  candidates: readonly { xeroOrgId: XeroOrgId }[],
): Promise<void> {
  const ids = candidates.map(({ xeroOrgId }) => xeroOrgId);
  const taken = await takenByOthers(deps.database, ids, scope.providerId);
  if (taken.size > 0) throw new AppError('consent.organisation-taken');
}

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
      throw new AppError('consent.nothing-to-choose');
    }
    return { connection, choices: await listChoices(tx, scope, connectionId) };
  });
}
