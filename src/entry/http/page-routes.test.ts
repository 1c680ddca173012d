import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPages } from './page-routes.ts';

const SCRIPT = 'console.log("hello from a hashed file");';
const PAGE = '<!doctype html><title>Bursar</title>';

let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bursar-pages-'));
  const dist = join(folder, 'dist');
  await mkdir(join(dist, 'assets'), { recursive: true });
  await writeFile(join(dist, 'index.html'), PAGE);
  await writeFile(join(dist, 'assets', 'index-a1b2.js'), SCRIPT);
  await writeFile(join(dist, 'assets', 'index-a1b2.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'secret.txt'), 'not for everyone');
  app = Fastify();
  await registerPages(app, dist);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

function open(url: string, headers: Record<string, string> = {}) {
  return app.inject({ url, headers: { accept: 'text/html,*/*', ...headers } });
}

describe('the web app', () => {
  test.each(['/', '/learners', '/settings/connected-apps?outcome=connected', '/index.html'])(
    'shows its page at %s, never kept',
    async (url) => {
      const answer = await open(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe(PAGE);
      expect(answer.headers['cache-control']).toBe('no-cache');
    },
  );

  test('has its hashed files kept for good, and sent compressed to whoever takes that', async () => {
    const plain = await open('/assets/index-a1b2.js');
    expect(plain.body).toBe(SCRIPT);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const squeezed = await open('/assets/index-a1b2.js', { 'accept-encoding': 'gzip, br' });
    expect(squeezed.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(squeezed.rawPayload).toString()).toBe(SCRIPT);
  });

  test.each(['/assets/index-old.js', '/api/v1/nowhere', '/api/nowhere', '/webhooks/nowhere'])(
    'says that there is nothing at %s, rather than show the page',
    async (url) => {
      const answer = await open(url);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'request.not-found' });
    },
  );

  test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2f..%2fsecret.txt'])(
    'lets nobody out of its folder by %s',
    async (url) => {
      const answer = await open(url, { accept: '*/*' });
      expect(answer.statusCode).toBe(404);
      expect(answer.body).not.toContain('not for everyone');
    },
  );
});

test('a newer build that takes its place while it runs is served at once', async () => {
  const dist = join(folder, 'dist');
  await rename(join(dist, 'assets', 'index-a1b2.js'), join(dist, 'assets', 'index-c3d4.js'));
  expect((await open('/assets/index-c3d4.js')).body).toBe(SCRIPT);
  expect((await open('/assets/index-a1b2.js')).statusCode).toBe(404);
  await writeFile(join(dist, '.built'), 'a mark of the build');
  expect((await open('/.built', { accept: '*/*' })).statusCode).toBe(404);
});

test('without a build there is the API alone', async () => {
  const bare = Fastify();
  await registerPages(bare, join(folder, 'nowhere'));
  const answer = await bare.inject({ url: '/', headers: { accept: 'text/html' } });
  expect(answer.json()).toMatchObject({ code: 'request.not-found' });
  await bare.close();
});
