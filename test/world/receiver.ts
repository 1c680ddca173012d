import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Another program that webhooks are sent to, which answers as it is told. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How the next messages are answered; 204 at first. */
  answerWith(answer: { status: number; body?: string; headers?: Record<string, string> }): void;
  /** Holds the next answer until `act` is done once. */
  during(act: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let answer: { status: number; body?: string; headers?: Record<string, string> } = { status: 204 };
  let meanwhile: (() => Promise<unknown>) | null = null;
  const server = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      const act = meanwhile;
      meanwhile = null;
      await act?.();
      reply.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port for the receiver');
  return {
    url: `http://127.0.0.1:${address.port}/hooks`,
    received,
    answerWith(next) {
      answer = next;
    },
    during(act) {
      meanwhile = act;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
