import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecondFactorPolicy } from '#contract/sign-in';
import { type Context, createContext } from '#entry/context';
import type { RequestLimits } from '#entry/http/request-limits';
import { startWeb, type WebServer } from '#entry/web';
import { createFakeClock, type FakeClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { createLogger, silentLogger } from '#platform/logger';
import { SetupError } from '#platform/setup-error';
import type { Send } from '#xero/index';
import { seededRandom } from '../../emulator/core/ids.ts';
import { type Answer, createWatch } from '../../emulator/coverage/watch.ts';
import { createEmulator, type Emulator } from '../../emulator/server.ts';
import { createReviews } from './approve-matches.ts';
import { type Client, createClient } from './client.ts';
import { type AtXero, connectXero, type Landing } from './connect-xero.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { type Cast, createCast } from './people.ts';
import { keepSecret, keepTokens, runFile } from './run-folder.ts';
import { createSettler } from './settle.ts';

export interface WorldOptions {
  /** Where the one clock of Bursar and Xero begins. */
  startsAt?: string;
  /** Serves the built web app too, for tests in a browser. */
  webRoot?: string | null;
  /** False: no Xero app is set up. */
  hasXeroApp?: boolean;
  /** Serves figures at /metrics to whoever brings this. */
  metricsToken?: string;
  /** Requests a real minute that the server takes; as many as in the product unless said. */
  requestLimits?: RequestLimits;
  /** Between two signs of life on a live stream; 20 s as in the product unless said. */
  heartbeatMs?: number;
  /** What Xero's organisations hold at the beginning: nothing (default), or a lived-in demo. */
  books?: 'empty' | 'demo';
  /** Whether strangers may sign up by Xero; they may unless said. */
  signUp?: 'open' | 'closed';
  /** Whether Harbour Training asks its Owners and Admins for one; it does not unless said. */
  secondFactor?: SecondFactorPolicy;
  /** False: no mail server is configured, and mails wait. */
  hasMailServer?: boolean;
  /** How many contacts a call may carry at most; as many as the product ever sends unless said. */
  contactsPerCall?: number;
  /** Stands between Bursar and Xero; the network alone does unless given. */
  send?: Send;
  /** Hears Xero's answers in the place of the watch over their form, which reads each whole. */
  onXeroAnswer?: (answer: Answer) => void | Promise<void>;
  /** Each of Xero's answers waits for this, heard by the watch all the same. */
  holdsAnswer?: (answer: Answer) => Promise<void>;
}

/** Who runs the Bursar of a world. */
export const OPERATOR_EMAIL = 'operator@bursar.example';

/** The whole of Bursar in this process, with a database of its own and a clock that stands still. */
export interface World {
  readonly context: Context;
  readonly config: Config;
  readonly url: string;
  readonly web: WebServer;
  readonly clock: FakeClock;
  /** Harbour Training: the provider that stories are about. */
  readonly people: Cast;
  readonly apiClient: Cast['apiClient'];
  /** Kea Skills, which must never see anything of the other. */
  readonly neighbours: Cast;
  /** Xero, with every act that steers it. */
  readonly emulator: Emulator;
  /** Who keeps the books of the Australian organisation. */
  readonly bookkeeper: ReturnType<Emulator['control']['bookkeeper']>;
  /** What the world's mail server was given. */
  readonly mailbox: Mailbox;
  /**
   * Connects Xero as the given person, by default to the Australian organisation, who approves the
   * matches that are proposed unless they leave them open.
   */
  connectXero(client: Client, atXero?: AtXero): Promise<Landing>;
  /** A browser of somebody who is not signed in. */
  visitor(): Client;
  /** Runs jobs and deliveries until nothing is left to do at the clock's present time. */
  settle(): Promise<void>;
  /** Lets time pass, then settles. */
  pass(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

const START = '2026-03-02T01:00:00.000Z';
/** Of one family, so that no other world answers at the same port of the other. */
const LOOPBACK = '127.0.0.1';
const PORT_ATTEMPTS = 5;
const WEBHOOK_KEY = 'emulator-webhook-key';

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const database = await createTestDatabase();
  const clock = createFakeClock(options.startsAt ?? START);
  const watch = createWatch();
  const emulator = await createEmulator({
    clock,
    host: LOOPBACK,
    seed: options.books ?? 'empty',
    async onAnswer(answer) {
      await (options.onXeroAnswer ?? watch.hear)(answer);
      await options.holdsAnswer?.(answer);
    },
    onTokens: keepTokens,
  });
  const mailbox = await createMailbox();
  const ground = { database, clock, emulator, mailbox, options };
  const { context, web, config } = await startServer(ground);
  keepSecret(config.xero.app?.clientSecret, 'everywhere');
  keepSecret(config.xero.app?.webhookKey, 'everywhere');
  for (const { key } of config.encryptionKeys) keepSecret(key.toString('base64'), 'everywhere');
  const { control } = emulator;
  control.webhooks.configure(`${web.url}/webhooks/xero`, { key: WEBHOOK_KEY });
  const settler = createSettler(context, () => control.webhooks.deliverDue());
  const reviews = createReviews();
  async function settle(): Promise<void> {
    do await settler.settle();
    while (await reviews.approveOpen());
  }
  const people = await createCast(context, web.url, {
    name: 'Harbour Training',
    country: 'AU',
    label: 'harbour',
    secondFactor: options.secondFactor ?? 'optional',
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
    web,
    clock,
    people,
    apiClient: people.apiClient,
    neighbours,
    emulator,
    mailbox,
    bookkeeper: control.bookkeeper(),
    async connectXero(client, atXero) {
      const landing = await connectXero(emulator, client, atXero);
      const { connectionId } = landing;
      if (connectionId && !atXero?.leavesMatchesOpen) reviews.expect(client, connectionId);
      return landing;
    },
    visitor: () => createClient(web.url),
    settle,
    async pass(milliseconds) {
      clock.advance(milliseconds);
      await settle();
    },
    async close() {
      await web.close();
      await settler.close();
      await context.close();
      await emulator.close();
      await mailbox.close();
      await database.drop();
      await rm(config.dataDir, { recursive: true, force: true });
      watch.refuseGaps();
    },
  };
}

interface Ground {
  database: TestDatabase;
  clock: FakeClock;
  emulator: Emulator;
  mailbox: Mailbox;
  options: WorldOptions;
}

interface Started {
  context: Context;
  web: WebServer;
  config: Config;
}

/** Another process may take the port between finding and using it; then another one is found. */
async function startServer(ground: Ground, attempt = 1): Promise<Started> {
  const { clock, options } = ground;
  const config = configFor(ground, await freePort());
  const level = process.env.LOG_LEVEL;
  const file = runFile(`world-${process.pid}.log`);
  const logger =
    level || file
      ? createLogger({
          level: level ?? 'debug',
          name: 'world',
          ...(level || !file ? {} : { file }),
        })
      : silentLogger;
  const send = options.send && { send: options.send };
  const random = seededRandom(1);
  const context = await createContext(config, { clock, logger, random, ...send });
  try {
    const web = await startWeb(context, {
      webRoot: options.webRoot ?? null,
      ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
      ...(options.requestLimits === undefined ? {} : { limits: options.requestLimits }),
    });
    return { context, web, config };
  } catch (error) {
    await context.close();
    const isTaken = error instanceof SetupError && error.code === 'port_taken';
    if (!isTaken || attempt === PORT_ATTEMPTS) throw error;
    return startServer(ground, attempt + 1);
  }
}

function configFor({ database, emulator, mailbox, options }: Ground, port: number): Config {
  const app = {
    clientId: 'emulator-client-id',
    clientSecret: 'emulator-client-secret',
    webhookKey: WEBHOOK_KEY,
  };
  return {
    port,
    listenAddress: LOOPBACK,
    publicUrl: `http://localhost:${port}`,
    dataDir: join(tmpdir(), `bursar-world-${randomBytes(8).toString('hex')}`),
    databaseUrl: database.ownerUrl,
    databaseConnections: 8,
    workerJobs: 4,
    encryptionKeys: [{ id: 'test', key: randomBytes(32) }],
    xero: {
      app: options.hasXeroApp === false ? null : app,
      loginUrl: emulator.url,
      identityUrl: emulator.url,
      apiUrl: emulator.url,
      pagesUrl: emulator.url,
      contactsPerCall: options.contactsPerCall ?? 500,
    },
    mail: {
      server:
        options.hasMailServer === false
          ? null
          : { url: mailbox.url, from: 'Bursar <bursar@bursar.example>' },
      operatorEmail: OPERATOR_EMAIL,
    },
    isSignUpOpen: options.signUp !== 'closed',
    logLevel: 'silent',
    metricsToken: options.metricsToken ?? null,
    trustedProxies: false,
    keepsGrantCopies: true,
    allowsLocalWebhooks: true,
    isHeld: false,
  };
}
