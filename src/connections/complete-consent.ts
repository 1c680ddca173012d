import { timingSafeEqual } from 'node:crypto';
import type { ConsentOutcome } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { XeroConnection } from '#xero/index';
import { abandonChoice } from './abandon-choice.ts';
import { activate, type Candidate, describe } from './activate.ts';
import { verifierPlace } from './begin-consent.ts';
import { type Choice, insertChoices } from './choice-store.ts';
import { LIVE_STATES } from './connection.ts';
import { insertChoosing, listConnections, rebind } from './connection-store.ts';
import { type Consent, hashOf, takeByState } from './consent-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { takenByOthers } from './system-store.ts';
import { tidyLater } from './tidy-xero.ts';

/** What Xero's redirect brought, and what the browser brought with it. */
export interface CallbackAnswer {
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
  /** The browser's own secret, from its cookie. */
  binding: string | undefined;
  /**
   * Whether whoever is signed in in this browser may finish the consent: nobody signed in, or the
   * same person, still allowed to.
   */
  mayFinish(scope: Scope): Promise<boolean>;
}

export interface ConsentEnd {
  outcome: ConsentOutcome;
  connectionId: ConnectionId | null;
  /** Who began it, which decides where the browser goes; null when nobody knows. */
  scope: Scope | null;
}

type Ending = Pick<ConsentEnd, 'outcome' | 'connectionId'>;

/** Organisations described at once in a chooser; more are listed by name alone. */
const DESCRIBED_MAX = 10;

/**
 * Finishes a consent with Xero's answer. Whatever happens is an outcome; nothing is half-done:
 * either a connection stands (or waits for a choice), or everything this consent made at Xero is
 * removed again.
 */
export async function completeConsent(
  deps: ConnectionsDeps,
  answer: CallbackAnswer,
): Promise<ConsentEnd> {
  const { database, clock } = deps;
  const { state } = answer;
  const consent = state
    ? await database.asSystem((tx) => takeByState(tx, state, clock.now()))
    : null;
  if (!consent) return { outcome: 'wrong-state', connectionId: null, scope: null };
  const { scope } = consent;
  const ending =
    (await refusalOf(deps, consent, answer)) ?? (await exchange(deps, consent, answer));
  if (!['connected', 'choose'].includes(ending.outcome)) {
    await database.asProvider(scope.providerId, (tx) =>
      deps.events.append(tx, scope, {
        kind: 'connection.consent-failed',
        app: 'xero',
        outcome: ending.outcome,
      }),
    );
  }
  return { ...ending, scope };
}

/** Why an answer is not acted on at all; null when it is. */
async function refusalOf(
  deps: ConnectionsDeps,
  consent: Consent,
  answer: CallbackAnswer,
): Promise<Ending | null> {
  const refused = (outcome: ConsentOutcome): Ending => ({ outcome, connectionId: null });
  if (consent.usedAt !== null || !isSameBrowser(consent, answer.binding)) {
    return refused('wrong-state');
  }
  if (consent.expiresAt <= deps.clock.now()) return refused('expired');
  if (!(await answer.mayFinish(consent.scope))) return refused('wrong-state');
  if (answer.error === 'access_denied') return refused('cancelled');
  if (answer.error !== undefined || !answer.code) return refused('refused-by-xero');
  return null;
}

function isSameBrowser(consent: Consent, binding: string | undefined): boolean {
  if (consent.bindingHash === null || !binding) return false;
  return timingSafeEqual(consent.bindingHash, hashOf(binding));
}

/** Exchanges the code and stores the grant before anything else; from there on nothing may be left over. */
async function exchange(
  deps: ConnectionsDeps,
  consent: Consent,
  answer: CallbackAnswer,
): Promise<Ending> {
  const { xero, secrets, logger } = deps;
  const { scope } = consent;
  let grantId: string;
  let authEventId: string | null;
  try {
    const verifier = secrets.open(consent.sealedVerifier ?? '', verifierPlace(consent.id));
    const tokens = await xero.oauth.exchange(answer.code ?? '', verifier);
    grantId = await xero.vault.store(tokens);
    authEventId = tokens.claims.authEventId;
  } catch (error) {
    logger.warn({ err: error }, 'a consent could not be exchanged at Xero');
    return { outcome: 'refused-by-xero', connectionId: null };
  }
  let ending: Ending;
  try {
    ending = await settle(deps, scope, grantId, authEventId);
  } catch (error) {
    logger.warn({ err: error }, 'a consent could not be completed; it is undone');
    ending = { outcome: 'refused-by-xero', connectionId: null };
  }
  await deps.database.asProvider(scope.providerId, (tx) => tidyLater(tx, { grantId, authEventId }));
  return ending;
}

