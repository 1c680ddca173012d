import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '#platform/app-error';
import { createRequestLimits } from './request-limits.ts';

const PER_MINUTE = 3;

let app: FastifyInstance;

beforeEach(async () => {
  app = Fastify() as unknown as FastifyInstance;
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof AppError ? error.status : 500).send(),
  );
  const limits = { perAddress: PER_MINUTE, perAddressOutside: PER_MINUTE, perCaller: PER_MINUTE };
  const { checkAddress, checkOutside } = await createRequestLimits(app, limits, () => 'nobody');
  app.get('/ours', { onRequest: checkAddress }, async () => null);
  app.get('/outside', { onRequest: checkOutside }, async () => null);
});
afterEach(() => app.close());

async function statusFrom(url: string, remoteAddress: string): Promise<number> {
  return (await app.inject({ url, remoteAddress })).statusCode;
}

it.each(['/ours', '/outside'])(
  'counts the addresses of one IPv6 network together: %s',
  async (url) => {
    for (let n = 1; n <= PER_MINUTE; n += 1) {
      expect(await statusFrom(url, `2001:db8:1:2::${n}`)).toBe(200);
    }
    expect(await statusFrom(url, '2001:db8:1:2:ffff::9')).toBe(429);
    expect(await statusFrom(url, '2001:db8:1:3::1')).toBe(200);
  },
);

it('counts each IPv4 address by itself, however it is written', async () => {
  for (let n = 1; n <= PER_MINUTE; n += 1) {
    expect(await statusFrom('/ours', '203.0.113.9')).toBe(200);
  }
  expect(await statusFrom('/ours', '::ffff:203.0.113.9')).toBe(429);
  expect(await statusFrom('/ours', '203.0.113.10')).toBe(200);
});
