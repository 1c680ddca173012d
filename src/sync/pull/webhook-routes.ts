import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { XeroOrgId } from '#contract/ids';
import { createBurstAlarm } from '#platform/burst-alarm';
import { MINUTE_MS } from '#platform/clock';
import type { RawRoutes } from '#platform/http';
import { isXeroSignature } from '#xero/index';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type NoticeByOrg, takeNotices } from './take-notices.ts';

/** Where Xero delivers its webhooks. */
export const WEBHOOK_PATH = '/webhooks/xero';
/** Xero's own checks send a few wrong signatures; so many in a minute are someone's guesses. */
const FORGERY_BURST = { limit: 30, windowMs: MINUTE_MS };
const BODY_MAX_BYTES = 4 * 1024 * 1024;

/**
 * Receives Xero's webhooks: 401 for a wrong signature over the raw body, 200 once what it says is
 * stored, 500 if that fails, so that Xero repeats it. No answer has a body or a cookie, and nothing
 * is read from Xero while it waits. An intent-to-receive check is a delivery without events.
 */
export function webhookRoutes(deps: SyncDeps): RawRoutes {
  const forgeries = createBurstAlarm({ clock: deps.clock, ...FORGERY_BURST, ring: ringOf(deps) });
  return (app) => {
    // A scope of its own: the raw bytes are kept for this route alone.
    app.register(async (scoped: FastifyInstance) => {
      scoped.removeAllContentTypeParsers();
      scoped.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      );
      scoped.post(WEBHOOK_PATH, { bodyLimit: BODY_MAX_BYTES }, async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const status = await receive(deps, body, request.headers['x-xero-signature']);
        if (status === 401) forgeries.heard();
        return reply.code(status).send();
      });
    });
  };
}

function ringOf({ logger }: SyncDeps) {
  return (count: number) =>
    logger.warn(
      { code: 'alarm.wrong-signatures', count },
      'many webhooks with wrong signatures: someone guesses, or XERO_WEBHOOK_KEY is another app’s',
    );
}

/** Answers with the HTTP status for one delivery. */
export async function receive(
  deps: Pick<
    SyncDeps,
    'database' | 'clock' | 'logger' | 'metrics' | 'webhookKey' | 'heardFromXero'
  >,
  body: Buffer,
  signature: string | string[] | undefined,
): Promise<200 | 401 | 500> {
  const { webhookKey, logger } = deps;
  const given = typeof signature === 'string' ? signature : undefined;
  if (webhookKey === null || !isXeroSignature(body, given, webhookKey)) {
    deps.metrics.count('bursar_webhooks_total', { outcome: 'wrong-signature' });
    return 401;
  }
  try {
    const notices = readDelivery(body, (reason) => logger.warn(reason));
    const dropped = await takeNotices(deps, notices);
    await deps.heardFromXero(notices.length > 0 ? 'delivery' : 'intent', deps.clock.now());
    deps.metrics.count('bursar_webhooks_total', { outcome: 'taken' });
    deps.metrics.count('bursar_notices_total', {}, notices.length);
    if (dropped > 0) logger.info({ dropped }, 'notices of organisations that are not connected');
    return 200;
  } catch (error) {
    logger.error({ err: error }, 'a webhook could not be stored; Xero will repeat it');
    deps.metrics.count('bursar_webhooks_total', { outcome: 'not-stored' });
    return 500;
  }
}

const Delivery = z.object({ events: z.array(z.unknown()) });
const Event = z.object({
  tenantId: XeroOrgId,
  resourceId: z.guid().transform((id) => id.toLowerCase()),
  eventCategory: z.string().transform((category) => category.toUpperCase()),
  eventDateUtc: z.string(),
});

const KINDS = {
  CONTACT: 'contact',
  INVOICE: 'invoice',
  CREDITNOTE: 'credit-note',
  PREPAYMENT: 'prepayment',
  OVERPAYMENT: 'overpayment',
} as const;

/** The notices of a delivery. What is not understood is left out: a sweep will find it. */
export function readDelivery(body: Buffer, remark: (reason: string) => void): NoticeByOrg[] {
  const delivery = Delivery.safeParse(parseJson(body));
  if (!delivery.success) {
    remark('a signed webhook was not in a form we know');
    return [];
  }
  return delivery.data.events.flatMap((json): NoticeByOrg[] => {
    const event = Event.safeParse(json);
    const kind = event.success && KINDS[event.data.eventCategory as keyof typeof KINDS];
    if (!kind) return [];
    const { tenantId, resourceId, eventDateUtc } = event.data;
    const eventAt = new Date(
      /Z|[+-]\d\d:?\d\d$/.test(eventDateUtc) ? eventDateUtc : `${eventDateUtc}Z`,
    );
    if (Number.isNaN(eventAt.getTime())) return [];
    return [{ xeroOrgId: tenantId, notice: { kind, resourceId, eventAt } }];
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
