import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '#platform/postgres/processes';
import { startPostgres } from '#platform/postgres/start-postgres';
import { dropLeftovers, SERVER_VARIABLE } from './database.ts';
import { fastestFolder, nameFor } from './memory-folder.ts';
import { RUN_VARIABLE } from './run-folder.ts';
import { findLeaks } from './secret-grep.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNS = fileURLToPath(new URL('../../.data/test-runs', import.meta.url));
const LEAKS_TOLD = 20;

/**
 * Starts the tests' own PostgreSQL (never the product's), or joins the one that another run
 * beside this one uses. It trades durability for speed, and leaves nothing behind. With BURSAR_TEST_POSTGRES set to the
 * address of a PostgreSQL that tests may make databases in, that one is used.
 *
 * What worlds and processes write during the run is kept in a folder; when all is over it must
 * hold none of the secrets that the run has come to know, or the run has failed. The folder of
 * a run that failed so, or was killed, stays until the next one.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const run = join(RUNS, `${process.pid}-${process.hrtime.bigint()}`);
  mkdirSync(run, { recursive: true });
  for (const name of readdirSync(RUNS)) {
    if (!isAlive(Number(name.split('-')[0]))) rmSync(join(RUNS, name), { recursive: true });
  }
  process.env[RUN_VARIABLE] = run;
  const stopDatabase = await provideDatabase();
  return async () => {
    delete process.env[RUN_VARIABLE];
    await stopDatabase();
    refuseLeaks(run);
    const ended = process.env.BURSAR_TEST_ENDED;
    if (ended) writeFileSync(ended, '');
  };
}

/** Fails the run and leaves its folder to be looked at when a secret stands in it. */
function refuseLeaks(run: string): void {
  const { leaks, secrets, bytes } = findLeaks(run);
  const searched = `${secrets} secrets in ${Math.round(bytes / 1024)} kB`;
  if (leaks.length === 0) {
    console.info(`Looked for ${searched} of logs and answers: none found.`);
    rmSync(run, { recursive: true, force: true });
    return;
  }
  for (const { file, line, secret, spelling } of leaks.slice(0, LEAKS_TOLD)) {
    console.error(`A secret (${secret}, ${spelling}) stands in ${join(run, file)}, line ${line}`);
  }
  process.exitCode = 1;
  throw new Error(`Found ${leaks.length} leaks of ${searched}`);
}

async function provideDatabase(): Promise<() => Promise<void>> {
  const given = process.env[SERVER_VARIABLE];
  if (given) {
    await dropLeftovers(given, isAlive);
    return async () => undefined;
  }
  const dataDir = join(fastestFolder(), nameFor('tests', ROOT));
  const server = await startPostgres({ dataDir, durable: false, passing: true });
  process.env[SERVER_VARIABLE] = server.url;
  await dropLeftovers(server.url, isAlive);
  return async () => {
    delete process.env[SERVER_VARIABLE];
    await server.stop();
  };
}
