import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import { brokenUniqueConstraint, type Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Scope } from '#platform/scope';
import type { WireOrganisation } from '#xero/index';
import { deleteChoices } from './choice-store.ts';
import { comeAlive } from './come-alive.ts';
import { type Connection, connectionCan, type Organisation } from './connection.ts';
import {
  type Binding,
  getConnection,
  insertActive,
  lockLiveConnections,
  moveToActive,
  moveToDisconnected,
} from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { changeRules, readRouting, rulesWith } from './organisation-rules.ts';
import { tidyLater } from './tidy-xero.ts';

/** The organisation of a consent that is to be connected. */
export interface Candidate {
  grantId: string;
  authEventId: string | null;
  xeroConnectionId: string;
  xeroOrgId: XeroOrgId;
  /** Who allowed it at Xero, as Xero named them. */
  xeroPerson: string | null;
  /** Whether it comes beside the organisations that are connected. */
  joinsOthers: boolean;
}

export type Activation =
  | { outcome: 'connected'; connectionId: ConnectionId }
  | { outcome: 'organisation-taken' | 'already-connected'; connectionId: ConnectionId | null };

/**
 * Connects an organisation: reads how it describes itself, then binds it in one transaction. A
 * connection that lost its consent to the same organisation is the one that becomes active again,
 * so that its links and settings stay. The only one that waits for that makes way to another
 * organisation, unless this is to come beside it. `choosing` is the connection in which the organisation was chosen, if it was.
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
  const connectedBy = scope.actor.name;
  const binding: Binding & Joining = { ...candidate, organisation, connectedBy };
  try {
    return await deps.database.asProvider(scope.providerId, (tx) =>
      bind(deps, tx, scope, binding, choosing),
    );
  } catch (error) {
    const constraint = brokenUniqueConstraint(error);
    if (constraint === 'one_live_connection_per_organisation') {
      return { outcome: 'organisation-taken', connectionId: null };
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

type Joining = Pick<Candidate, 'joinsOthers'>;

async function bind(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  binding: Binding & Joining,
  choosing: ConnectionId | null,
): Promise<Activation> {
  const now = deps.clock.now();
  const { xeroOrgId } = binding.organisation;
  const live = await lockLiveConnections(tx, scope, 'xero');
  // Only now is it seen whether another click was quicker.
  const chosen = choosing && (await getConnection(tx, scope, choosing, { lock: true }));
  const same = live.find(({ organisation }) => organisation?.xeroOrgId === xeroOrgId) ?? null;
  if (same && same.id === choosing) return { outcome: 'connected', connectionId: same.id };
  if (choosing && !(chosen && connectionCan(chosen.state).choose)) {
    throw new AppError('consent.nothing-to-choose');
  }
  const others = live.filter((one) => one !== same);
  const lost = others.filter(({ state }) => connectionCan(state).reconnect);
  const inTheWay = same || binding.joinsOthers || lost.length > 0 ? same : others[0];
  if (inTheWay && !connectionCan(inTheWay.state).reconnect) {
    return { outcome: 'already-connected', connectionId: inTheWay.id };
  }
  const makesWay = same || binding.joinsOthers ? [] : lost.length === 1 ? lost : [];
  for (const one of makesWay) await end(deps, tx, scope, one, now);
  const connectionId = await makeActive(tx, scope, binding, same?.id ?? choosing, now);
  if (choosing) await deleteChoices(tx, scope, choosing);
  if (choosing && connectionId !== choosing) await moveToDisconnected(tx, scope, choosing, now);
  await point(deps, tx, scope, xeroOrgId, makesWay);
  const { xeroPerson } = binding;
  const organisationName = binding.organisation.name;
  await comeAlive(deps, tx, scope, { connectionId, xeroOrgId, organisationName, xeroPerson });
  for (const released of [same, ...makesWay]) {
    const grantId = released?.grantId;
    if (grantId && grantId !== binding.grantId) await tidyLater(tx, grantId);
  }
  return { outcome: 'connected', connectionId };
}

async function end(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  { id, organisation }: Connection,
  now: Date,
): Promise<void> {
  await moveToDisconnected(tx, scope, id, now);
  await deps.events.append(tx, scope, {
    kind: 'connection.disconnected',
    connectionId: id,
    xeroOrgId: organisation?.xeroOrgId ?? null,
  });
}

/** Has the rules name an organisation that has just become active, where they should. */
async function point(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  makesWay: readonly Connection[],
): Promise<void> {
  const { rules, connected } = await readRouting(tx, scope);
  const others = new Set([...connected].filter((one) => one !== xeroOrgId));
  const madeWay = makesWay[0]?.organisation?.xeroOrgId ?? null;
  const pointed = rulesWith(rules, xeroOrgId, { others, madeWay });
  if (JSON.stringify(pointed) === JSON.stringify(rules)) return;
  await changeRules(deps, tx, scope, pointed);
}

async function makeActive(
  tx: Tx,
  scope: Scope,
  binding: Binding & Joining,
  present: ConnectionId | null,
  now: Date,
): Promise<ConnectionId> {
  if (present) {
    const moved = await moveToActive(tx, scope, present, binding, now);
    if (!moved) throw new Error('A connection changed its state while it was locked');
    return present;
  }
  const id = newId<ConnectionId>();
  await insertActive(tx, scope, { ...binding, id, app: 'xero' }, binding, now);
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
