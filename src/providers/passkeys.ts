import type { PasskeyRow } from '#contract/sign-in';
import { AppError } from '#platform/app-error';
import type { Exchange } from '#platform/http';
import { forgetStrength } from './authenticator.ts';
import { headersOf, keepCookies, refusalOf } from './library-call.ts';
import {
  note,
  type OwnAccountDeps,
  type OwnCall,
  type Owner,
  strongOwnerOf,
  who,
} from './own-account.ts';
import type { Sessions } from './session.ts';
import type { SignInLibrary } from './sign-in-library.ts';
import { type MailDeps, mailPasskeyAdded } from './tell-person.ts';

export const PASSKEYS_MAX = 20;

/** What a browser's own functions take and give; the library looks inside. */
type Opaque = Record<string, unknown>;

type VerifyPasskey = SignInLibrary['api']['verifyPasskeyAuthentication'];
type PasskeyAnswer = NonNullable<Parameters<VerifyPasskey>[0]>['body']['response'];

interface StoredPasskey {
  id: string;
  name: string | null;
  createdAt: Date | null;
}

/** A person's passkeys, the oldest first; one may have no more than `PASSKEYS_MAX`. */
export async function listPasskeys(
  library: SignInLibrary,
  personId: string,
): Promise<PasskeyRow[]> {
  const { adapter } = await library.$context;
  const rows = await adapter.findMany<StoredPasskey>({
    model: 'passkey',
    where: [{ field: 'userId', value: personId }],
    sortBy: { field: 'createdAt', direction: 'asc' },
    limit: PASSKEYS_MAX,
  });
  return rows.map(({ id, name, createdAt }) => ({
    id,
    name: name ?? 'Passkey',
    createdAt: createdAt?.toISOString() ?? null,
  }));
}

/** What the browser needs to make a passkey. @throws AppError `sign-in.too-old` */
export async function beginPasskey(deps: OwnAccountDeps, call: OwnCall): Promise<Opaque> {
  const owner = await strongOwnerOf(deps, call);
  const { length } = await listPasskeys(deps.library, owner.personId);
  if (length >= PASSKEYS_MAX) {
    throw new AppError('request.invalid', `There are ${PASSKEYS_MAX} passkeys; remove one first.`);
  }
  try {
    const { response, headers } = await deps.library.api.generatePasskeyRegistrationOptions({
      headers: owner.headers,
      query: {},
      returnHeaders: true,
    });
    keepCookies(deps.sessions.cookies, call.exchange, headers);
    return { ...response };
  } catch (error) {
    throw passkeyRefusal(error);
  }
}

/**
 * Adds the passkey that the browser made. The device has checked who holds it, so this session
 * counts as proved from now on. Its person is told by mail.
 * @throws AppError `sign-in.passkey-refused`, `sign-in.too-old`
 */
export async function addPasskey(
  deps: OwnAccountDeps & MailDeps,
  call: OwnCall,
  wish: { name: string; response: Opaque },
): Promise<void> {
  const owner = await strongOwnerOf(deps, call);
  const { id } = await deps.library.api
    .verifyPasskeyRegistration({ body: wish, headers: owner.headers })
    .catch((error: unknown) => {
      throw passkeyRefusal(error);
    });
  const { internalAdapter } = await deps.library.$context;
  if (!owner.isStrong) {
    await internalAdapter.updateSession(owner.token, { secondFactor: 'passkey' });
  }
  await note(deps, call.scope, { kind: 'passkey.added', passkey: wish.name, ...who(owner) });
  const { personId, email, name } = owner;
  await mailPasskeyAdded(deps, { id: personId, email, name }, { id, name: wish.name });
}

/**
 * Gives a passkey the name by which its person tells it from others; it signs in as before.
 * @throws AppError `request.not-found` where the person has none of that id, and as `strongOwnerOf`
 */
export async function renamePasskey(
  deps: OwnAccountDeps,
  call: OwnCall,
  id: string,
  name: string,
): Promise<void> {
  const owner = await strongOwnerOf(deps, call);
  const { adapter } = await deps.library.$context;
  const renamed = await adapter.update({
    model: 'passkey',
    where: ownPasskey(owner, id),
    update: { name },
  });
  if (!renamed) throw new AppError('request.not-found');
}

/**
 * Takes a passkey away, which can't sign in any more from now on. It stands in the audit log; with
 * the last second factor sessions no longer count as proved by one.
 * @throws AppError `request.not-found` where the person has none of that id, and as `strongOwnerOf`
 */
export async function removePasskey(
  deps: OwnAccountDeps,
  call: OwnCall,
  id: string,
): Promise<void> {
  const owner = await strongOwnerOf(deps, call);
  const { adapter } = await deps.library.$context;
  const where = ownPasskey(owner, id);
  const known = await adapter.findOne<StoredPasskey>({ model: 'passkey', where });
  if (!known) throw new AppError('request.not-found');
  await adapter.delete({ model: 'passkey', where });
  await forgetStrength(deps.library, owner.personId);
  const passkey = known.name ?? 'Passkey';
  await note(deps, call.scope, { kind: 'passkey.removed', passkey, ...who(owner) });
}

/** Signing in with a passkey, which needs neither e-mail nor password. */
export function createPasskeySignIn(library: SignInLibrary, sessions: Sessions) {
  const { cookies } = sessions;
  return {
    async begin(exchange: Exchange): Promise<Opaque> {
      const { response, headers } = await library.api.generatePasskeyAuthenticationOptions({
        headers: headersOf({}, exchange),
        returnHeaders: true,
      });
      keepCookies(cookies, exchange, headers);
      return { ...response, userVerification: 'required' };
    },

    /** @throws AppError `sign-in.passkey-refused` */
    async finish(answer: Opaque, exchange: Exchange): Promise<void> {
      try {
        const { headers } = await library.api.verifyPasskeyAuthentication({
          body: { response: answer as unknown as PasskeyAnswer },
          headers: headersOf({ passkey: cookies.passkey }, exchange),
          returnHeaders: true,
        });
        keepCookies(cookies, exchange, headers);
      } catch (error) {
        throw passkeyRefusal(error);
      }
    },
  };
}

/** An answer that can't be read makes the library fail rather than refuse; it is refused here. */
function passkeyRefusal(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (refusalOf(error) === 'SESSION_NOT_FRESH') return new AppError('sign-in.too-old');
  return new AppError('sign-in.passkey-refused', undefined, { cause: error });
}

function ownPasskey(owner: Owner, id: string) {
  return [
    { field: 'id', value: id },
    { field: 'userId', value: owner.personId },
  ];
}
