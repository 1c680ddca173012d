import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '#platform/clock';
import { type Config, type Environment, readConfig, readEnvironment } from '#platform/config';
import { makeDataFolder } from '#platform/data-dir';
import { openDatabase } from '#platform/database';
import { createInstallation, heldWords } from '#platform/installation';
import type { RunningPostgres } from '#platform/postgres/start-postgres';
import { SetupError } from '#platform/setup-error';
import { type Child, keepRunning } from './child.ts';
import { layDemo, refuseDemoInPublic } from './demo.ts';
import { refuseOverXero } from './emulator-over-xero.ts';
import { planEmulator } from './emulator-plan.ts';
import { checkSettings, prepareDatabase } from './environment.ts';
import { openJournal } from './journal.ts';
import { requireFreePort } from './ports.ts';
import { welcome } from './welcome.ts';

const DATABASE_WATCH_MS = 2000;

/** What must be stopped at the end: all children together, then the database. */
const children: Child[] = [];
let database: RunningPostgres | null = null;
let isStopping = false;

// A reader that goes away (`npm start | head`) ends nothing.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const told = new Promise<void>((resolve) => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve());
  process.on('disconnect', () => resolve());
});

try {
  const running = await Promise.race([told, start()]);
  if (running) {
    const lost = await Promise.race([told, running.lost]);
    if (lost) throw new SetupError('child_lost', lost);
  }
  await stopAll();
  process.stdout.write('\nBursar has stopped.\n');
  process.exit(0);
} catch (error) {
  await stopAll();
  process.stderr.write(`\n${describe(error)}\n`);
  process.exit(1);
}

/** Brings everything up; `lost` resolves with a sentence when a part of it is gone for good. */
async function start(): Promise<{ lost: Promise<string> }> {
  const env = readEnvironment();
  const settings = await checkSettings(env);
  const emulator = planEmulator(env, settings);
  const logs = join(settings.dataDir, 'logs');
  await makeDataFolder(logs);
  const keep = (name: string, script: string, childEnv: Environment): Child => {
    const journal = openJournal(logs, name, Boolean(env.LOG_LEVEL));
    const child = keepRunning({ name, script, env: childEnv, heard: journal.write });
    children.push(child);
    return child;
  };

  await Promise.all([
    requireFreePort(settings.port, 'PORT'),
    emulator && requireFreePort(emulator.port, 'EMULATOR_PORT'),
  ]);
  const xero = emulator && {
    url: emulator.url,
    ready: keep('emulator', 'emulator/main.ts', { ...env, ...emulator.forEmulator }).ready,
  };
  const prepared = await prepareDatabase(env);
  database = prepared.postgres;
  if (isStopping) await database?.stop();
  else await refuseDemoInPublic(prepared.config);
  const complete = { ...prepared.env, ...emulator?.forBursar };
  if (emulator && !isStopping) await refuseOverXero(readConfig(complete));
  if (!isStopping) {
    keep('web', 'src/entry/web-main.ts', complete);
    keep('worker', 'src/entry/worker-main.ts', complete);
  }
  const ready = Promise.all(children.map((child) => child.ready));
  const [demo] = await Promise.all([layDemo(readConfig(complete), xero), ready]);
  process.stdout.write(
    `\n${welcome(settings.publicUrl, emulator?.url, demo, await heldNotice(readConfig(complete)))}\n`,
  );
  return { lost: Promise.race([...children.map(({ lost }) => lost), watchDatabase()]) };
}

/** Why this Bursar sends nothing, if it does not. */
async function heldNotice(config: Config): Promise<string | null> {
  const database = openDatabase(config.databaseUrl, { poolSize: 1 });
  const installation = createInstallation({ database, clock: systemClock, config });
  const held = await installation.whyHeld();
  await database.close();
  return held && heldWords(held, config.publicUrl);
}

/** Starts the embedded database again when somebody kills it; a sentence when that fails. */
async function watchDatabase(): Promise<string> {
  while (database !== null && !isStopping) {
    await pause(DATABASE_WATCH_MS);
    if (isStopping || (await database.isRunning())) continue;
    process.stderr.write('database: PostgreSQL has ended; it is started again.\n');
    try {
      await database.revive();
    } catch (error) {
      return describe(error);
    }
  }
  return new Promise(() => undefined);
}

async function stopAll(): Promise<void> {
  isStopping = true;
  await Promise.all(children.map((child) => child.stop()));
  await database?.stop();
}

function describe(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
