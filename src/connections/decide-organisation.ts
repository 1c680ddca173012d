import type { ConsentOutcome } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import type { Scope } from '#platform/scope';
import type { XeroConnection } from '#xero/index';
import { noteAllowed, onceOurs, takenByOthers } from './across-providers.ts';
import { activate, type Candidate } from './activate.ts';
import { type Connection, connectionCan, LIVE_STATES } from './connection.ts';
import { listConnections, rebind } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { describeChoices, offerChoice } from './offer-choice.ts';
import { warningsOf } from './organisation-warnings.ts';
import { readSurroundings } from './read-surroundings.ts';
import { tidyLater } from './tidy-xero.ts';

/** What the organisations of a consent lead to. */
export interface Decision {
  outcome: ConsentOutcome;
  connectionId: ConnectionId | null;
}

/** A consent that Xero has answered: what it allows is looked at next. */
export type AnsweredConsent = Omit<Candidate, 'xeroConnectionId' | 'xeroOrgId'>;

/**
 * Looks at the organisations of this consent alone. One that waits to be reconnected comes back at
 * once, and so does a single one about which there is nothing to ask; else someone is asked, or
 * told why there is none to connect. Throws what a call to Xero throws.
 */
export async function decideOrganisation(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
): Promise<Decision> {
  const { grantId, authEventId } = consent;
  const allowed = await deps.xero.connections.list(grantId, authEventId);
  // Without the consent's id the list holds what earlier consents allowed too: nothing to tidy by.
  const ofThisConsent = authEventId === null ? [] : allowed.map(({ id }) => id);
  await noteAllowed(deps.database, grantId, ofThisConsent, deps.clock.now());
  const live = await liveConnections(deps, scope);
  return (
    (await bringBack(deps, scope, consent, allowed, live)) ??
    (await keepRunning(deps, scope, consent, allowed, live)) ??
    (await connectNew(deps, scope, consent, allowed.filter(isNot(live)))) ??
    (await offerConnected(deps, scope, consent, live)) ?? {
      outcome: 'no-organisation',
      connectionId: null,
    }
  );
}

async function liveConnections(deps: ConnectionsDeps, scope: Scope): Promise<Connection[]> {
  const all = await deps.database.asProvider(scope.providerId, (tx) =>
    listConnections(tx, scope, 'xero'),
  );
  return all.filter(({ state }) => (LIVE_STATES as readonly string[]).includes(state));
}

function isNot(live: readonly Connection[]) {
  const present = new Set(live.map(({ organisation }) => organisation?.xeroOrgId));
  return (one: XeroConnection) => !present.has(one.xeroOrgId);
}

function candidateOf(consent: AnsweredConsent, { id, xeroOrgId }: XeroConnection): Candidate {
  return { ...consent, xeroConnectionId: id, xeroOrgId };
}

/** Reconnects what lost its consent and is allowed again; null when something is left to decide. */
async function bringBack(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
  allowed: readonly XeroConnection[],
  live: readonly Connection[],
): Promise<Decision | null> {
  const lost = live.filter(({ state }) => connectionCan(state).reconnect);
  if (lost.length === 0) return null;
  // Xero shows an organisation that is connected still as allowed already, so that a renewed
  // consent may list nothing new: the one that lost its consent is looked for among all.
  const among =
    allowed.length > 0 ? allowed : await deps.xero.connections.list(consent.grantId, null);
  let back: Decision | null = null;
  for (const { organisation } of lost) {
    const same = among.find(({ xeroOrgId }) => xeroOrgId === organisation?.xeroOrgId);
    if (!same) continue;
    const activation = await activate(deps, scope, candidateOf(consent, same), null);
    back ??= activation;
  }
  const hasMore = consent.joinsOthers && allowed.some(isNot(live));
  return hasMore ? null : back;
}

/** What runs already goes on with the newer consent; null when something is left to connect. */
async function keepRunning(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
  allowed: readonly XeroConnection[],
  live: readonly Connection[],
): Promise<Decision | null> {
  const running = live.filter(({ state }) => !connectionCan(state).reconnect);
  const allowedOf = ({ organisation }: Connection) =>
    allowed.find(({ xeroOrgId }) => xeroOrgId === organisation?.xeroOrgId);
  await deps.database.asProvider(scope.providerId, async (tx) => {
    for (const one of running) {
      const same = allowedOf(one);
      if (!same) continue;
      await rebind(tx, scope, one.id, candidateOf(consent, same));
      if (one.grantId && one.grantId !== consent.grantId) await tidyLater(tx, one.grantId);
    }
  });
  const first = running.find(allowedOf) ?? running[0];
  if (!first) return null;
  const isDone = !consent.joinsOthers && running.length === live.length;
  const hasNothingNew = allowed.length > 0 && !allowed.some(isNot(live));
  return isDone || hasNothingNew ? { outcome: 'already-connected', connectionId: first.id } : null;
}

/** Connects the one organisation that raises no question, or asks; null when there is none. */
async function connectNew(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
  fresh: readonly XeroConnection[],
): Promise<Decision | null> {
  const [first] = fresh;
  if (!first) return null;
  const ids = fresh.map(({ xeroOrgId }) => xeroOrgId);
  const taken = await takenByOthers(deps.database, ids, scope.providerId);
  if (ids.every((id) => taken.has(id))) {
    return { outcome: 'organisation-taken', connectionId: null };
  }
  const choices = await describeChoices(deps, scope, consent, fresh);
  const [choice] = choices;
  if (choice && choices.length === 1) {
    const around = await deps.database.asProvider(scope.providerId, (tx) =>
      readSurroundings(tx, scope, ids, consent.joinsOthers),
    );
    const isPlain = warningsOf(choice, around).length === 0;
    if (isPlain) return activate(deps, scope, candidateOf(consent, first), null);
  }
  return offerChoice(deps, scope, consent, choices);
}

/**
 * Asks about what this provider once had, is connected at Xero still and gone here. Xero has been met
 * to keep the older consent's id for it, so that the newer one lists nothing and it could never be
 * connected again. The list of all holds what the same person allows for others too, at this moment
 * perhaps: that is left out, and none is connected without a yes. Null when nothing is left.
 */
async function offerConnected(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
  live: readonly Connection[],
): Promise<Decision | null> {
  const listed = (await deps.xero.connections.list(consent.grantId, null)).filter(isNot(live));
  const ids = listed.map(({ xeroOrgId }) => xeroOrgId);
  const ours = await onceOurs(deps.database, ids, scope.providerId);
  const left = listed.filter(({ xeroOrgId }) => ours.has(xeroOrgId));
  if (left.length === 0) return null;
  return offerChoice(deps, scope, consent, await describeChoices(deps, scope, consent, left));
}
