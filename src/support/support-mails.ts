import { appName } from '#connections/index';
import type { ProviderId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { queueMail } from '#platform/mail';
import type { SupportDeps } from './support.ts';
import type { NewMessage, RequestRow } from './support-store.ts';

/**
 * Tells the other side of what was written: the people who run Bursar of what a provider wrote,
 * whoever asked of an answer. Where there is no address the request is read on the page and by
 * command line all the same.
 */
export async function mailMessage(
  deps: SupportDeps,
  tx: Tx,
  about: { request: RequestRow; message: NewMessage; providerName: string; isFirst: boolean },
): Promise<void> {
  const { request, message, isFirst } = about;
  const to = message.from === 'provider' ? deps.operatorEmail : request.asked_by_email;
  if (to === null) return;
  const subject = `${isFirst ? '' : 'Re: '}${request.subject}`;
  await queueMail(tx, {
    providerId: request.provider_id as ProviderId,
    to: [to],
    subject: message.from === 'provider' ? `[${about.providerName}] ${subject}` : subject,
    text: message.from === 'provider' ? toOperator(about) : toAsker(deps, request, message),
    onceKey: `support-message/${message.id}`,
    at: message.at,
  });
}

function toOperator(about: {
  request: RequestRow;
  message: NewMessage;
  providerName: string;
}): string {
  const { request, message, providerName } = about;
  const address = request.asked_by_email ? ` <${request.asked_by_email}>` : '';
  return [
    `${message.author} of ${providerName} writes:`,
    '',
    message.text,
    '',
    '--',
    `Asked by: ${request.asked_by}${address}`,
    ...(request.app === null ? [] : [`About: ${appName(request.app)}`]),
    `Provider: ${request.provider_id}`,
    `Read: npm run bursar -- support show --request ${request.id}`,
    `Answer: npm run bursar -- support reply --request ${request.id} --text "…"`,
  ].join('\n');
}

function toAsker(deps: SupportDeps, request: RequestRow, message: NewMessage): string {
  return [
    `${message.author} answer your request:`,
    '',
    message.text,
    '',
    '--',
    'Read everything and write back here (answers to this mail reach nobody):',
    `${deps.publicUrl}/settings/support/${request.id}`,
  ].join('\n');
}
