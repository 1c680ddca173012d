import { randomBytes } from 'node:crypto';
import { chmod, link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, type Environment, readConfig } from '#platform/config';
import { migrate } from '#platform/migrate';
import { type RunningPostgres, startPostgres } from '#platform/postgres/start-postgres';
import { requireKnownSchema } from '#platform/schema-watch';
import { SetupError } from '#platform/setup-error';

/** What every process of Bursar needs before it can start. */
export interface Prepared {
  /** Complete settings to hand to child processes. */
  readonly env: Environment;
  readonly config: Config;
  /** The embedded database; null when DATABASE_URL names another. */
  readonly postgres: RunningPostgres | null;
}

/** Stands for the embedded database's address while the other settings are checked. */
const PLACEHOLDER_URL = 'postgresql://embedded/bursar';

/** Checks every setting before anything is started; the address of the database may be a stand-in. */
export async function checkSettings(env: Environment): Promise<Config> {
  if (env.DATABASE_URL) return readConfig(env);
  const standIn = `check:${randomBytes(32).toString('base64')}`;
  return readConfig({
    ...env,
    DATABASE_URL: PLACEHOLDER_URL,
    ENCRYPTION_KEYS: env.ENCRYPTION_KEYS || standIn,
  });
}

/** Starts or adopts the database, brings it to the newest schema and completes the settings. */
export function prepareDatabase(env: Environment): Promise<Prepared> {
  return readyDatabase(env, { migrates: true });
}

/**
 * Starts or adopts the database and completes the settings. Where it does not migrate, the database
 * must be as this Bursar needs it already.
 */
export async function readyDatabase(
  env: Environment,
  { migrates }: { migrates: boolean },
): Promise<Prepared> {
  const settle = migrates ? migrate : requireKnownSchema;
  const { dataDir } = await checkSettings(env);
  if (env.DATABASE_URL) {
    await settle(env.DATABASE_URL);
    return { env, config: readConfig(env), postgres: null };
  }
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  try {
    await settle(postgres.url);
    const complete = {
      ...env,
      DATA_DIR: dataDir,
      DATABASE_URL: postgres.url,
      ENCRYPTION_KEYS: env.ENCRYPTION_KEYS || (await ownKeys(dataDir)),
    };
    return { env: complete, config: readConfig(complete), postgres };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/**
 * The keys of an installation that was given none: made once and kept beside the embedded database
 * they belong to, readable by the owner alone.
 */
async function ownKeys(dataDir: string): Promise<string> {
  const path = join(dataDir, 'encryption-keys');
  const half = `${path}.${process.pid}`;
  await writeFile(half, `own:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  // A link is made whole or not at all, and never over keys that are there.
  await link(half, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(half);
  await chmod(path, 0o600);
  const keys = (await readFile(path, 'utf8')).trim();
  if (keys !== '') return keys;
  throw new SetupError(
    'keys_file_empty',
    `The file ${path} is empty and held the keys to stored tokens; restore it from a backup, or remove it and connect Xero again.`,
  );
}
