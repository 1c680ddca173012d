import type { FastifyInstance } from 'fastify';

const REFERENCE_HEADER = 'x-request-id';

/**
 * One line per answer. The address is logged as its pattern: a path holds ids, a query may hold
 * what a person typed or a code from Xero, and neither belongs in a log. No bodies, no headers.
 */
export function registerRequestLog(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(REFERENCE_HEADER, request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? '(none)',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
        providerId: request.caller?.providerId,
      },
      'answered',
    );
  });
}
