import { timingSafeEqual } from 'node:crypto';
import type { ConsentOutcome } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { stillMay } from '#providers/index';
import { takeConsent } from './across-providers.ts';
import { mailAsker } from './answer-mail.ts';
import { verifierPlace } from './begin-consent.ts';
import { type Consent, finishConsent, hashOf } from './consent-store.ts';
import { type Decision, decideOrganisation } from './decide-organisation.ts';
import type { ConnectionsDeps } from './deps.ts';
import { mayFinish as mayStillFinish } from './invitation.ts';
import { changeInvitation, lockInvitation } from './invitation-store.ts';
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
   * Whether whoever is signed in in this browser may finish a consent begun by a signed-in person:
   * nobody signed in, or the same person.
   */
  mayFinish(scope: Scope): Promise<boolean>;
}

export interface ConsentEnd {
  outcome: ConsentOutcome;
  connectionId: ConnectionId | null;
  /** Who began it, which decides where the browser goes; null when nobody knows. */
  scope: Scope | null;
  /** Whether a link was followed: then nobody needs to be signed in here. */
  isInvited: boolean;
}

type Ending = Decision & {
  /** Where something may be left over at Xero; with the consent if what it allowed is not known. */
  leftovers?: { grantId: string; authEventId: string | null };
  /** Who signed in to Xero, as Xero named them. */
  xeroPerson?: string | null;
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
  if (!consent) {
    return { outcome: 'wrong-state', connectionId: null, scope: null, isInvited: false };
  }
  const { scope } = consent;
  const ending =
    (await refusalOf(deps, consent, answer)) ?? (await exchange(deps, consent, answer));
  const { outcome, connectionId, leftovers } = ending;
  await database.asProvider(scope.providerId, async (tx) => {
    if (consent.usedAt === null) {
      await finishConsent(tx, scope, consent.id, clock.now());
      await noteOnInvitation(deps, tx, consent, ending);
    }
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
  return { outcome, connectionId, scope, isInvited: consent.invitationId !== null };
}

/** Writes down at a link what came of it; success uses it up, and its maker hears of it. */
async function noteOnInvitation(
  deps: ConnectionsDeps,
  tx: Tx,
  { scope, invitationId }: Consent,
  { outcome, connectionId, xeroPerson = null }: Ending,
): Promise<void> {
  if (invitationId === null) return;
  const isDone = outcome === 'connected' || outcome === 'choose';
  await changeInvitation(tx, scope, invitationId, {
    last: { outcome, person: xeroPerson },
    ...(isDone ? { usedAt: deps.clock.now() } : {}),
  });
  if (isDone) await mailAsker(deps, tx, scope, { invitationId, outcome, connectionId, xeroPerson });
  await announce(tx, scope.providerId, 'connections', []);
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
  if (!(await mayFinish(deps, consent, answer))) return refused('wrong-state');
  if (answer.error === 'access_denied') return refused('cancelled');
  if (answer.error !== undefined || !answer.code) return refused('refused-by-xero');
  return null;
}

/**
 * Whoever began it must still be allowed to connect, also where nobody is signed in any more; a
 * link must still be open besides.
 */
async function mayFinish(
  deps: ConnectionsDeps,
  { scope, invitationId }: Consent,
  answer: CallbackAnswer,
): Promise<boolean> {
  if (invitationId === null && !(await answer.mayFinish(scope))) return false;
  return deps.database.asProvider(scope.providerId, async (tx) => {
    if (invitationId !== null) {
      const invitation = await lockInvitation(tx, scope, invitationId);
      if (!invitation || !mayStillFinish(invitation, deps.clock.now())) return false;
    }
    return stillMay(tx, scope, 'connections.manage');
  });
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
  let xeroPerson: string | null;
  try {
    const verifier = secrets.open(consent.sealedVerifier ?? '', verifierPlace(consent.id));
    const tokens = await xero.oauth.exchange(answer.code ?? '', verifier);
    grantId = await xero.vault.store(tokens);
    authEventId = tokens.claims.authEventId;
    xeroPerson = tokens.claims.holderName;
  } catch (error) {
    logger.warn({ err: error }, 'a consent could not be exchanged at Xero');
    return { outcome: 'refused-by-xero', connectionId: null };
  }
  try {
    const { joinsOthers } = consent;
    const answered = { grantId, authEventId, xeroPerson, joinsOthers };
    const decision = await decideOrganisation(deps, scope, answered);
    return { ...decision, xeroPerson, leftovers: { grantId, authEventId: null } };
  } catch (error) {
    logger.warn({ err: error }, 'a consent could not be completed; it is undone');
    const leftovers = { grantId, authEventId };
    return { outcome: 'refused-by-xero', connectionId: null, xeroPerson, leftovers };
  }
}
