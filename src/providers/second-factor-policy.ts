import type { PersonId } from '#contract/ids';
import type { SecondFactorPolicy } from '#contract/sign-in';
import type { EventLog } from '#events/index';
import type { Database } from '#platform/database';
import type { Scope } from '#platform/scope';
import { removeAuthenticator } from './authenticator.ts';
import { endOthers, noteEverywhere } from './own-account.ts';
import { setSecondFactorPolicy } from './provider-store.ts';
import type { SignInLibrary } from './sign-in-library.ts';

/** Sets whether a provider's Owners and Admins must have a second factor. */
export async function setPolicy(
  { database, events }: { database: Database; events: EventLog },
  scope: Scope,
  policy: SecondFactorPolicy,
): Promise<void> {
  await database.asProvider(scope.providerId, async (tx) => {
    if (!(await setSecondFactorPolicy(tx, scope, policy))) return;
    await events.append(tx, scope, { kind: 'second-factor.policy-set', policy });
  });
}

/**
 * Takes away every second factor of a person who lost them, and ends their sessions. For those who
 * run Bursar, who have made sure who asks. Answers false when nobody has this e-mail.
 */
export async function resetSecondFactor(
  deps: { database: Database; events: EventLog; library: SignInLibrary },
  email: string,
): Promise<boolean> {
  const { adapter, internalAdapter } = await deps.library.$context;
  const found = await internalAdapter.findUserByEmail(email.trim().toLowerCase());
  if (!found) return false;
  const personId = found.user.id as PersonId;
  await adapter.deleteMany({ model: 'passkey', where: [{ field: 'userId', value: personId }] });
  await removeAuthenticator(deps.library, personId);
  await endOthers(deps.library, personId, null);
  const event = { kind: 'second-factor.reset', personId, name: found.user.name } as const;
  await noteEverywhere(deps, null, event);
  return true;
}
