import type { PersonId } from '#contract/ids';
import type { EventLog } from '#events/index';
import type { Database } from '#platform/database';
import { hasPassword, noteEverywhere } from './own-account.ts';
import type { SignInLibrary } from './sign-in-library.ts';
import { takeWaysIn } from './ways-in.ts';

/**
 * Takes away every second factor of a person who lost them, and their sign-in with Xero, and ends
 * their sessions. For those who run Bursar, who have made sure who asks. Answers whether a password
 * is left to sign in with; null when nobody has this e-mail.
 */
export async function resetSecondFactor(
  deps: { database: Database; events: EventLog; library: SignInLibrary },
  email: string,
): Promise<{ hasPassword: boolean } | null> {
  const { internalAdapter } = await deps.library.$context;
  const found = await internalAdapter.findUserByEmail(email.trim().toLowerCase());
  if (!found) return null;
  const person = { personId: found.user.id as PersonId, name: found.user.name };
  const taken = await takeWaysIn(deps.library, person);
  await noteEverywhere(deps, null, { kind: 'second-factor.reset', ...person });
  for (const event of taken) {
    if (event.kind === 'xero-sign-in.untied') await noteEverywhere(deps, null, event);
  }
  return { hasPassword: await hasPassword(deps, person.personId) };
}
