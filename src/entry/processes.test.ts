import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { freePort } from '../../test/world/free-port.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 60_000;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Started {
  child: ChildProcess;
  /** Everything printed, once it has ended. */
  ended: Promise<{ code: number | null; printed: string }>;
}

function start(script: string, settings: Record<string, string>): Started {
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.ownerUrl,
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      LOG_LEVEL: 'fatal',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // The event `close` never comes once the channel was cut from this side: exit and both streams.
  const texts = [child.stdout, child.stderr].map(readAll);
  const ended = Promise.all([once(child, 'exit'), ...texts]).then(([[code], ...printed]) => ({
    code: code as number | null,
    printed: printed.join(''),
  }));
  return { child, ended };
}

async function readAll(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

async function ready({ child, ended }: Started): Promise<void> {
  const died = ended.then(({ code, printed }) => {
    throw new Error(`ended with ${code} before it was ready: ${printed}`);
  });
  const [message] = await Promise.race([once(child, 'message'), died]);
  expect(message).toBe('ready');
}

describe.each(['src/entry/web-main.ts', 'src/entry/worker-main.ts'])('%s', (script) => {
  test(
    'stops in order when it is told to, and when whoever started it is gone',
    async () => {
      const told = start(script, { PORT: String(await freePort()) });
      await ready(told);
      told.child.kill('SIGTERM');
      expect(await told.ended).toEqual({ code: 0, printed: '' });

      const orphan = start(script, { PORT: String(await freePort()) });
      await ready(orphan);
      orphan.child.disconnect();
      expect(await orphan.ended).toEqual({ code: 0, printed: '' });
    },
    PATIENCE_MS,
  );

  test(
    'ends with one sentence when a setting is wrong',
    async () => {
      const { code, printed } = await start(script, { PORT: 'many' }).ended;
      expect(code).toBe(1);
      expect(printed.trim()).toBe(
        'The setting PORT must be a whole number from 1 to 65535, and is “many”.',
      );
    },
    PATIENCE_MS,
  );
});

test(
  'a taken port is told in one sentence',
  async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, printed } = await start('src/entry/web-main.ts', { PORT: String(port) }).ended;
    taken.close();
    expect(code).toBe(1);
    expect(printed.trim().split('\n')).toEqual([
      `Port ${port} is taken by another program: stop that program or set PORT to another number.`,
    ]);
  },
  PATIENCE_MS,
);

test(
  'an address that this machine does not have is told in one sentence',
  async () => {
    const settings = { PORT: String(await freePort()), LISTEN_ADDRESS: '203.0.113.1' };
    const { code, printed } = await start('src/entry/web-main.ts', settings).ended;
    expect(code).toBe(1);
    expect(printed.trim()).toBe(
      'This machine has no address 203.0.113.1: set LISTEN_ADDRESS to one that it has.',
    );
  },
  PATIENCE_MS,
);

test(
  'behind https a proxy that is not named is told at the start',
  async () => {
    const settings = { PUBLIC_URL: 'https://bursar.example.org', LOG_LEVEL: 'warn' };
    const started = start('src/entry/web-main.ts', { ...settings, PORT: String(await freePort()) });
    await ready(started);
    started.child.kill('SIGTERM');
    const { code, printed } = await started.ended;
    expect(code).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ level: 40, code: 'alarm.proxy-not-trusted' });
  },
  PATIENCE_MS,
);
