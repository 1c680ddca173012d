import { z } from 'zod';
import type { PersonId } from '#contract/ids';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { type MailWish, queueMail } from '#platform/mail';
import { providerInviting } from './invitation-store.ts';
import { membershipsOf } from './member-store.ts';

export interface MailDeps {
  database: Database;
  clock: Clock;
  publicUrl: string;
}

export interface Recipient {
  id: string;
  email: string;
  name: string;
}

/**
 * Mails somebody in the name of the provider they have belonged to longest, else of one that has
 * invited them. Who has neither gets no mail: there is nothing to sign in to.
 */
export async function mailPerson(
  { database, clock }: MailDeps,
  person: Recipient,
  mail: Pick<MailWish, 'subject' | 'text' | 'onceKey' | 'isConfidential'>,
): Promise<void> {
  // Xero may know somebody by an address that no mail of ours goes to.
  if (!z.email().safeParse(person.email).success) return;
  const at = clock.now();
  const providerId = await database.asSystem(async (tx) => {
    const [first] = await membershipsOf(tx, person.id as PersonId);
    return first?.providerId ?? (await providerInviting(tx, person.email, at));
  });
  if (!providerId) return;
  const wish = { ...mail, providerId, to: [person.email], at };
  await database.asProvider(providerId, (tx) => queueMail(tx, wish));
}

/** Tells somebody that a sign-in at Xero opens their account now: it may not have been them. */
export async function mailXeroTied(
  deps: MailDeps,
  person: Recipient,
  accountId: string,
): Promise<void> {
  await mailPerson(deps, person, {
    subject: 'Your sign-in at Bursar was tied to Xero',
    text: `Hello ${person.name},

your sign-in at Bursar was just tied to a sign-in at Xero. Whoever signs in there comes in here as you.

${ifNotYou(deps, 'untie Xero')}`,
    onceKey: `xero-tied:${accountId}`,
  });
}

/** Tells somebody of a new passkey of theirs: it may not have been them. */
export async function mailPasskeyAdded(
  deps: MailDeps,
  person: Recipient,
  passkey: { id: string; name: string },
): Promise<void> {
  await mailPerson(deps, person, {
    subject: 'A passkey was added to your sign-in at Bursar',
    text: `Hello ${person.name},

the passkey “${passkey.name}” was just added to your sign-in at Bursar. The device that holds it signs in as you, without your password.

${ifNotYou(deps, 'remove it')}`,
    onceKey: `passkey-added:${passkey.id}`,
  });
}

/** Whoever added a passkey may keep its owner from removing it, who has no second factor. */
function ifNotYou({ publicUrl }: MailDeps, mend: string): string {
  return `If it was not you, change your password at once, ${mend} and sign out everywhere else:

${publicUrl}/settings/security

If Bursar does not let you, ask whoever runs it to take away every way in but your password.
`;
}
