import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#platform/app-error';
import { readGauges } from '#platform/metric-gauges';
import type { Metrics, Sample } from '#platform/metrics';
import type { Context } from '../context.ts';

/** What each figure means, as Prometheus shows it. Those that end in `_total` only grow. */
const MEANINGS: Record<string, string> = {
  bursar_connections: 'Connections by state',
  bursar_connections_in_trouble: 'Connections in trouble by its code',
  bursar_http_requests_total: 'Requests answered, by route and class of status',
  bursar_jobs: 'Jobs in the queue by state',
  bursar_lanes: 'Lanes by what they do now',
  bursar_links: 'Links of learners and contacts by standing',
  bursar_notices_total: 'Notices of changes that Xero sent',
  bursar_notices_waiting: 'Notices not followed up yet',
  bursar_webhook_last_delivery_seconds: 'When Xero last sent notices, in seconds since 1970',
  bursar_webhooks_total: 'Webhooks by what became of them',
  bursar_workers_live: 'Worker processes that have lately said that they live',
  bursar_xero_answers_total: 'Answers of Xero by status',
  bursar_xero_bytes_today: 'Bytes read from Xero since midnight UTC',
  bursar_xero_calls_today: 'Calls to Xero since midnight UTC',
  bursar_xero_failures_total: 'Calls to Xero that could not be made or answered, by why',
};

/** Counts answers by route and class of status: few kinds, and no address that somebody asked for. */
export function countRequests(app: FastifyInstance, metrics: Pick<Metrics, 'count'>): void {
  app.addHook('onResponse', async (request, reply) => {
    metrics.count('bursar_http_requests_total', {
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status: `${Math.floor(reply.statusCode / 100)}xx`,
    });
  });
}

/**
 * `/metrics`: figures of all processes in Prometheus's text form, for whoever brings the token of
 * the configuration; without one in the configuration it is not served at all.
 */
export function registerMetrics(
  app: FastifyInstance,
  { config, database, metrics, clock }: Pick<Context, 'config' | 'database' | 'metrics' | 'clock'>,
  checkAddress: (request: FastifyRequest) => Promise<void>,
): void {
  const { metricsToken } = config;
  if (metricsToken === null) return;
  app.get('/metrics', { onRequest: checkAddress }, async (request, reply) => {
    if (!isBearer(request.headers.authorization, metricsToken)) {
      throw new AppError('api-key.invalid');
    }
    const samples = [...(await readGauges(database, clock.now())), ...(await metrics.sums())];
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(expositionOf(samples));
  });
}

/** Samples as text, those of one name together. */
export function expositionOf(samples: readonly Sample[]): string {
  const byName = Map.groupBy(samples, ({ name }) => name);
  const blocks = [...byName].map(([name, group]) => {
    const kind = name.endsWith('_total') ? 'counter' : 'gauge';
    const head = [`# HELP ${name} ${MEANINGS[name] ?? name}`, `# TYPE ${name} ${kind}`];
    const lines = group.map(({ labels, value }) =>
      labels ? `${name}{${labels}} ${value}` : `${name} ${value}`,
    );
    return [...head, ...lines].join('\n');
  });
  return `${blocks.join('\n')}\n`;
}

function isBearer(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
