import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { queueMail } from '#platform/mail';
import type { Scope } from '#platform/scope';
import { emailOf, getProvider } from '#providers/index';
import { xeroManifest } from './catalogue/xero.ts';
import type { ConnectionsDeps } from './deps.ts';

/** What a colleague has done with a link that somebody made. */
interface Answered {
  invitationId: string;
  outcome: 'connected' | 'choose';
  connectionId: ConnectionId | null;
  /** Who signed in to Xero, as Xero named them. */
  xeroPerson: string | null;
}

/** Tells whoever made a link, once, that it was followed to its end. An API key has no e-mail. */
export async function mailAsker(
  deps: Pick<ConnectionsDeps, 'clock' | 'publicUrl'>,
  tx: Tx,
  scope: Scope,
  answered: Answered,
): Promise<void> {
  const { actor, providerId } = scope;
  const email = actor.kind === 'person' ? await emailOf(tx, actor.personId) : null;
  const provider = await getProvider(tx, scope);
  if (email === null || provider === null) return;
  const { invitationId, outcome, connectionId } = answered;
  const who = answered.xeroPerson ?? 'Your colleague';
  const app = xeroManifest.name;
  const apps = `${deps.publicUrl}/settings/connected-apps`;
  const isConnected = outcome === 'connected';
  const page = isConnected && connectionId ? `${apps}/${connectionId}/manage` : apps;
  const subject = isConnected
    ? `${app} is connected to ${provider.name}`
    : `${app} waits for your choice`;
  const news = isConnected
    ? `${who} opened the link that you made and connected ${app} to ${provider.name}.`
    : `${who} opened the link that you made and allowed ${app} for ${provider.name}. Something about the organisation is worth a look, so you decide whether it is connected.`;
  await queueMail(tx, {
    providerId,
    to: [email],
    subject,
    text: [`${actor.name},`, news, page, 'Bursar'].join('\n\n'),
    onceKey: `connect-invitation-answered ${invitationId}`,
    at: deps.clock.now(),
  });
}
