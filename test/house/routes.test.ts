import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { PERMISSIONS } from '#contract/permissions';
import type { Route } from '#contract/route';
import { startWorld, type World } from '../world/world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const routes = Object.entries(api) as [string, Route][];

/** What is served besides the contract: pages, health, and what other programs call. */
const OUTSIDE_THE_CONTRACT = [
  'GET /api/docs',
  'GET /api/openapi.json',
  'GET /api/v1/live',
  'GET /connect/xero/callback',
  'GET /healthz',
  'GET /readyz',
  'GET /sign-in/xero',
  'GET /sign-in/xero/callback',
  'GET /sign-up/xero',
  'POST /api/v1/provider/export',
  'POST /webhooks/xero',
];

let world: World;
let served: string[];

beforeAll(async () => {
  world = await startWorld();
  served = world.web.routes.filter((one) => !one.startsWith('HEAD '));
});
afterAll(() => world.close());

describe('the routes of the contract', () => {
  test('are all served, and nothing else is', () => {
    const promised = routes.map(([, { method, path }]) => `${method} ${path}`);
    expect([...served].sort()).toEqual([...promised, ...OUTSIDE_THE_CONTRACT].sort());
  });

  test('are described with all else that is served below /api/v1', async () => {
    const answer = await fetch(`${world.url}/api/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const below = served
      .filter((one) => one.includes(' /api/v1/'))
      .map((one) => one.replace(/:(\w+)/g, '{$1}'));
    expect(described.sort()).toEqual(below.sort());
  });

  test.each(routes)('%s names who may call it', (_name, { permission }) => {
    expect([...PERMISSIONS, 'public', 'signed-in']).toContain(permission);
  });

  test.each(routes)('%s is called by a test', (name) => {
    expect(called.has(name)).toBe(true);
  });
});

const called = new Set(
  testFiles().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(?:api|\w+Routes)\.(\w+)/g)].map(([, name]) =>
      String(name),
    ),
  ),
);

/** Files that call routes by name; those that only walk the whole table prove nothing of one. */
function testFiles(): string[] {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(test|story|e2e)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}