/** Decides what the organisations of this consent lead to. */
async function settle(
  deps: ConnectionsDeps,
  scope: Scope,
  grantId: string,
  authEventId: string | null,
): Promise<Ending> {
  const allowed = await deps.xero.connections.list(grantId, authEventId);
  const present = await presentConnection(deps, scope);
  const presentOrgId = present?.organisation?.xeroOrgId;
  const candidateOf = (one: XeroConnection): Candidate => ({
    grantId,
    authEventId,
    xeroConnectionId: one.id,
    xeroOrgId: one.xeroOrgId,
  });

  if (present && present.state !== 'needs-consent') {
    const same = allowed.find(({ xeroOrgId }) => xeroOrgId === presentOrgId);
    if (same) {
      await deps.database.asProvider(scope.providerId, (tx) =>
        rebind(tx, scope, present.id, candidateOf(same)),
      );
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
  const taken = await deps.database.asSystem((tx) => takenByOthers(tx, ids, scope.providerId));
  if (allowed.every(({ xeroOrgId }) => taken.has(xeroOrgId))) {
    return { outcome: 'organisation-taken', connectionId: null };
  }
  // Another organisation than the one that lost its consent is never taken without asking.
  if (allowed.length === 1 && !present) return activate(deps, scope, candidateOf(first), null);
  const choices = await describeAll(deps, scope, allowed.map(candidateOf), allowed);
  return offerChoice(deps, scope, { grantId, authEventId }, choices);
}

async function presentConnection(deps: ConnectionsDeps, scope: Scope) {
  const all = await deps.database.asProvider(scope.providerId, (tx) =>
    listConnections(tx, scope, 'xero'),
  );
  return all.find(({ state }) => (LIVE_STATES as readonly string[]).includes(state)) ?? null;
}

/** What can be said of each organisation before one is chosen; one that does not answer is named only. */
function describeAll(
  deps: ConnectionsDeps,
  scope: Scope,
  candidates: readonly Candidate[],
  allowed: readonly XeroConnection[],
): Promise<Choice[]> {
  return Promise.all(
    allowed.map(async ({ id, xeroOrgId, organisationName }, index) => {
      const candidate = candidates[index];
      const known =
        candidate && index < DESCRIBED_MAX
          ? await describe(deps, scope, candidate).catch((error: unknown) => {
              deps.logger.warn({ err: error }, 'an organisation could not be described');
              return null;
            })
          : null;
      return {
        xeroOrgId,
        xeroConnectionId: id,
        name: known?.name ?? organisationName,
        country: known?.country ?? null,
        baseCurrency: known?.baseCurrency ?? null,
        isDemo: known?.isDemo ?? false,
      };
    }),
  );
}

/** Stores the organisations for the chooser; an older choice that nobody made makes way. */
async function offerChoice(
  deps: ConnectionsDeps,
  scope: Scope,
  grant: { grantId: string; authEventId: string | null },
  choices: readonly Choice[],
): Promise<Ending> {
  const now = deps.clock.now();
  const id = newId<ConnectionId>();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const older = await listConnections(tx, scope, 'xero');
    for (const one of older.filter(({ state }) => state === 'choosing')) {
      await abandonChoice(deps, tx, scope, one, now);
    }
    const connectedBy = scope.actor.name;
    await insertChoosing(tx, scope, { id, app: 'xero', ...grant, connectedBy }, now);
    await insertChoices(tx, scope, id, choices);
    await announce(tx, scope.providerId, 'connections', [id]);
    return { outcome: 'choose', connectionId: id };
  });
}
