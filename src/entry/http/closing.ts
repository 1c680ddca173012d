import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SECOND_MS } from '#platform/clock';

const FINISH_WITHIN_MS = 10 * SECOND_MS;

/**
 * Lets the server close in order: what is under way is answered, and no connection holds the end
 * up. Node itself waits for connections that were opened ahead and never asked anything, and for
 * those that go quiet only after closing began.
 */
export function registerClosing(app: FastifyInstance): void {
  const requestsOf = new Map<Socket, number>();
  let isClosing = false;

  app.server.on('connection', (socket: Socket) => {
    requestsOf.set(socket, 0);
    socket.once('close', () => requestsOf.delete(socket));
  });
  app.server.on('request', ({ socket }, response) => {
    requestsOf.set(socket, (requestsOf.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (requestsOf.get(socket) ?? 1) - 1;
      if (requestsOf.has(socket)) requestsOf.set(socket, left);
      if (isClosing && left === 0) socket.destroySoon();
    });
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const [socket, requests] of requestsOf) if (requests === 0) socket.destroy();
    const insist = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS);
    app.server.once('close', () => clearTimeout(insist));
    insist.unref();
  });
}
