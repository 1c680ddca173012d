import { sql } from 'kysely';
import { z } from 'zod';
import type { ProviderId } from '#contract/ids';
import { DAY_MS, plus } from './clock.ts';
import type { Tx } from './database.ts';
import { newId } from './ids.ts';
import { defineJob, enqueue } from './jobs/job.ts';

/** A mail to be sent. Text only: nothing in it can be drawn, run or tracked. */
export interface MailWish {
  providerId: ProviderId;
  /** E-mail addresses, 1 to 50; all of them see each other. */
  to: readonly string[];
  /** One line; line breaks and other control characters become spaces, what is too long is cut. */
  subject: string;
  /** Plain text, at most 50,000 characters; what is beyond is cut. */
  text: string;
  /** It lets its recipient alone in: nobody else is shown its text, Owners neither. */
  isConfidential?: boolean;
  /** What the mail is about, 1 to 200 characters: a second mail of the same key is not stored. */
  onceKey: string;
  /** The present instant of the caller's clock. */
  at: Date;
}

const RECIPIENTS_MAX = 50;
const SUBJECT_MAX = 200;
const TEXT_MAX = 50_000;
/** Mails are forgotten after this long, whatever became of them. */
const KEPT_MS = 180 * DAY_MS;

const Recipients = z.array(z.email().max(255)).min(1).max(RECIPIENTS_MAX);

/** Has one mail delivered, or looks whether it is still to be delivered. */
export const deliverMail = defineJob(
  'deliver-mail',
  z.object({ providerId: z.uuid(), mailId: z.uuid() }),
);

/**
 * Stores a mail in the caller's transaction; a worker sends it once that has committed, and tries
 * for about a day. Owners see at Settings > Outgoing mail what could not be sent. Whoever calls it
 * twice with one `onceKey` sends one mail.
 *
 * @throws ZodError for something that is not an e-mail address, or too many of them
 */
export async function queueMail(tx: Tx, wish: MailWish): Promise<void> {
  const mailId = newId();
  const { providerId, at } = wish;
  const stored = await tx
    .insertInto('mails')
    .values({
      provider_id: providerId,
      id: mailId,
      recipients: Recipients.parse([...new Set(wish.to)]),
      subject: oneLine(wish.subject).slice(0, SUBJECT_MAX),
      text: withoutNull(wish.text).slice(0, TEXT_MAX),
      is_confidential: wish.isConfidential ?? false,
      once_key: wish.onceKey,
      queued_at: at,
      due_at: at,
    })
    .onConflict((conflict) => conflict.columns(['provider_id', 'once_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!stored) return;
  await tx
    .deleteFrom('mails')
    .where('provider_id', '=', providerId)
    .where('queued_at', '<', plus(at, -KEPT_MS))
    .execute();
  await enqueue(tx, deliverMail, { providerId, mailId }, mailId);
}

/** Drops the mails of keys that begin so, as far as they wait to be sent. */
export async function dropWaitingMails(
  tx: Tx,
  providerId: ProviderId,
  keyBeginning: string,
): Promise<void> {
  await tx
    .deleteFrom('mails')
    .where('provider_id', '=', providerId)
    .where('state', '=', 'queued')
    .where(keyBegins(keyBeginning))
    .execute();
}

/** How many mails of keys that begin so were stored since an instant. */
export async function countMails(
  tx: Tx,
  providerId: ProviderId,
  keyBeginning: string,
  since: Date,
): Promise<number> {
  const { count } = await tx
    .selectFrom('mails')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('provider_id', '=', providerId)
    .where('queued_at', '>', since)
    .where(keyBegins(keyBeginning))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function keyBegins(beginning: string) {
  return sql<boolean>`starts_with(once_key, ${beginning})`;
}

/** A subject is a header: a line break in it would begin another one. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() || '(no subject)';
}

function withoutNull(text: string): string {
  return text.replaceAll('\0', '');
}
