import type { FastifyInstance } from 'fastify';
import type { World } from '../core/world.ts';
import { callState } from './call-state.ts';
import { isOwnPath } from './fault-hooks.ts';

/** Writes every call that an app makes into the log, answered or not. */
export function logHooks(server: FastifyInstance, world: World): void {
  server.addHook('onRequest', async (request, reply) => {
    const [path = ''] = request.url.split('?');
    if (isOwnPath(path)) return;
    reply.raw.once('close', () => {
      const { appId, orgId, fault, sentBytes } = callState(request);
      world.log.add({
        method: request.method,
        path: path.toLowerCase().startsWith('/api.xro') ? request.url : path,
        appId,
        orgId,
        status: reply.raw.writableFinished ? reply.raw.statusCode : 0,
        requestBytes: Number(request.headers['content-length'] ?? 0),
        responseBytes: sentBytes,
        fault,
      });
    });
  });

  server.addHook('onSend', async (request, _reply, payload) => {
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      callState(request).sentBytes = Buffer.byteLength(payload);
    }
    return payload;
  });
}
