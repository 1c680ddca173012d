import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { ProviderId } from '#contract/ids';
import { createFakeClock, type FakeClock } from '#platform/clock';
import { readConfig } from '#platform/config';
import type { Endpoint } from '#platform/http';
import { listenForUpdates } from '#platform/live-updates';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import { createTestDatabase } from '../../test/world/database.ts';
import { type Context, createContext } from './context.ts';
import { buildHttpApp, type HttpAppOptions } from './http-app.ts';

/** The person whom the fixture's provider has: its owner. */
export const EMAIL = 'ana@example.org';
export const PASSWORD = 'correct horse battery';

/** The HTTP server on a database of its own, asked without a network. */
export interface HttpFixture {
  app: FastifyInstance;
  context: Context;
  clock: FakeClock;
  origin: string;
  providerId: ProviderId;
  signIn(given?: {
    email?: string;
    password?: string;
    headers?: Record<string, string>;
  }): Promise<LightMyRequestResponse>;
  /** Signs in and gives the `Cookie` header of the session. */
  sessionCookie(): Promise<string>;
  close(): Promise<void>;
}

interface FixtureOptions extends Partial<Omit<HttpAppOptions, 'live'>> {
  settings?: Record<string, string>;
  endpoints?: Endpoint[];
}

/**
 * Starts one with the provider Harbour and its owner, whose clock stands at 2026-03-02. `endpoints`
 * come beside those of Bursar, and there are no pages unless `webRoot` says where. The caller
 * closes it.
 */
export async function startHttpFixture(options: FixtureOptions = {}): Promise<HttpFixture> {
  const { settings, endpoints = [], ...appOptions } = options;
  const database = await createTestDatabase();
  const clock = createFakeClock('2026-03-02T00:00:00Z');
  const config = readConfig({
    DATABASE_URL: database.ownerUrl,
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    ...settings,
  });
  const context = await createContext(config, { clock, logger: silentLogger });
  const live = await listenForUpdates(context);
  const all = { ...context, endpoints: [...context.endpoints, ...endpoints] };
  const app = await buildHttpApp(all, { webRoot: null, ...appOptions, live });
  const { id: providerId } = await context.providers.create({
    name: 'Harbour',
    country: 'AU',
    secondFactor: 'optional',
  });
  const owner = { email: EMAIL, name: 'Ana Silva', role: 'owner' as const, password: PASSWORD };
  await context.providers.addPerson(ownScope(providerId), owner);
  const origin = config.publicUrl;

  function signIn(given: Parameters<HttpFixture['signIn']>[0] = {}) {
    const { email = EMAIL, password = PASSWORD, headers = {} } = given;
    return app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin, ...headers },
      payload: { email, password },
    });
  }

  return {
    app,
    context,
    clock,
    origin,
    providerId,
    signIn,
    async sessionCookie() {
      const [cookie] = (await signIn()).cookies;
      if (!cookie) throw new Error('signing in gave no cookie');
      return `${cookie.name}=${encodeURIComponent(cookie.value)}`;
    },
    async close() {
      await app.close();
      await live.close();
      await context.close();
      await database.drop();
    },
  };
}
