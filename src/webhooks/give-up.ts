import { WEBHOOK_GIVE_UP_DAYS } from '#contract/webhooks';
import type { Tx } from '#platform/database';
import { queueMail } from '#platform/mail';
import type { Scope } from '#platform/scope';
import { getProvider, listMembers } from '#providers/index';
import { turnOff } from './change-endpoints.ts';
import type { WebhooksDeps } from './deps.ts';
import type { EndpointRow } from './endpoint-store.ts';

/** Turns off an endpoint that took nothing for days or is gone, and tells the owners once. */
export async function giveUp(
  deps: WebhooksDeps,
  tx: Tx,
  scope: Scope,
  endpoint: EndpointRow,
  isGone: boolean,
): Promise<void> {
  const { id, url } = endpoint;
  const now = deps.clock.now();
  const because = isGone
    ? 'it answered that it is gone (410)'
    : `it took nothing for ${WEBHOOK_GIVE_UP_DAYS} days`;
  await turnOff(tx, scope, id, 'failing', now);
  await deps.events.append(tx, scope, {
    kind: 'webhook.endpoint-disabled',
    endpointId: id,
    url,
    because,
  });
  const provider = await getProvider(tx, scope);
  const members = await listMembers(tx, scope);
  const to = members.filter(({ role }) => role === 'owner').map(({ email }) => email);
  if (to.length === 0) return;
  await queueMail(tx, {
    providerId: scope.providerId,
    to: to.slice(0, 50),
    subject: 'A webhook endpoint was turned off',
    text: `${provider?.name ?? 'Hello'},

Bursar no longer sends to ${url}, since ${because}.

Nothing is lost: when the receiver works again, turn the endpoint on and send what failed once more:

${deps.publicUrl}/settings/webhooks/${id}

Bursar
`,
    onceKey: `webhook-endpoint-off/${id}/${now.getTime()}`,
    at: now,
  });
}
