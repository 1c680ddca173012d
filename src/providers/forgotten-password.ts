import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PersonId } from '#contract/ids';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Database } from '#platform/database';
import type { Exchange } from '#platform/http';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { refusalOf } from './library-call.ts';
import { noteEverywhere } from './own-account.ts';
import { reserveAttempt } from './session.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import type { SignInLibrary } from './sign-in-library.ts';
import { type MailDeps, mailPerson, type Recipient } from './tell-person.ts';
import { takeWaysIn } from './ways-in.ts';

/** What the library calls the links for a new password, before their tokens. */
const LINK_BEGINNING = 'reset-password:';

interface Account extends Recipient {
  /** Whether somebody has shown that the e-mail is theirs. */
  emailVerified: boolean;
}

/** Mails the link for a new password. */
export async function mailResetLink(deps: MailDeps, person: Account, token: string): Promise<void> {
  const removed = person.emailVerified
    ? ''
    : 'Nobody has shown yet that this address is theirs, so the account may have been made by somebody else. With the new password it is yours alone: passkeys, authenticator app and a sign-in with Xero are removed.\n\n';
  await mailPerson(deps, person, {
    subject: 'A new password for Bursar',
    text: `Hello ${person.name},

someone asked for a new password for your sign-in at Bursar. If it was you, open this address within an hour and choose one:

${deps.publicUrl}/new-password/${token}

${removed}If it was not you, there is nothing to do: your password stays as it is.
`,
    onceKey: `password-reset:${hashOf(token)}`,
    // It would let an Owner in as somebody who may work elsewhere too.
    isConfidential: true,
  });
}

/** Tells whoever owns the password, since it may have been somebody else who read the link. */
async function mailWasReset(
  deps: MailDeps,
  person: Recipient,
  { token, isFirstMail }: { token: string; isFirstMail: boolean },
): Promise<void> {
  const others = isFirstMail
    ? 'Until now nobody had shown that this address is theirs. Passkeys, authenticator app and the sign-in with Xero were removed, as far as there were any: add yours again under Settings, Security.'
    : 'Passkeys, an authenticator app and the sign-in with Xero stay as they are: see under Settings, Security that they are all yours.';
  await mailPerson(deps, person, {
    subject: 'Your password for Bursar was changed',
    text: `Hello ${person.name},

a new password for your sign-in at Bursar was just chosen, by the link that was mailed to this address. Wherever you were signed in, you are not any more.

${others}

If it was not you, look after your mailbox, tell an Owner of your training provider, and ask for another link at once:

${deps.publicUrl}/forgotten-password
`,
    onceKey: `password-was-reset:${hashOf(token)}`,
  });
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

interface ResetDeps {
  database: Database;
  library: SignInLibrary;
  attempts: SignInAttempts;
}

/** Has a link for a new password made and mailed; null is a stranger, for whom nothing is done. */
const mailReset = defineJob('mail-password-reset', z.object({ personId: z.string().nullable() }));

/**
 * Has the link sent if the e-mail is known. Whoever asks learns nothing of that, not even by how
 * long the answer takes: the same is done before it in both cases.
 * @throws AppError `session.too-many-attempts`
 */
export async function forgotPassword(
  { database, library, attempts }: ResetDeps,
  email: string,
  exchange: Exchange,
): Promise<void> {
  await reserveAttempt(attempts, { email: `reset:${email}`, address: exchange.ip });
  const { internalAdapter } = await library.$context;
  const known = await internalAdapter.findUserByEmail(email.trim().toLowerCase());
  const personId = known?.user.id ?? null;
  await database.asSystem((tx) => enqueue(tx, mailReset, { personId }));
}

/**
 * Makes the link of a person who forgot their password, whereupon the library calls back to have it
 * mailed. For a stranger, or somebody deleted meanwhile, nothing is done.
 */
export function mailResetHandler({ library }: Pick<ResetDeps, 'library'>): Handler {
  return handlerOf(mailReset, async ({ personId }) => {
    if (personId === null) return;
    const { internalAdapter } = await library.$context;
    const person = await internalAdapter.findUserById(personId);
    if (person) await library.api.requestPasswordReset({ body: { email: person.email } });
  });
}

/**
 * Sets a new password by the link's token. Every session of its person ends, and every other link
 * like it; the log of every provider they belong to notes it, and they are told by mail. Nobody may
 * have shown before that the e-mail is theirs: then whoever reads its mail now begins alone, since
 * the other ways in may be a stranger's who claimed it first.
 * @throws AppError `password.link-ended`, `session.too-many-attempts`
 */
export async function resetPassword(
  deps: ResetDeps & MailDeps & { events: EventLog },
  wish: { token: string; password: string },
  exchange: Exchange,
): Promise<void> {
  const { library, attempts } = deps;
  const attempt = { email: `reset-link:${wish.token}`, address: exchange.ip };
  await reserveAttempt(attempts, attempt);
  const person = await personOfLink(library, wish.token);
  try {
    await library.api.resetPassword({ body: { token: wish.token, newPassword: wish.password } });
  } catch (error) {
    throw refusalOf(error) === null ? error : new AppError('password.link-ended');
  }
  await attempts.forgive(attempt);
  if (!person) return;
  await endResetLinks(library, person.id);
  const who = { personId: person.id as PersonId, name: person.name };
  const isFirstMail = !person.emailVerified;
  const taken = isFirstMail ? await takeWaysIn(library, who) : [];
  if (isFirstMail) {
    const { internalAdapter } = await library.$context;
    await internalAdapter.updateUser(person.id, { emailVerified: true });
  }
  const actor = { ...who, origin: exchange.origin };
  await noteEverywhere(deps, actor, { kind: 'password.reset', ...who });
  for (const event of taken) await noteEverywhere(deps, actor, event);
  await mailWasReset(deps, person, { token: wish.token, isFirstMail });
}

/**
 * Ends every link for a new password that a person was mailed: once they have one, whoever saw
 * another of their links must not undo it.
 */
export async function endResetLinks(library: SignInLibrary, personId: string): Promise<void> {
  const { adapter } = await library.$context;
  await adapter.deleteMany({
    model: 'verification',
    where: [
      { field: 'value', value: personId },
      { field: 'identifier', operator: 'starts_with', value: LINK_BEGINNING },
    ],
  });
}

/** Whose link it is: the library spends the token and doesn't say whose it was. */
async function personOfLink(library: SignInLibrary, token: string): Promise<Account | null> {
  const { internalAdapter } = await library.$context;
  const link = await internalAdapter.findVerificationValue(`${LINK_BEGINNING}${token}`);
  return link ? internalAdapter.findUserById(link.value) : null;
}
