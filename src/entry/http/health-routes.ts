import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '#platform/database';
import { countLiveWorkers } from '#platform/jobs/worker';

/** `/healthz`: this process is up. `/readyz`: the database answers and a worker lives. */
export function registerHealth(
  app: FastifyInstance,
  database: Database,
  checkAddress: (request: FastifyRequest) => Promise<void>,
): void {
  app.get('/healthz', async () => ({ status: 'up' }));

  app.get('/readyz', { onRequest: checkAddress }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const workers = await countLiveWorkers(database).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the database does not answer');
      return null;
    });
    const ready = workers !== null && workers > 0;
    return reply.code(ready ? 200 : 503).send({
      status: ready ? 'ready' : 'not ready',
      database: workers === null ? 'down' : 'up',
      worker: workers ? 'up' : 'down',
    });
  });
}
