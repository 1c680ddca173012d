import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, createContext } from '#entry/context';
import { readConfig } from '#platform/config';
import { silentLogger } from '#platform/logger';
import { createWatch } from '../../emulator/coverage/watch.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../emulator/server.ts';
import { createTestDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { type Cast, createCast } from './people.ts';
import { keepSecret, keepTokens, runFile } from './run-folder.ts';

const WEBHOOK_KEY = 'emulator-webhook-key';
/** Xero's quarter of an hour, shortened: what was sent while nobody listened comes again soon. */
const WEBHOOK_RETRY_MS = 1_000;
const READY_WITHIN_MS = 60_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Bursar as it runs for people: real processes on real time, which can be killed. */
export interface ProcessWorld {
  readonly emulator: Emulator;
  readonly people: Cast;
  /** A context of the tests' own on the same database. */
  readonly context: Context;
  readonly url: string;
  startWeb(): Promise<void>;
  startWorker(): Promise<void>;
  /** kill -9, without a chance to tidy up; resolves when they are gone. */
  killAll(): Promise<void>;
  /** The ids of the processes that live. */
  living(): number[];
  close(): Promise<void>;
}

export interface ProcessWorldOptions {
  /** Hears Xero's answers, and may hold them up, in the place of the watch over their form. */
  onXeroAnswer?: EmulatorOptions['onAnswer'];
  /** The address by which the processes reach the database at `url`; as the tests do unless given. */
  databaseAt?: (url: string) => string | Promise<string>;
}

export async function startProcessWorld(options: ProcessWorldOptions = {}): Promise<ProcessWorld> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'bursar-processes-'));
  const watch = createWatch();
  const emulator = await createEmulator({
    onAnswer: options.onXeroAnswer ?? watch.hear,
    onTokens: keepTokens,
    // Of one family, as the processes: no other world answers at the same port of the other.
    host: '127.0.0.1',
    seed: 'empty',
    delivery: 'auto',
    webhookRetryMs: WEBHOOK_RETRY_MS,
  });
  const file = process.env.LOG_LEVEL ? null : runFile(`processes-${process.pid}.log`);
  const log = file === null ? null : openSync(file, 'a');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const settings = {
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: dataDir,
    DATABASE_URL: (await options.databaseAt?.(database.ownerUrl)) ?? database.ownerUrl,
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    XERO_CLIENT_ID: 'emulator-client-id',
    XERO_CLIENT_SECRET: 'emulator-client-secret',
    XERO_WEBHOOK_KEY: WEBHOOK_KEY,
    XERO_LOGIN_URL: emulator.url,
    XERO_IDENTITY_URL: emulator.url,
    XERO_API_URL: emulator.url,
    LOG_LEVEL: process.env.LOG_LEVEL ?? (log === null ? 'fatal' : 'debug'),
  };
  emulator.control.webhooks.configure(`${url}/webhooks/xero`, { key: WEBHOOK_KEY });
  for (const secret of [settings.XERO_CLIENT_SECRET, settings.XERO_WEBHOOK_KEY]) {
    keepSecret(secret, 'everywhere');
  }
  keepSecret(settings.ENCRYPTION_KEYS.split(':')[1], 'everywhere');
  const output = log ?? 'inherit';
  const running = new Set<ChildProcess>();

  async function start(script: string): Promise<void> {
    const child = spawn(process.execPath, [join(ROOT, script)], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
      stdio: ['ignore', output, output, 'ipc'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const signal = AbortSignal.timeout(READY_WITHIN_MS);
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`${script} ended with ${code} before it was ready`);
      }),
    ]);
    if (message !== 'ready') throw new Error(`${script} said ${message}`);
  }

  async function killAll(): Promise<void> {
    const gone = [...running].map((child) => once(child, 'exit'));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(gone);
  }

  const ofOurOwn = { ...settings, DATABASE_URL: database.ownerUrl };
  const context = await createContext(readConfig(ofOurOwn), {
    logger: silentLogger,
    poolSize: 2,
  });
  const people = await createCast(context, url, {
    name: 'Harbour Training',
    country: 'AU',
    label: 'harbour',
  });

  return {
    emulator,
    people,
    context,
    url,
    startWeb: () => start('src/entry/web-main.ts'),
    startWorker: () => start('src/entry/worker-main.ts'),
    killAll,
    living: () => [...running].flatMap(({ pid }) => pid ?? []),
    async close() {
      await killAll();
      await context.close();
      await emulator.close();
      await database.drop();
      if (log !== null) closeSync(log);
      await rm(dataDir, { recursive: true, force: true });
      watch.refuseGaps();
    },
  };
}
