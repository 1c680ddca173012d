import { mailRoutes, type OutgoingMail } from '#contract/mails';
import type { Database } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import { idOfCursor, pageByIds } from '#platform/id-cursor';
import { listMails, type StoredMail } from '#platform/mail-store';

interface Deps {
  database: Database;
  /** Whether a mail server is configured. */
  sendsMail: boolean;
}

/**
 * The list of outgoing mails. Without a mail server a queued one is shown as `waiting`, for an Owner
 * to hand its text on; see `OutgoingMail` for when the text is withheld.
 */
export function mailEndpoints({ database, sendsMail }: Deps): Endpoint[] {
  return [
    endpoint(mailRoutes.listMails, async ({ scope, query }) => {
      const page = { limit: query.limit + 1, before: idOfCursor(query.cursor) };
      const found = await database.asProvider(scope.providerId, (tx) => listMails(tx, scope, page));
      const { items, nextCursor } = pageByIds(found, query.limit);
      return { items: items.map((mail) => present(mail, sendsMail)), nextCursor };
    }),
  ];
}

function present(mail: StoredMail, sendsMail: boolean): OutgoingMail {
  const state = mail.state as 'queued' | 'sent' | 'failed';
  return {
    id: mail.id,
    to: mail.recipients,
    subject: mail.subject,
    text: state === 'sent' || mail.is_confidential ? null : mail.text,
    isConfidential: mail.is_confidential,
    state: state === 'queued' && !sendsMail ? 'waiting' : state,
    attempts: mail.attempts,
    problem: mail.last_error,
    queuedAt: mail.queued_at.toISOString(),
    sentAt: mail.sent_at?.toISOString() ?? null,
  };
}
