import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { readConfig } from '#platform/config';
import { silentLogger } from '#platform/logger';
import { warnOfUnknownProxy } from './proxy-warning.ts';

/** What is said at the start, and after each request as it comes from `from`. */
async function said(settings: Record<string, string>, requests: { from: string; for?: string }[]) {
  const config = readConfig({
    DATABASE_URL: 'postgresql://localhost/none',
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
    ...settings,
  });
  const lines: string[] = [];
  const logger = Object.create(silentLogger);
  logger.warn = ({ code }: { code: string }, sentence: string) => lines.push(`${code} ${sentence}`);
  const app = Fastify({ trustProxy: config.trustedProxies });
  warnOfUnknownProxy(app, { config, logger });
  app.get('/', async () => null);
  const counts = [lines.length];
  for (const { from, for: whom } of requests) {
    const headers = whom === undefined ? {} : { 'x-forwarded-for': whom };
    await app.inject({ url: '/', remoteAddress: from, headers });
    counts.push(lines.length);
  }
  await app.close();
  return { lines, counts };
}

const HTTPS = { PUBLIC_URL: 'https://bursar.example.org' };
const proxied = { from: '10.0.0.5', for: '203.0.113.9' };

test('behind https without TRUST_PROXY it is said at the start what that leads to', async () => {
  const { lines } = await said(HTTPS, []);
  expect(lines).toEqual([
    expect.stringMatching(
      /^alarm\.proxy-not-trusted PUBLIC_URL is https.*set TRUST_PROXY.*wrong pass/,
    ),
  ]);
});

test('a proxy whose word is ignored is named, once', async () => {
  const { lines, counts } = await said({}, [{ from: '10.0.0.5' }, proxied, proxied]);
  expect(counts).toEqual([0, 0, 1, 1]);
  expect(lines[0]).toContain('if 10.0.0.5 is your proxy, set TRUST_PROXY to it');
});

test('a proxy that TRUST_PROXY names is as it should be, another one beside it is not', async () => {
  const settings = { ...HTTPS, TRUST_PROXY: '10.0.0.0/24' };
  const other = { from: '10.9.9.9', for: '203.0.113.9' };
  expect((await said(settings, [proxied, other])).counts).toEqual([0, 0, 1]);
});
