import { z } from 'zod';
import { PageQuery, pageOf } from './paging.ts';
import { NoContent, route } from './route.ts';
import { line } from './text.ts';

/** What an endpoint can be told of, each with what it means. */
export const webhookKinds = {
  'connection.changed': 'A connection was made, paused, lost, brought back or ended',
  'contact.linked': 'A learner or workplace was linked to a contact in Xero',
  'invoice.changed': 'An invoice or credit note came from Xero or changed there',
  'sync.failed': 'A learner or workplace could not be sent to Xero',
} as const;
export const WebhookKind = z.enum(
  Object.keys(webhookKinds) as [keyof typeof webhookKinds, ...(keyof typeof webhookKinds)[]],
);
export type WebhookKind = z.infer<typeof WebhookKind>;

export const WEBHOOK_ENDPOINTS_MAX = 10;
/** After a rotation the secret before signs too for this long. */
export const WEBHOOK_OVERLAP_HOURS = 24;
/** An endpoint that took nothing for so long is turned off. */
export const WEBHOOK_GIVE_UP_DAYS = 3;

const EndpointId = z.uuid().toLowerCase();
const DeliveryId = z.uuid().toLowerCase();

export const WebhookEndpoint = z.object({
  id: EndpointId,
  /** Only its host for whoever may not manage connections: what follows may be a secret. */
  url: z.string(),
  description: z.string(),
  kinds: z.array(WebhookKind),
  state: z.enum(['active', 'disabled']),
  disabledBecause: z.enum(['person', 'failing']).nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  lastDeliveredAt: z.iso.datetime().nullable(),
  /** Since when nothing got through; null when the last one did. */
  failingSince: z.iso.datetime().nullable(),
  /** Until when the secret before the last rotation signs too. */
  oldSecretUntil: z.iso.datetime().nullable(),
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

export const WebhookDeliveryState = z.enum(['waiting', 'delivered', 'failed']);
export type WebhookDeliveryState = z.infer<typeof WebhookDeliveryState>;

export const WebhookDelivery = z.object({
  /** Also the message's id for its receiver (the header `webhook-id`). */
  id: DeliveryId,
  kind: z.string(),
  state: WebhookDeliveryState,
  attempts: z.int(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
  /** HTTP status of the last answer; null when there was none. */
  lastStatus: z.int().nullable(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookAttempt = z.object({
  attempt: z.int(),
  at: z.iso.datetime(),
  milliseconds: z.int(),
  outcome: z.enum(['delivered', 'refused', 'no-answer', 'not-allowed']),
  status: z.int().nullable(),
  /** The beginning of what the receiver answered, at most 1 kB. */
  answer: z.string().nullable(),
});
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

const url = line(2000);
const description = line(200);
const kinds = z
  .array(WebhookKind)
  .min(1)
  .transform((all) => [...new Set(all)]);
const oneEndpoint = z.object({ endpointId: EndpointId });
const oneDelivery = oneEndpoint.extend({ deliveryId: DeliveryId });
const tag = 'Webhooks';
const path = '/api/v1/webhook-endpoints';

export const webhookRoutes = {
  listWebhookEndpoints: route({
    method: 'GET',
    path,
    permission: 'connections.view',
    tag,
    summary: 'Where signed webhooks are sent to (at most 10)',
    answer: z.object({ items: z.array(WebhookEndpoint) }),
  }),
  addWebhookEndpoint: route({
    method: 'POST',
    path,
    permission: 'connections.manage',
    tag,
    summary: 'Add an endpoint; its secret is shown only in this answer',
    body: z.object({ url, description: description.default(''), kinds }),
    answer: z.object({ endpoint: WebhookEndpoint, secret: z.string() }),
  }),
  changeWebhookEndpoint: route({
    method: 'PATCH',
    path: `${path}/:endpointId`,
    permission: 'connections.manage',
    tag,
    summary: 'Change an endpoint, or turn it off or on again',
    params: oneEndpoint,
    body: z.object({
      url: url.optional(),
      description: description.optional(),
      kinds: kinds.optional(),
      isActive: z.boolean().optional(),
    }),
    answer: WebhookEndpoint,
  }),
  removeWebhookEndpoint: route({
    method: 'DELETE',
    path: `${path}/:endpointId`,
    permission: 'connections.manage',
    tag,
    summary: 'Remove an endpoint with its deliveries; repeating it is harmless',
    params: oneEndpoint,
    answer: NoContent,
  }),
  rotateWebhookSecret: route({
    method: 'POST',
    path: `${path}/:endpointId/secret`,
    permission: 'connections.manage',
    tag,
    summary: 'Make a new secret, shown only in this answer; the old one signs too for a day',
    params: oneEndpoint,
    answer: z.object({ endpoint: WebhookEndpoint, secret: z.string() }),
  }),
  testWebhookEndpoint: route({
    method: 'POST',
    path: `${path}/:endpointId/test`,
    permission: 'connections.manage',
    tag,
    summary: 'Send a test message',
    params: oneEndpoint,
    answer: z.object({ deliveryId: DeliveryId }),
  }),
  listWebhookDeliveries: route({
    method: 'GET',
    path: `${path}/:endpointId/deliveries`,
    permission: 'connections.manage',
    tag,
    summary: 'What was sent to an endpoint in the last 30 days, newest first',
    params: oneEndpoint,
    query: PageQuery.extend({ state: WebhookDeliveryState.optional() }),
    answer: pageOf(WebhookDelivery),
  }),
  getWebhookDelivery: route({
    method: 'GET',
    path: `${path}/:endpointId/deliveries/:deliveryId`,
    permission: 'connections.manage',
    tag,
    summary: 'One message as it was sent, with the last 50 attempts',
    params: oneDelivery,
    answer: WebhookDelivery.extend({ payload: z.string(), log: z.array(WebhookAttempt) }),
  }),
  replayWebhookDelivery: route({
    method: 'POST',
    path: `${path}/:endpointId/deliveries/:deliveryId/replay`,
    permission: 'connections.manage',
    tag,
    summary: 'Send one message again, with the same id',
    params: oneDelivery,
    answer: NoContent,
  }),
  replayFailedWebhooks: route({
    method: 'POST',
    path: `${path}/:endpointId/replays`,
    permission: 'connections.manage',
    tag,
    summary: 'Send again all that failed since an instant (at most 10,000 at once)',
    params: oneEndpoint,
    body: z.object({ since: z.iso.datetime({ offset: true }) }),
    answer: z.object({ replayed: z.int() }),
  }),
};
