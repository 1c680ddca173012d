import type { PersonId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Exchange } from '#platform/http';
import type { Scope } from '#platform/scope';
import { endInvitation, type Invitation, invitationOfToken } from './invitation-store.ts';
import type { InviteDeps } from './invite-person.ts';
import { insertMember } from './member-store.ts';
import type { OwnAccountDeps } from './own-account.ts';
import { getProvider } from './provider-store.ts';
import { reserveAttempt } from './session.ts';

type Deps = InviteDeps & OwnAccountDeps;

type Reader = 'invited' | 'other' | 'nobody';

/** What an invitation offers, and who has its page open. @throws AppError `invitation.ended` */
export async function readInvitation(deps: Deps, token: string, exchange: Exchange) {
  const invitation = await openInvitation(deps, token);
  const { providerId, email, role, invitedBy, expiresAt } = invitation;
  const scope = scopeOfInvitation(invitation, null);
  const provider = await deps.database.asProvider(providerId, (tx) => getProvider(tx, scope));
  if (!provider) throw new AppError('invitation.ended');
  const { internalAdapter } = await deps.library.$context;
  return {
    providerName: provider.name,
    email,
    role,
    invitedBy,
    expiresAt: expiresAt.toISOString(),
    reader: await readerOf(deps, invitation, exchange),
    isKnown: (await internalAdapter.findUserByEmail(email)) !== null,
  };
}

/**
 * Makes the invited person a member. Someone known has to be signed in as themselves: the link
 * alone, which anybody may have been shown, opens no account that exists. Someone new gives name
 * and password and is signed in. Where the link went by mail, the e-mail is theirs from now on.
 * @throws AppError `invitation.ended`, `invitation.other-person`, `invitation.sign-in-first`,
 *   `request.invalid`, `session.too-many-attempts`
 */
export async function acceptInvitation(
  deps: Deps,
  token: string,
  wish: { name?: string | undefined; password?: string | undefined },
  exchange: Exchange,
): Promise<void> {
  const invitation = await openInvitation(deps, token);
  const reader = await readerOf(deps, invitation, exchange);
  if (reader === 'other') throw new AppError('invitation.other-person');
  const { internalAdapter } = await deps.library.$context;
  const known = await internalAdapter.findUserByEmail(invitation.email);
  if (known) {
    if (reader !== 'invited') throw new AppError('invitation.sign-in-first');
    await join(deps, invitation, { personId: known.user.id as PersonId, name: known.user.name });
    if (invitation.wasMailed && !known.user.emailVerified) {
      await internalAdapter.updateUser(known.user.id, { emailVerified: true });
    }
    return;
  }
  const personId = await makePerson(deps, invitation, wish, exchange);
  try {
    await join(deps, invitation, { personId, name: wish.name ?? '' });
  } catch (error) {
    await internalAdapter.deleteUser(personId);
    throw error;
  }
  await deps.sessions.open(personId, exchange);
}

async function makePerson(
  deps: Deps,
  { email, id, wasMailed }: Invitation,
  { name, password }: { name?: string | undefined; password?: string | undefined },
  exchange: Exchange,
): Promise<PersonId> {
  if (!name || !password) {
    const fields = [
      ...(name ? [] : [{ field: 'name', message: 'is needed' }]),
      ...(password ? [] : [{ field: 'password', message: 'is needed' }]),
    ];
    throw new AppError('request.invalid', 'Your name and a password are needed.', {
      extras: { fields },
    });
  }
  await reserveAttempt(deps.attempts, { email: `invitation:${id}`, address: exchange.ip });
  const context = await deps.library.$context;
  const fields = { email, name, emailVerified: wasMailed };
  const user = await context.internalAdapter
    .createUser(fields, { method: 'admin' })
    .catch(async (error: unknown) => {
      const isTaken = (await context.internalAdapter.findUserByEmail(email)) !== null;
      throw isTaken ? new AppError('invitation.sign-in-first') : error;
    });
  await context.internalAdapter.linkAccount({
    userId: user.id,
    providerId: 'credential',
    accountId: user.id,
    password: await context.password.hash(password),
  });
  return user.id as PersonId;
}

/** The invitation ends and the membership begins together, so that one link makes one member. */
async function join(
  deps: Deps,
  invitation: Invitation,
  person: { personId: PersonId; name: string },
): Promise<void> {
  const { providerId, role, id } = invitation;
  const scope = scopeOfInvitation(invitation, person);
  const at = deps.clock.now();
  await deps.database.asProvider(providerId, async (tx) => {
    if (!(await endInvitation(tx, scope, id, at))) throw new AppError('invitation.ended');
    const added = await insertMember(tx, scope, { personId: person.personId, role, at });
    if (added) await deps.events.append(tx, scope, { kind: 'member.added', ...person, role });
  });
}

async function openInvitation(deps: Deps, token: string): Promise<Invitation> {
  const invitation = await deps.database.asSystem((tx) => invitationOfToken(tx, token));
  const isOpen = invitation?.endedAt === null && invitation.expiresAt > deps.clock.now();
  if (!invitation || !isOpen) throw new AppError('invitation.ended');
  return invitation;
}

async function readerOf(deps: Deps, { email }: Invitation, exchange: Exchange): Promise<Reader> {
  const cookie = exchange.cookie(deps.sessions.cookies.session);
  const person = cookie ? await deps.sessions.personOf(cookie) : null;
  if (!person) return 'nobody';
  return person.email === email ? 'invited' : 'other';
}

function scopeOfInvitation(
  { providerId, role }: Invitation,
  person: { personId: PersonId; name: string } | null,
): Scope {
  const actor = person
    ? { kind: 'person' as const, ...person, role }
    : { kind: 'bursar' as const, name: 'Bursar' as const };
  return { providerId, actor };
}
