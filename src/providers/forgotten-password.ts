import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PersonId } from '#contract/ids';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Exchange } from '#platform/http';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { type MailWish, queueMail } from '#platform/mail';
import { refusalOf } from './library-call.ts';
import { membershipsOf } from './member-store.ts';
import { noteEverywhere } from './own-account.ts';
import { reserveAttempt } from './session.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import type { SignInLibrary } from './sign-in-library.ts';

interface MailDeps {
  database: Database;
  clock: Clock;
  publicUrl: string;
}

interface Person {
  id: string;
  email: string;
  name: string;
}

/** Mails the link for a new password. */
export async function mailResetLink(deps: MailDeps, person: Person, token: string): Promise<void> {
  await mailPerson(deps, person, {
    subject: 'A new password for Bursar',
    text: `Hello ${person.name},

someone asked for a new password for your sign-in at Bursar. If it was you, open this address within an hour and choose one:

${deps.publicUrl}/new-password/${token}

If it was not you, there is nothing to do: your password stays as it is.
`,
    onceKey: `password-reset:${hashOf(token)}`,
    // It would let an Owner in as somebody who may work elsewhere too.
    isConfidential: true,
  });
}

/** Tells whoever owns the password, since it may have been somebody else who read the link. */
async function mailWasReset(deps: MailDeps, person: Person, token: string): Promise<void> {
  await mailPerson(deps, person, {
    subject: 'Your password for Bursar was changed',
    text: `Hello ${person.name},

a new password for your sign-in at Bursar was just chosen, by the link that was mailed to this address. Wherever you were signed in, you are not any more.

If it was not you, look after your mailbox, tell an Owner of your training provider, and ask for another link at once:

${deps.publicUrl}/forgotten-password
`,
    onceKey: `password-was-reset:${hashOf(token)}`,
  });
}

/**
 * Mails somebody in the name of the provider they have belonged to longest. Who belongs to none
 * gets no mail: there is nothing to sign in to.
 */
async function mailPerson(
  { database, clock }: MailDeps,
  person: Person,
  mail: Pick<MailWish, 'subject' | 'text' | 'onceKey' | 'isConfidential'>,
): Promise<void> {
  const [first] = await database.asSystem((tx) => membershipsOf(tx, person.id as PersonId));
  if (!first) return;
  const { providerId } = first;
  const wish = { ...mail, providerId, to: [person.email], at: clock.now() };
  await database.asProvider(providerId, (tx) => queueMail(tx, wish));
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

export function mailResetHandler({ library }: Pick<ResetDeps, 'library'>): Handler {
  return handlerOf(mailReset, async ({ personId }) => {
    if (personId === null) return;
    const { internalAdapter } = await library.$context;
    const person = await internalAdapter.findUserById(personId);
    if (person) await library.api.requestPasswordReset({ body: { email: person.email } });
  });
}

/**
 * Sets a new password by the link's token. Every session of its person ends; the log of every
 * provider they belong to notes it, and they are told by mail.
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
  const who = { personId: person.id as PersonId, name: person.name };
  const actor = { ...who, origin: exchange.origin };
  await noteEverywhere(deps, actor, { kind: 'password.reset', ...who });
  await mailWasReset(deps, person, wish.token);
}

/** Whose link it is: the library spends the token and doesn't say whose it was. */
async function personOfLink(library: SignInLibrary, token: string): Promise<Person | null> {
  const { internalAdapter } = await library.$context;
  const link = await internalAdapter.findVerificationValue(`reset-password:${token}`);
  return link ? internalAdapter.findUserById(link.value) : null;
}
