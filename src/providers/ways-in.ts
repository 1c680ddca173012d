import type { PersonId } from '#contract/ids';
import type { BursarEvent } from '#events/index';
import { removeAuthenticator } from './authenticator.ts';
import { endOthers } from './own-account.ts';
import type { SignInLibrary } from './sign-in-library.ts';
import { deleteXeroAccount, xeroAccountOf } from './xero-accounts.ts';

/**
 * Takes away every way into an account but its password: passkeys, authenticator app, the sign-in
 * with Xero, and every session. Answers what there was, as the log tells it.
 */
export async function takeWaysIn(
  library: SignInLibrary,
  who: { personId: PersonId; name: string },
): Promise<(BursarEvent & { personId: PersonId })[]> {
  const { adapter } = await library.$context;
  const where = [{ field: 'userId', value: who.personId }];
  const [app, passkeys, xero] = await Promise.all([
    adapter.findOne<{ verified: boolean }>({ model: 'twoFactor', where }),
    adapter.findMany<{ name: string | null }>({ model: 'passkey', where }),
    xeroAccountOf(library, who.personId),
  ]);
  await adapter.deleteMany({ model: 'passkey', where });
  await removeAuthenticator(library, who.personId);
  if (xero) await deleteXeroAccount(library, xero.id);
  // The last, since whoever comes in by one of the others meanwhile begins one.
  await endOthers(library, who.personId, null);
  return [
    ...passkeys.map(({ name }) => ({
      kind: 'passkey.removed' as const,
      passkey: name ?? 'Passkey',
      ...who,
    })),
    ...(app?.verified ? [{ kind: 'second-factor.off' as const, ...who }] : []),
    ...(xero ? [{ kind: 'xero-sign-in.untied' as const, ...who }] : []),
  ];
}
