import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { XeroOrgId } from '#contract/ids';
import { type BurstAlarm, createBurstAlarm } from '#platform/burst-alarm';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import type { RawRoutes } from '#platform/http';
import { networkOf } from '#providers/index';
import { couldBeXeroSignature, isXeroSignature } from '#xero/index';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type NoticeByOrg, takeNotices } from './take-notices.ts';
import { createIntake, type Intake } from './webhook-intake.ts';

/** Where Xero delivers its webhooks. */
export const WEBHOOK_PATH = '/webhooks/xero';
/** Xero's own checks send a few wrong signatures; so many in a minute are someone's guesses. */
const FORGERY_BURST = { limit: 30, windowMs: MINUTE_MS };
/** The first that finds no room is told of, and no further one until it has been quiet. */
const CROWD_BURST = { limit: 1, windowMs: MINUTE_MS };
const BODY_MAX_BYTES = 4 * 1024 * 1024;
/** Bodies on their way in that this process keeps at once. Xero's are a few kB each. */
const INTAKE = { bytesMax: 8 * BODY_MAX_BYTES, bytesPerNetwork: 2 * BODY_MAX_BYTES };
/** Xero itself waits five seconds for an answer, so what comes later serves nobody. */
const BODY_WITHIN_MS = 10 * SECOND_MS;

/**
 * Receives Xero's webhooks: 401 for a wrong signature over the raw body, before that body is read
 * where it can't be right; 503 while there is no room for more; 200 once what it says is stored, 500
 * if that fails. Xero repeats what got no 200. No answer has a body or a cookie, and nothing
 * is read from Xero while it waits. An intent-to-receive check is a delivery without events.
 */
export function webhookRoutes(deps: SyncDeps): RawRoutes {
  const forgeries = createBurstAlarm({ clock: deps.clock, ...FORGERY_BURST, ring: ringOf(deps) });
  const onRequest = doorOf(deps, createIntake(INTAKE), forgeries);
  return (app, tools) => {
    // A scope of its own: the raw bytes are kept for this route alone.
    app.register(async (scoped: FastifyInstance) => {
      scoped.removeAllContentTypeParsers();
      scoped.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      );
      scoped.post(
        WEBHOOK_PATH,
        { bodyLimit: BODY_MAX_BYTES, onRequest },
        async (request, reply) => {
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
          const status = await receive(deps, body, request.headers['x-xero-signature']);
          if (status === 401) forgeries.heard();
          else tools.pardon(request);
          return reply.code(status).send();
        },
      );
    });
  };
}

/** Decides by the head alone whether a body is read, and lets it have so much room and time. */
function doorOf(deps: SyncDeps, intake: Intake, forgeries: BurstAlarm) {
  const crowds = createBurstAlarm({ clock: deps.clock, ...CROWD_BURST, ring: crowdRingOf(deps) });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { raw, headers } = request;
    if (deps.webhookKey === null || !couldBeXeroSignature(headers['x-xero-signature'])) {
      deps.metrics.count('bursar_webhooks_total', { outcome: 'wrong-signature' });
      forgeries.heard();
      return reply.code(401).send();
    }
    const said = Number(headers['content-length']);
    // One that does not say how long it is may become as long as any.
    const bytes = said <= BODY_MAX_BYTES ? said : BODY_MAX_BYTES;
    const giveBack = intake.take(networkOf(request.ip), bytes);
    if (giveBack === null) {
      deps.metrics.count('bursar_webhooks_total', { outcome: 'no-room' });
      crowds.heard();
      return reply.code(503).send();
    }
    const late = setTimeout(() => raw.destroy(), BODY_WITHIN_MS);
    raw.once('end', () => clearTimeout(late));
    reply.raw.once('close', () => {
      clearTimeout(late);
      giveBack();
    });
    return undefined;
  };
}

function ringOf({ logger }: SyncDeps) {
  return (count: number) =>
    logger.warn(
      { code: 'alarm.wrong-signatures', count },
      'many webhooks with wrong signatures: someone guesses, or XERO_WEBHOOK_KEY is another app’s',
    );
}

function crowdRingOf({ logger }: SyncDeps) {
  return () =>
    logger.warn(
      { code: 'alarm.webhooks-crowded' },
      'webhooks are put off (503): so many bodies are on their way in that there is no room for more; Xero repeats its own, look at who sends the others',
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
