import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import { createFakeClock } from '#platform/clock';
import { silentLogger } from '#platform/logger';
import type { SyncDeps } from '../lane/lane-run.ts';
import { WEBHOOK_PATH, webhookRoutes } from './webhook-routes.ts';

const MB = 1024 * 1024;
/** Looks like one; whose it is shows only with the whole body. */
const SIGNATURE = createHmac('sha256', 'some key').update('some body').digest('base64');

let app: FastifyInstance;
const sockets: Socket[] = [];
const outcomes: unknown[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
  outcomes.length = 0;
  await app.close();
});

async function listen(webhookKey: string | null): Promise<void> {
  app = Fastify({ trustProxy: true }) as unknown as FastifyInstance;
  const deps = {
    clock: createFakeClock('2026-03-02T01:00:00.000Z'),
    logger: silentLogger,
    metrics: { count: (_name: string, labels: object) => outcomes.push(labels) },
    webhookKey,
  } as unknown as SyncDeps;
  await app.register(async (scope) =>
    webhookRoutes(deps)(scope, { pardon: () => undefined } as never),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
}

interface Sender {
  socket: Socket;
  /** The status of the answer; null when the line was cut without one. */
  status: Promise<number | null>;
  /** The server has done with it, too. */
  isOver: Promise<unknown>;
}

/** Sends the head of a delivery, and nothing of its body. */
async function announce(
  options: { bytes?: number; signature?: string; from?: string } = {},
): Promise<Sender> {
  const { bytes = 4 * MB, signature = SIGNATURE, from = '203.0.113.1' } = options;
  const arrived = once(app.server, 'request');
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  const status = new Promise<number | null>((resolve) => {
    socket.once('data', (data) => resolve(Number(/^HTTP\/1.1 (\d+)/.exec(String(data))?.[1])));
    socket.once('close', () => resolve(null));
  });
  socket.write(
    [
      `POST ${WEBHOOK_PATH} HTTP/1.1`,
      'host: bursar',
      'content-type: application/json',
      `content-length: ${bytes}`,
      `x-forwarded-for: ${from}`,
      `x-xero-signature: ${signature}`,
      '\r\n',
    ].join('\r\n'),
  );
  const [, reply] = (await arrived) as [IncomingMessage, ServerResponse];
  return { socket, status, isOver: once(reply, 'close') };
}

it('is refused before its body where no key is set', async () => {
  await listen(null);
  expect(await (await announce()).status).toBe(401);
  expect(outcomes).toEqual([{ outcome: 'wrong-signature' }]);
});

it.each(['', 'x', SIGNATURE.slice(0, 43), `${SIGNATURE}=`, SIGNATURE.replace('=', '-')])(
  'is refused before its body with what is no signature: %s',
  async (signature) => {
    await listen('the key');
    expect(await (await announce({ signature })).status).toBe(401);
  },
);

it('of one network takes so much memory and no more; there is room again once one is through', async () => {
  await listen('the key');
  const [first] = [await announce(), await announce()];
  const third = await announce();
  expect(await third.status).toBe(503);
  expect(outcomes).toEqual([{ outcome: 'no-room' }]);
  const elsewhere = await announce({ from: '203.0.113.2', bytes: 2 });
  elsewhere.socket.write('{}');
  expect(await elsewhere.status).toBe(401);

  first?.socket.write(Buffer.alloc(4 * MB));
  expect(await first?.status).toBe(401);
  const small = await announce({ bytes: 2 });
  small.socket.write('{}');
  expect(await small.status).toBe(401);
});

it('of all networks together takes no more than 32 MB, and what breaks off gives its room back', async () => {
  await listen('the key');
  const held: Sender[] = [];
  for (let n = 0; n < 8; n += 1) held.push(await announce({ from: `203.0.113.${n >> 1}` }));
  expect(await (await announce({ from: '203.0.113.200' })).status).toBe(503);
  held[0]?.socket.destroy();
  await held[0]?.isOver;
  const late = await announce({ from: '203.0.113.201' });
  late.socket.write(Buffer.alloc(4 * MB));
  expect(await late.status).toBe(401);
});

it('counts addresses of one IPv6 network as one', async () => {
  await listen('the key');
  await announce({ from: '2001:db8:1:2::1' });
  await announce({ from: '2001:db8:1:2::2' });
  expect(await (await announce({ from: '2001:db8:1:2:ffff::3' })).status).toBe(503);
});

it('that does not come within ten seconds is cut off: Xero itself waits five', async () => {
  await listen('the key');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const slow = await announce();
  slow.socket.write('{');
  vi.advanceTimersByTime(10_000);
  expect(await slow.status).toBeNull();
});
