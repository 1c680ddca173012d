import type { Act } from './api-call.ts';

/** Mails a day, by plan; every plan that is paid for may send as many as the last. */
const MAILS_A_DAY: Readonly<Record<string, number>> = { DEMO: 0, TRIAL: 20 };
const PAID_MAILS_A_DAY = 1000;

/** Counts one mail of the organisation, or says why it may not be sent today. */
export function spendMail(act: Act): string | undefined {
  const { books } = act;
  const most = MAILS_A_DAY[books.organisation().class] ?? PAID_MAILS_A_DAY;
  const day = act.clock.today();
  const sent = books.mailDays.get(day)?.sent ?? 0;
  if (sent >= most) return 'The daily limit of emails has been reached for this organisation';
  books.mailDays.put({ id: day, sent: sent + 1 });
  return undefined;
}
