import { z } from 'zod';
import { PageQuery, pageOf } from './paging.ts';
import { route } from './route.ts';

/** `waiting`: no mail server is configured, so nothing is tried. */
export const MailState = z.enum(['queued', 'waiting', 'sent', 'failed']);
export type MailState = z.infer<typeof MailState>;

export const OutgoingMail = z.object({
  id: z.uuid(),
  to: z.array(z.string()),
  subject: z.string(),
  /**
   * Null once it was sent, since it may hold a link that lets somebody in and is not kept; and null
   * where it is confidential.
   */
  text: z.string().nullable(),
  /** It lets its recipient alone in, so nobody else is shown what it says. */
  isConfidential: z.boolean(),
  state: MailState,
  attempts: z.int(),
  /** What the mail server said last, if anything went wrong. */
  problem: z.string().nullable(),
  queuedAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
});
export type OutgoingMail = z.infer<typeof OutgoingMail>;

export const mailRoutes = {
  listMails: route({
    method: 'GET',
    path: '/api/v1/mails',
    permission: 'mails.view',
    tag: 'Outgoing mail',
    summary: 'Mails of this provider, newest first; those that are not sent with their text',
    query: PageQuery,
    answer: pageOf(OutgoingMail),
  }),
};
