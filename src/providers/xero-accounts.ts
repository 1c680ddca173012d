import type { PersonId } from '#contract/ids';
import type { SignInLibrary } from './sign-in-library.ts';

const ACCOUNT_KIND = 'xero';

/** Which person of this Bursar a Xero user is; null when none. */
export async function personOfXero(
  library: SignInLibrary,
  xeroUserId: string,
): Promise<PersonId | null> {
  const { internalAdapter } = await library.$context;
  const account = await internalAdapter.findAccountByKey({
    providerId: ACCOUNT_KIND,
    accountId: xeroUserId,
  });
  return (account?.userId ?? null) as PersonId | null;
}

/** The Xero sign-in of a person; null when none is tied. */
export async function xeroAccountOf(
  library: SignInLibrary,
  personId: string,
): Promise<{ id: string; xeroUserId: string } | null> {
  const { internalAdapter } = await library.$context;
  const accounts = await internalAdapter.findAccounts(personId);
  const found = accounts.find((account) => account.providerId === ACCOUNT_KIND);
  return found ? { id: found.id, xeroUserId: found.accountId } : null;
}

/** Ties a Xero user to a person; answers the tie's id. No token of Xero's is kept. */
export async function tieXero(
  library: SignInLibrary,
  personId: string,
  xeroUserId: string,
): Promise<string> {
  const { internalAdapter } = await library.$context;
  const account = await internalAdapter.linkAccount({
    userId: personId,
    providerId: ACCOUNT_KIND,
    accountId: xeroUserId,
  });
  return account.id;
}

/** Unties a Xero user by the id of the tie; Xero need not hear of it, since no token was kept. */
export async function deleteXeroAccount(library: SignInLibrary, id: string): Promise<void> {
  const { internalAdapter } = await library.$context;
  await internalAdapter.deleteAccount(id);
}
