import type { PersonId } from '#contract/ids';
import type { EventLog } from '#events/index';
import type { Database } from '#platform/database';
import { removeAuthenticator } from './authenticator.ts';
import { endOthers, noteEverywhere } from './own-account.ts';
import type { SignInLibrary } from './sign-in-library.ts';

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
