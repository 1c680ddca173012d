import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import { brokenUniqueConstraint, type Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { WireOrganisation } from '#xero/index';
import { deleteChoices } from './choice-store.ts';
import { connectionCan, type Organisation } from './connection.ts';
import {
  type Binding,
  getConnection,
  insertActive,
  lockLiveConnection,
  moveToActive,
  moveToDisconnected,
} from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { tidyLater } from './tidy-xero.ts';

/** The organisation of a consent that is to be connected. */
export interface Candidate {
  grantId: string;
  authEventId: string | null;
  xeroConnectionId: string;
  xeroOrgId: XeroOrgId;
}

export type Activation =
  | { outcome: 'connected'; connectionId: ConnectionId }
  | { outcome: 'organisation-taken' | 'already-connected'; connectionId: ConnectionId | null };

/**
 * Connects an organisation: reads how it describes itself, then binds it in one transaction. A
 * connection that lost its consent to the same organisation is the one that becomes active again,
 * so that its links and settings stay; one to another organisation makes way. `choosing` is the
 * connection in which the organisation was chosen, if it was.
 *
 * Throws what a call to Xero throws, and AppError `request.conflict` when the choice was given up
 * meanwhile; nothing is bound then.
 */
export async function activate(
  deps: ConnectionsDeps,
  scope: Scope,
  candidate: Candidate,
  choosing: ConnectionId | null,
): Promise<Activation> {
  const organisation = await describe(deps, scope, candidate);
  const binding: Binding = { ...candidate, organisation, connectedBy: scope.actor.name };
  try {
    return await deps.database.asProvider(scope.providerId, (tx) =>
      bind(deps, tx, scope, binding, choosing),
    );
  } catch (error) {
    const constraint = brokenUniqueConstraint(error);
    if (constraint === 'one_live_connection_per_organisation') {
      return { outcome: 'organisation-taken', connectionId: null };
    }
    if (constraint === 'one_live_connection_per_provider') {
      return { outcome: 'already-connected', connectionId: null };
    }
    throw error;
  }
}

/** How an organisation describes itself now. Someone waits for it, so it goes before other calls. */
export async function describe(
  deps: ConnectionsDeps,
  scope: Scope,
  candidate: Candidate,
): Promise<Organisation> {
  const access = {
    providerId: scope.providerId,
    connectionId: newId<ConnectionId>(),
    xeroOrgId: candidate.xeroOrgId,
    grantId: candidate.grantId,
  };
  return toOrganisation(
    candidate.xeroOrgId,
    await deps.xero.client.forOrg(access, 'person').organisation(),
  );
}

async function bind(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  binding: Binding,
  choosing: ConnectionId | null,
): Promise<Activation> {
  const now = deps.clock.now();
  const { xeroOrgId } = binding.organisation;
  // The chosen one is locked first: only then is it seen whether another click was quicker.
  const chosen = choosing && (await getConnection(tx, scope, choosing, { lock: true }));
  const present = await lockLiveConnection(tx, scope, 'xero');
  const isSame = present?.organisation?.xeroOrgId === xeroOrgId;
  if (present && isSame && present.id === choosing) {
    return { outcome: 'connected', connectionId: present.id };
  }
  if (choosing && !(chosen && connectionCan(chosen.state).choose)) {
    throw new AppError('request.conflict', 'There is nothing to choose here any more.');
  }
  if (present && present.state !== 'needs-consent') {
    return { outcome: 'already-connected', connectionId: present.id };
  }
  if (present && !isSame) {
    await moveToDisconnected(tx, scope, present.id, now);
    await deps.events.append(tx, scope, {
      kind: 'connection.disconnected',
      connectionId: present.id,
      xeroOrgId: present.organisation?.xeroOrgId ?? null,
    });
  }
  const connectionId = await makeActive(tx, scope, binding, isSame ? present.id : choosing, now);
  if (choosing) await deleteChoices(tx, scope, choosing);
  if (choosing && connectionId !== choosing) await moveToDisconnected(tx, scope, choosing, now);
  await deps.events.append(tx, scope, {
    kind: 'connection.activated',
    connectionId,
    xeroOrgId,
    organisationName: binding.organisation.name,
  });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
  const released = present?.grantId;
  if (released && released !== binding.grantId) await tidyLater(tx, released);
  return { outcome: 'connected', connectionId };
}

async function makeActive(
  tx: Tx,
  scope: Scope,
  binding: Binding,
  present: ConnectionId | null,
  now: Date,
): Promise<ConnectionId> {
  if (present) {
    const moved = await moveToActive(tx, scope, present, binding, now);
    if (!moved) throw new Error('A connection changed its state while it was locked');
    return present;
  }
  const id = newId<ConnectionId>();
  const { grantId, authEventId, connectedBy } = binding;
  await insertActive(
    tx,
    scope,
    { id, app: 'xero', grantId, authEventId, connectedBy },
    binding,
    now,
  );
  return id;
}

function toOrganisation(xeroOrgId: XeroOrgId, wire: WireOrganisation): Organisation {
  return {
    xeroOrgId,
    name: wire.Name,
    legalName: wire.LegalName,
    country: wire.CountryCode,
    baseCurrency: wire.BaseCurrency,
    taxNumber: wire.TaxNumber,
    isDemo: wire.IsDemoCompany,
    shortCode: wire.ShortCode,
  };
}
