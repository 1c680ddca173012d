import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PersonId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Exchange } from '#platform/http';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { queueMail } from '#platform/mail';
import { refusalOf } from './library-call.ts';
import { membershipsOf } from './member-store.ts';
import { reserveAttempt } from './session.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import type { SignInLibrary } from './sign-in-library.ts';

interface MailDeps {
  database: Database;
  clock: Clock;
  publicUrl: string;
}

/**
 * Mails the link for a new password, in the name of the provider its person has belonged to
 * longest. Who belongs to none gets no mail: there is nothing to sign in to.
 */
export async function mailResetLink(
  { database, clock, publicUrl }: MailDeps,
  person: { id: string; email: string; name: string },
  token: string,
): Promise<void> {
  const [first] = await database.asSystem((tx) => membershipsOf(tx, person.id as PersonId));
  if (!first) return;
  const { providerId } = first;
  const hash = createHash('sha256').update(token).digest('base64url');
  await database.asProvider(providerId, (tx) =>
    queueMail(tx, {
      providerId,
      to: [person.email],
      subject: 'A new password for Bursar',
      text: `Hello ${person.name},

someone asked for a new password for your sign-in at Bursar. If it was you, open this address within an hour and choose one:

${publicUrl}/new-password/${token}

If it was not you, there is nothing to do: your password stays as it is.
`,
      onceKey: `password-reset:${hash}`,
      // It would let an Owner in as somebody who may work elsewhere too.
      isConfidential: true,
      at: clock.now(),
    }),
  );
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
 * Sets a new password by the link's token. Every session of its person ends.
 * @throws AppError `password.link-ended`, `session.too-many-attempts`
 */
export async function resetPassword(
  { library, attempts }: ResetDeps,
  wish: { token: string; password: string },
  exchange: Exchange,
): Promise<void> {
  const attempt = { email: `reset-link:${wish.token}`, address: exchange.ip };
  await reserveAttempt(attempts, attempt);
  try {
    await library.api.resetPassword({ body: { token: wish.token, newPassword: wish.password } });
  } catch (error) {
    throw refusalOf(error) === null ? error : new AppError('password.link-ended');
  }
  await attempts.forgive(attempt);
}
