import type { FastifyInstance, FastifyRequest } from 'fastify';
import { countLiveWorkers } from '#platform/jobs/worker';
import type { Context } from '../context.ts';

/**
 * `/healthz`: this process is up. `/readyz`: it can serve, since the database answers and has the
 * schema that this process knows. Whether a worker lives, or is on hold, is told beside it: without
 * one the pages are of use all the same, and taking them out of service would mend nothing.
 */
export function registerHealth(
  app: FastifyInstance,
  { database, installation, schema }: Pick<Context, 'database' | 'installation' | 'schema'>,
  checkAddress: (request: FastifyRequest) => Promise<void>,
): void {
  app.get('/healthz', async () => ({ status: 'up' }));

  app.get('/readyz', { onRequest: checkAddress }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const found = await Promise.all([lookAtWorker(), schema.fault()]).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the database does not answer');
      return null;
    });
    const [worker = 'down', fault = null] = found ?? [];
    if (fault !== null) request.log.warn({ code: fault.code }, fault.message);
    const isReady = found !== null && fault === null;
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : 'not ready',
      database: found === null ? 'down' : 'up',
      schema: found === null ? 'unseen' : (fault?.code ?? 'known'),
      worker,
    });
  });

  async function lookAtWorker(): Promise<'up' | 'down' | 'on hold'> {
    if ((await installation.whyHeld()) !== null) return 'on hold';
    return (await countLiveWorkers(database)) > 0 ? 'up' : 'down';
  }
}
