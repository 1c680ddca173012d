import { timingSafeEqual } from 'node:crypto';
import type { ConsentOutcome } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import type { Scope } from '#platform/scope';
import { takeConsent } from './across-providers.ts';
import { verifierPlace } from './begin-consent.ts';
import { type Consent, finishConsent, hashOf } from './consent-store.ts';
import { type Decision, decideOrganisation } from './decide-organisation.ts';
import type { ConnectionsDeps } from './deps.ts';
import { recoverLater } from './recover-connections.ts';
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

type Ending = Decision & {
  /** Where something may be left over at Xero; with the consent if what it allowed is not known. */
  leftovers?: { grantId: string; authEventId: string | null };
};

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
  const consent = state ? await takeConsent(database, state, clock.now()) : null;
  if (!consent) return { outcome: 'wrong-state', connectionId: null, scope: null };
  const { scope } = consent;
  const ending =
    (await refusalOf(deps, consent, answer)) ?? (await exchange(deps, consent, answer));
  const { outcome, connectionId, leftovers } = ending;
  await database.asProvider(scope.providerId, async (tx) => {
    if (consent.usedAt === null) await finishConsent(tx, scope, consent.id, clock.now());
    if (leftovers) {
      await tidyLater(tx, leftovers.grantId, leftovers.authEventId);
      await recoverLater(tx, leftovers.grantId);
    }
    if (outcome === 'connected' || outcome === 'choose') return;
    await deps.events.append(tx, scope, {
      kind: 'connection.consent-failed',
      app: 'xero',
      outcome,
    });
  });
  return { outcome, connectionId, scope };
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
  try {
    const decision = await decideOrganisation(deps, scope, grantId, authEventId);
    return { ...decision, leftovers: { grantId, authEventId: null } };
  } catch (error) {
    logger.warn({ err: error }, 'a consent could not be completed; it is undone');
    const leftovers = { grantId, authEventId };
    return { outcome: 'refused-by-xero', connectionId: null, leftovers };
  }
}
