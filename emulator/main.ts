import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_WEBHOOK_KEY } from './seeds/ground.ts';
import { createEmulator, type EmulatorOptions } from './server.ts';

const DEFAULT_PORT = 3001;

/** Runs an emulator from the environment until it is told to stop. */
async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const port = readPort(env.EMULATOR_PORT);
  const emulator = await createEmulator(optionsFrom(env, port));
  const stop = () => {
    emulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  console.log(`Xero emulator ready at http://localhost:${emulator.port}`);
}

function optionsFrom(env: NodeJS.ProcessEnv, port: number): EmulatorOptions {
  const retrySeconds = readCount(env, 'EMULATOR_WEBHOOK_RETRY_SECONDS', 86_400);
  return {
    port,
    apps: [
      {
        id: env.EMULATOR_CLIENT_ID || DEFAULT_CLIENT_ID,
        secret: env.EMULATOR_CLIENT_SECRET || DEFAULT_CLIENT_SECRET,
        ...(env.EMULATOR_APP_NAME ? { name: env.EMULATOR_APP_NAME } : {}),
      },
    ],
    webhookKey: env.EMULATOR_WEBHOOK_KEY || DEFAULT_WEBHOOK_KEY,
    ...(env.EMULATOR_DATA_DIR ? { dataDir: env.EMULATOR_DATA_DIR } : {}),
    ...(env.EMULATOR_WEBHOOK_URL ? { webhookUrl: env.EMULATOR_WEBHOOK_URL } : {}),
    ...(retrySeconds === undefined ? {} : { webhookRetryMs: retrySeconds * 1000 }),
    ...readSeed(env),
  };
}

function readPort(text: string | undefined): number {
  const port = text === undefined || text === '' ? DEFAULT_PORT : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`EMULATOR_PORT must be a port number, not "${text}"`);
}

/** `EMULATOR_SEED`, or a size by `EMULATOR_CONTACTS` and `EMULATOR_INVOICES` an organisation. */
function readSeed(env: NodeJS.ProcessEnv): Pick<EmulatorOptions, 'seed'> {
  const contacts = readCount(env, 'EMULATOR_CONTACTS', 100_000);
  const invoices = readCount(env, 'EMULATOR_INVOICES', 1_000_000);
  const seed = env.EMULATOR_SEED || undefined;
  const isNumber = seed !== undefined && /^\d{1,9}$/.test(seed);
  if (contacts !== undefined || invoices !== undefined) {
    return {
      seed: {
        ...(contacts === undefined ? {} : { contacts }),
        ...(invoices === undefined ? {} : { invoices }),
        ...(isNumber ? { number: Number(seed) } : {}),
      },
    };
  }
  if (seed === undefined) return {};
  if (seed === 'demo' || seed === 'life' || seed === 'empty') return { seed };
  if (isNumber) return { seed: Number(seed) };
  throw new Error(`EMULATOR_SEED must be demo, life, empty or a whole number, not "${seed}"`);
}

function readCount(env: NodeJS.ProcessEnv, name: string, most: number): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= most) return count;
  throw new Error(`${name} must be a whole number up to ${most}, not "${text}"`);
}

/** One sentence that says what to do. */
function explain(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') {
    const port = process.env.EMULATOR_PORT || DEFAULT_PORT;
    return `The Xero emulator cannot start: port ${port} is taken. Free it or set EMULATOR_PORT.`;
  }
  return `The Xero emulator cannot start: ${message ?? String(error)}`;
}

main(process.env).catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
