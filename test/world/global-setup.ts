import { fileURLToPath } from 'node:url';
import { isAlive } from '#platform/postgres/processes';
import { startPostgres } from '#platform/postgres/start-postgres';
import { dropLeftovers, SERVER_VARIABLE } from './database.ts';

const FOLDER = fileURLToPath(new URL('../../.data/test-postgres', import.meta.url));

/**
 * Starts the tests' own PostgreSQL (never the product's), or joins the one that another run
 * beside this one uses. It trades durability for speed. With BURSAR_TEST_POSTGRES set to the
 * address of a PostgreSQL that tests may make databases in, that one is used.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env[SERVER_VARIABLE];
  if (given) {
    await dropLeftovers(given, isAlive);
    return async () => undefined;
  }
  const server = await startPostgres({ dataDir: FOLDER, durable: false });
  process.env[SERVER_VARIABLE] = server.url;
  await dropLeftovers(server.url, isAlive);
  return async () => {
    delete process.env[SERVER_VARIABLE];
    await server.stop();
  };
}
