import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { type Context, createContext } from '#entry/context';
import { startWeb, type WebServer } from '#entry/web';
import { createFakeClock, type FakeClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { createLogger, silentLogger } from '#platform/logger';
import { SetupError } from '#platform/setup-error';
import { type Client, createClient } from './client.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type Cast, createCast } from './people.ts';
import { createSettler } from './settle.ts';

export interface WorldOptions {
  /** Where the one clock of Bursar and Xero begins. */
  startsAt?: string;
  /** Serves the built web app too, for tests in a browser. */
  webRoot?: string | null;
  /** False: no Xero app is set up. */
  hasXeroApp?: boolean;
}

/** The whole of Bursar in this process, with a database of its own and a clock that stands still. */
export interface World {
  readonly context: Context;
  readonly config: Config;
  readonly url: string;
  readonly clock: FakeClock;
  /** Harbour Training: the provider that stories are about. */
  readonly people: Cast;
  readonly apiClient: Cast['apiClient'];
  /** Kea Skills, which must never see anything of the other. */
  readonly neighbours: Cast;
  /** A browser of somebody who is not signed in. */
  visitor(): Client;
  /** Runs jobs and deliveries until nothing is left to do at the clock's present time. */
  settle(): Promise<void>;
  /** Lets time pass, then settles. */
  pass(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

const START = '2026-03-02T01:00:00.000Z';
const PORT_ATTEMPTS = 5;

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const database = await createTestDatabase();
  const clock = createFakeClock(options.startsAt ?? START);
  const { context, web, config } = await startServer(database, clock, options);
  const settler = createSettler(context, async () => 0);
  const people = await createCast(context, web.url, {
    name: 'Harbour Training',
    country: 'AU',
    label: 'harbour',
  });
  const neighbours = await createCast(context, web.url, {
    name: 'Kea Skills Institute',
    country: 'NZ',
    label: 'kea',
  });

  return {
    context,
    config,
    url: web.url,
    clock,
    people,
    apiClient: people.apiClient,
    neighbours,
    visitor: () => createClient(web.url),
    settle: settler.settle,
    async pass(milliseconds) {
      clock.advance(milliseconds);
      await settler.settle();
    },
    async close() {
      await web.close();
      await settler.close();
      await context.close();
      await database.drop();
    },
  };
}

interface Started {
  context: Context;
  web: WebServer;
  config: Config;
}

/** Another process may take the port between finding and using it; then another one is found. */
async function startServer(
  database: TestDatabase,
  clock: FakeClock,
  options: WorldOptions,
  attempt = 1,
): Promise<Started> {
  const config = configFor(database, await freePort());
  const level = process.env.LOG_LEVEL;
  const logger = level ? createLogger({ level, name: 'world' }) : silentLogger;
  const context = await createContext(config, { clock, logger, poolSize: 8 });
  try {
    const web = await startWeb(context, { webRoot: options.webRoot ?? null });
    return { context, web, config };
  } catch (error) {
    await context.close();
    const isTaken = error instanceof SetupError && error.code === 'port_taken';
    if (!isTaken || attempt === PORT_ATTEMPTS) throw error;
    return startServer(database, clock, options, attempt + 1);
  }
}

function configFor(database: TestDatabase, port: number): Config {
  return {
    port,
    publicUrl: `http://localhost:${port}`,
    dataDir: '/nonexistent',
    databaseUrl: database.ownerUrl,
    encryptionKeys: [{ id: 'test', key: randomBytes(32) }],
    xero: {
      app: null,
      loginUrl: 'http://xero.invalid',
      identityUrl: 'http://xero.invalid',
      apiUrl: 'http://xero.invalid',
    },
    logLevel: 'silent',
    trustedProxies: false,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '::', () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('The probe got no port'));
      });
    });
  });
}
