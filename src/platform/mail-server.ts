import type { ProviderId } from '#contract/ids';
import { SECOND_MS } from './clock.ts';
import type { MailServerConfig } from './config.ts';

/** A mail as it leaves. */
export interface OutgoingMail {
  id: string;
  providerId: ProviderId;
  to: readonly string[];
  subject: string;
  text: string;
}

/** How sending ended. `isFinal`: the server will never take it, so that trying again is idle. */
export type SendOutcome =
  | { isSent: true; remark: string | null }
  | { isSent: false; reason: string; isFinal: boolean };

const CONNECT_MS = 10 * SECOND_MS;
const SILENCE_MS = 20 * SECOND_MS;
/** One mail takes no longer than this, however slowly a server drips its answers. */
export const SEND_DEADLINE_MS = 60 * SECOND_MS;
const REASON_MAX = 500;

/**
 * Hands one mail to the mail server. Never throws for what a server or the network does; reasons
 * hold the server's words and addresses, never the text or the sign-in.
 */
export async function sendMail(server: MailServerConfig, mail: OutgoingMail): Promise<SendOutcome> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: server.url,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = server.from.replace(/^.*@|>.*$/g, '');
  const deadline = deadlineIn(SEND_DEADLINE_MS);
  try {
    const sending = transport.sendMail({
      from: server.from,
      to: [...mail.to],
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.id}@${host}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'List-Id': `<${mail.providerId}.${host}>` },
    });
    const { rejected } = await Promise.race([sending, deadline.passed]);
    if (rejected.length === 0) return { isSent: true, remark: null };
    return { isSent: true, remark: `Not taken for ${rejected.join(', ')}`.slice(0, REASON_MAX) };
  } catch (error) {
    return { isSent: false, reason: reasonOf(error), isFinal: isFinal(error) };
  } finally {
    deadline.cancel();
    transport.close();
  }
}

function deadlineIn(milliseconds: number): { passed: Promise<never>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('The mail server took too long to answer')),
      milliseconds,
    );
  });
  return { passed, cancel: () => clearTimeout(timer) };
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, REASON_MAX);
}

/** 5xx about the mail itself; one about our sign-in is put right by whoever runs the server. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('code' in error)) return false;
  const { responseCode, code } = error;
  const isRefused = typeof responseCode === 'number' && responseCode >= 500 && responseCode < 600;
  return isRefused && (code === 'EENVELOPE' || code === 'EMESSAGE');
}
