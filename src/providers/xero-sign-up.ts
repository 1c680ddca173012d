import type { PersonId, ProviderId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Exchange } from '#platform/http';
import { createProvider } from './create-provider.ts';
import { insertMember } from './member-store.ts';
import { reserveAttempt } from './session.ts';
import { personOfXero, tieXero } from './xero-accounts.ts';
import type { Newcomer } from './xero-journey.ts';
import type { XeroSignInDeps } from './xero-sign-in.ts';

export interface SignUp {
  name: string;
  providerName: string;
  country: string;
}

/** What Xero said of the person. @throws AppError `sign-up.ended` */
export function readSignUp(deps: XeroSignInDeps, exchange: Exchange): Newcomer {
  const newcomer = deps.journeys.newcomer.look(exchange);
  if (!newcomer || !deps.isSignUpOpen) throw new AppError('sign-up.ended');
  return newcomer;
}

/**
 * Makes the person, their provider with them as its Owner, and lets them in. The e-mail is the one
 * that they sign in to Xero with, which Xero takes only once it was confirmed by a mailed link
 * (help.xero.com/au/MyXero_Login). Of two that send the form at once, one is refused.
 * @throws AppError `sign-up.ended`, `sign-up.email-known`, `request.invalid`,
 *   `session.too-many-attempts`
 */
export async function finishSignUp(
  deps: XeroSignInDeps,
  exchange: Exchange,
  wish: SignUp,
): Promise<void> {
  const newcomer = readSignUp(deps, exchange);
  const attempt = { email: `sign-up:${newcomer.xeroUserId}`, address: exchange.ip };
  await reserveAttempt(deps.attempts, attempt);
  const { internalAdapter } = await deps.library.$context;
  if (await personOfXero(deps.library, newcomer.xeroUserId)) throw new AppError('sign-up.ended');
  if (await internalAdapter.findUserByEmail(newcomer.email)) {
    throw new AppError('sign-up.email-known');
  }
  const fields = { email: newcomer.email, name: wish.name, emailVerified: true };
  const user = await internalAdapter
    .createUser(fields, { method: 'admin' })
    .catch(async (error) => {
      const isTaken = (await internalAdapter.findUserByEmail(newcomer.email)) !== null;
      throw isTaken ? new AppError('sign-up.email-known') : error;
    });
  try {
    await tieXero(deps.library, user.id, newcomer.xeroUserId);
    const provider = await createProvider(deps, { name: wish.providerName, country: wish.country });
    await makeOwner(deps, provider.id, { personId: user.id, name: wish.name });
  } catch (error) {
    await internalAdapter.deleteUser(user.id);
    throw error;
  }
  deps.journeys.newcomer.drop(exchange);
  await deps.sessions.open(user.id as PersonId, exchange);
}

async function makeOwner(
  deps: XeroSignInDeps,
  providerId: ProviderId,
  person: { personId: string; name: string },
): Promise<void> {
  const personId = person.personId as PersonId;
  const actor = { kind: 'person', personId, name: person.name, role: 'owner' } as const;
  const scope = { providerId, actor };
  await deps.database.asProvider(providerId, async (tx) => {
    await insertMember(tx, scope, { personId, role: 'owner', at: deps.clock.now() });
    const event = { kind: 'member.added', ...person, role: 'owner' } as const;
    await deps.events.append(tx, scope, event);
  });
}
