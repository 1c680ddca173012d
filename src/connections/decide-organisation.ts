import type { ConsentOutcome } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { XeroConnection } from '#xero/index';
import { abandonChoice } from './abandon-choice.ts';
import { noteAllowed, takenByOthers } from './across-providers.ts';
import { activate, type Candidate, describe } from './activate.ts';
import { type Choice, insertChoices } from './choice-store.ts';
import { connectionCan, LIVE_STATES } from './connection.ts';
import { insertChoosing, listConnections, rebind } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { tidyLater } from './tidy-xero.ts';

/** What the organisations of a consent lead to. */
export interface Decision {
  outcome: ConsentOutcome;
  connectionId: ConnectionId | null;
}

/** Organisations described at once in a chooser; more are listed by name alone. */
const DESCRIBED_MAX = 10;

/**
 * Looks at the organisations of this consent alone, and connects the one, offers several to
 * choose from, or says why there is none to connect. Throws what a call to Xero throws.
 */
export async function decideOrganisation(
  deps: ConnectionsDeps,
  scope: Scope,
  grantId: string,
  authEventId: string | null,
): Promise<Decision> {
  const allowed = await deps.xero.connections.list(grantId, authEventId);
  // Without the consent's id the list holds what earlier consents allowed too: nothing to tidy by.
  const ofThisConsent = authEventId === null ? [] : allowed.map(({ id }) => id);
  await noteAllowed(deps.database, grantId, ofThisConsent, deps.clock.now());
  const present = await presentConnection(deps, scope);
  const presentOrgId = present?.organisation?.xeroOrgId;
  const candidateOf = (one: XeroConnection): Candidate => ({
    grantId,
    authEventId,
    xeroConnectionId: one.id,
    xeroOrgId: one.xeroOrgId,
  });

  if (present && !connectionCan(present.state).reconnect) {
    const same = allowed.find(({ xeroOrgId }) => xeroOrgId === presentOrgId);
    if (same) {
      await deps.database.asProvider(scope.providerId, async (tx) => {
        await rebind(tx, scope, present.id, candidateOf(same));
        if (present.grantId && present.grantId !== grantId) await tidyLater(tx, present.grantId);
      });
    }
    return { outcome: 'already-connected', connectionId: present.id };
  }
  if (present) {
    // Xero shows an organisation that is connected still as allowed already, so that a renewed
    // consent may list nothing new: the one that lost its consent is looked for among all.
    const among = allowed.length > 0 ? allowed : await deps.xero.connections.list(grantId, null);
    const same = among.find(({ xeroOrgId }) => xeroOrgId === presentOrgId);
    if (same) return activate(deps, scope, candidateOf(same), null);
  }
  const [first] = allowed;
  if (!first) return { outcome: 'no-organisation', connectionId: null };
  const ids = allowed.map(({ xeroOrgId }) => xeroOrgId);
  const taken = await takenByOthers(deps.database, ids, scope.providerId);
  if (allowed.every(({ xeroOrgId }) => taken.has(xeroOrgId))) {
    return { outcome: 'organisation-taken', connectionId: null };
  }
  // Another organisation than the one that lost its consent is never taken without asking.
  if (allowed.length === 1 && !present) return activate(deps, scope, candidateOf(first), null);
  const choices = await Promise.all(
    allowed.map((one, index) =>
      describeChoice(deps, scope, one, index < DESCRIBED_MAX ? candidateOf(one) : null),
    ),
  );
  return offerChoice(deps, scope, { grantId, authEventId }, choices);
}

async function presentConnection(deps: ConnectionsDeps, scope: Scope) {
  const all = await deps.database.asProvider(scope.providerId, (tx) =>
    listConnections(tx, scope, 'xero'),
  );
  return all.find(({ state }) => (LIVE_STATES as readonly string[]).includes(state)) ?? null;
}

/** What can be said of an organisation before it is chosen; one that does not answer is named only. */
async function describeChoice(
  deps: ConnectionsDeps,
  scope: Scope,
  { id, xeroOrgId, organisationName }: XeroConnection,
  candidate: Candidate | null,
): Promise<Choice> {
  const known =
    candidate &&
    (await describe(deps, scope, candidate).catch((error: unknown) => {
      deps.logger.warn({ err: error }, 'an organisation could not be described');
      return null;
    }));
  return {
    xeroOrgId,
    xeroConnectionId: id,
    name: known?.name ?? organisationName,
    country: known?.country ?? null,
    baseCurrency: known?.baseCurrency ?? null,
    isDemo: known?.isDemo ?? false,
  };
}

/** Stores the organisations for the chooser; an older choice that nobody made makes way. */
async function offerChoice(
  deps: ConnectionsDeps,
  scope: Scope,
  grant: { grantId: string; authEventId: string | null },
  choices: readonly Choice[],
): Promise<Decision> {
  const now = deps.clock.now();
  const id = newId<ConnectionId>();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const older = await listConnections(tx, scope, 'xero');
    for (const one of older.filter(({ state }) => state === 'choosing')) {
      await abandonChoice(deps, tx, scope, one.id);
    }
    const connectedBy = scope.actor.name;
    await insertChoosing(tx, scope, { id, app: 'xero', ...grant, connectedBy }, now);
    await insertChoices(tx, scope, id, choices);
    await announce(tx, scope.providerId, 'connections', [id]);
    return { outcome: 'choose', connectionId: id };
  });
}
