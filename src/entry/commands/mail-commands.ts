import { z } from 'zod';
import { findMail, listMails } from '#platform/mail-store';
import { ownScope } from '#platform/scope';
import { type Command, chosenProvider, needed, UsageError } from './command.ts';

const provider = { value: 'ID', isNeeded: false, help: 'id or name; not needed when there is one' };
const LISTED_MAX = 50;

const list: Command = {
  name: 'mail list',
  summary: 'The newest mails of a provider, and what became of them',
  options: { provider },
  async run(context, given) {
    const { id: providerId } = await chosenProvider(context, given);
    const page = { limit: LISTED_MAX, before: null };
    const mails = await context.database.asProvider(providerId, (tx) =>
      listMails(tx, ownScope(providerId), page),
    );
    return {
      data: {
        mails: mails.map(({ id, recipients, subject, state, last_error }) => ({
          id,
          to: recipients,
          subject,
          state,
          problem: last_error,
        })),
      },
      words:
        mails.length === 0
          ? ['No mail was written yet.']
          : mails.map(
              ({ id, state, recipients, subject }) =>
                `${id}  ${state.padEnd(6)}  ${recipients.join(', ')}: ${subject}`,
            ),
    };
  },
};

const show: Command = {
  name: 'mail show',
  summary: 'One mail with its text, for passing it on where no mail server does',
  options: { mail: { value: 'ID', isNeeded: true, help: 'the id of the mail' }, provider },
  async run(context, given) {
    const mailId = z.uuid().safeParse(needed(given, 'mail'));
    const { id: providerId } = await chosenProvider(context, given);
    const mail = mailId.success
      ? await context.database.asProvider(providerId, (tx) =>
          findMail(tx, ownScope(providerId), mailId.data),
        )
      : null;
    if (!mail) throw new UsageError('There is no such mail; "mail list" shows them.');
    const text = mail.state === 'sent' ? '(sent; its text is not kept)' : mail.text;
    return {
      data: { id: mail.id, to: mail.recipients, subject: mail.subject, state: mail.state, text },
      words: [`To: ${mail.recipients.join(', ')}`, `Subject: ${mail.subject}`, '', text],
    };
  },
};

export const mailCommands: Command[] = [list, show];
