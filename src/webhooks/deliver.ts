import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { ProviderId } from '#contract/ids';
import { WEBHOOK_GIVE_UP_DAYS } from '#contract/webhooks';
import { chance } from '#platform/chance';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { defineJob, enqueue, enqueueEach } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { announce } from '#platform/live-updates';
import { ownScope, type Scope } from '#platform/scope';
import {
  type Claimed,
  claimDue,
  finishDelivery,
  insertAttempt,
  postpone,
} from './delivery-store.ts';
import type { WebhooksDeps } from './deps.ts';
import {
  changeEndpoint,
  type EndpointRow,
  findEndpoint,
  oldSecretPlace,
  secretPlace,
} from './endpoint-store.ts';
import { giveUp } from './give-up.ts';
import { maySendNow } from './may-send.ts';
import type { Posted } from './post-message.ts';
import { probeWait, waitAfter } from './schedule.ts';

/** Sends what is due at one endpoint. Lost or doubled it does no harm: what is due stays due. */
const deliver = defineJob(
  'deliver-webhooks',
  z.object({ providerId: ProviderId, endpointId: z.uuid() }),
  1,
);

/** Messages sent at the same time to an endpoint that takes them. */
const BATCH = 10;
/** Longer than an attempt can take; a sender that died has its messages sent again after it. */
const LEASE_MS = MINUTE_MS;
/** The receiver says that it is gone for good. */
const GONE = 410;

/**
 * Has what is due at one endpoint sent once the caller's transaction is committed. Several wishes
 * for one endpoint come to a single job.
 */
export function deliverLater(tx: Tx, providerId: ProviderId, endpointId: string): Promise<void> {
  return enqueue(tx, deliver, { providerId, endpointId }, endpointId);
}

/** The same for several endpoints, as the clock finds them. */
export function deliverEachLater(
  tx: Tx,
  endpoints: readonly { providerId: ProviderId; endpointId: string }[],
): Promise<void> {
  const wishes = endpoints.map((payload) => ({ payload, key: payload.endpointId }));
  return enqueueEach(tx, deliver, wishes);
}

/**
 * Takes some of what is due, sends it and records the answers: two transactions, and none while a
 * receiver is waited for. After a delivery it asks for the next; after a failure the clock does.
 */
export function deliverHandler(deps: WebhooksDeps): Handler {
  return handlerOf(deliver, async ({ providerId, endpointId }) => {
    const scope = ownScope(providerId);
    const taken = await take(deps, scope, endpointId);
    if (taken === null) return;
    const { endpoint, messages } = taken;
    const attempts = await Promise.all(messages.map((message) => attempt(deps, endpoint, message)));
    await record(deps, scope, endpoint, attempts);
  });
}

interface Attempt {
  message: Claimed;
  made: Posted & { at: Date; milliseconds: number };
}

/**
 * A failing endpoint gets one message at a time, so that it does not keep others waiting. Asked here,
 * just before anything leaves: messages may have waited since before a licence ended.
 */
async function take(
  deps: WebhooksDeps,
  scope: Scope,
  endpointId: string,
): Promise<{ endpoint: EndpointRow; messages: Claimed[] } | null> {
  const now = deps.clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const endpoint = await findEndpoint(tx, scope, endpointId, { lock: true });
    if (endpoint?.state !== 'active' || endpoint.next_try_at > now) return null;
    if (!(await maySendNow(tx, scope))) return null;
    const isFailing = endpoint.failures > 0;
    const until = plus(now, LEASE_MS);
    const messages = await claimDue(tx, endpointId, { now, until, limit: isFailing ? 1 : BATCH });
    if (messages.length === 0) return null;
    if (isFailing) await changeEndpoint(tx, scope, endpointId, { next_try_at: until });
    return { endpoint, messages };
  });
}

async function attempt(
  deps: WebhooksDeps,
  endpoint: EndpointRow,
  message: Claimed,
): Promise<Attempt> {
  const at = deps.clock.now();
  const began = process.hrtime.bigint();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Bursar-Webhooks/1',
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secretsOf(deps, endpoint, at)
      .map((secret) => new Webhook(secret).sign(message.id, at, message.payload))
      .join(' '),
  };
  const posted = await deps.post(endpoint.url, headers, message.payload);
  const milliseconds = Number((process.hrtime.bigint() - began) / 1_000_000n);
  return { message, made: { ...posted, at, milliseconds } };
}

/** The present secret, and the one before while both are good. */
function secretsOf({ secrets }: WebhooksDeps, endpoint: EndpointRow, now: Date): string[] {
  const { id, sealed_secret, sealed_old_secret, old_secret_until } = endpoint;
  const present = secrets.open(sealed_secret, secretPlace(id));
  if (!sealed_old_secret || !old_secret_until || old_secret_until <= now) return [present];
  return [present, secrets.open(sealed_old_secret, oldSecretPlace(id))];
}

async function record(
  deps: WebhooksDeps,
  scope: Scope,
  { id }: EndpointRow,
  attempts: readonly Attempt[],
): Promise<void> {
  const now = deps.clock.now();
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const endpoint = await findEndpoint(tx, scope, id, { lock: true });
    // Removed meanwhile, its deliveries with it.
    if (!endpoint) return;
    for (const one of attempts) await recordOne(deps, tx, scope, one);
    await announce(tx, scope.providerId, 'webhooks', [id]);
    if (attempts.some(({ made }) => made.outcome === 'delivered')) {
      await changeEndpoint(tx, scope, id, {
        failures: 0,
        failing_since: null,
        last_delivered_at: now,
        next_try_at: now,
      });
      return deliverLater(tx, scope.providerId, id);
    }
    if (endpoint.state !== 'active') return;
    const isGone = attempts.some(({ made }) => made.status === GONE);
    const since = endpoint.failing_since ?? now;
    if (isGone || now.getTime() - since.getTime() >= WEBHOOK_GIVE_UP_DAYS * DAY_MS) {
      return giveUp(deps, tx, scope, endpoint, isGone);
    }
    const failures = endpoint.failures + 1;
    await changeEndpoint(tx, scope, id, {
      failures,
      failing_since: since,
      next_try_at: plus(now, probeWait(failures)),
    });
  });
}

async function recordOne(
  { clock, random = chance }: WebhooksDeps,
  tx: Tx,
  scope: Scope,
  { message, made }: Attempt,
) {
  const now = clock.now();
  await insertAttempt(tx, scope, message, made);
  if (made.outcome === 'delivered') return finishDelivery(tx, message.id, 'delivered', now);
  const wait = waitAfter(message.attemptSinceReplay, random());
  if (wait === null) return finishDelivery(tx, message.id, 'failed', now);
  return postpone(tx, message.id, plus(now, wait));
}
