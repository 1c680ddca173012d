import pg from 'pg';
import type { Config } from '#platform/config';
import { isLoopback } from '#platform/setting-forms';
import { SetupError } from '#platform/setup-error';
import { type DemoSignIn, demoSignIns } from '../seeds/demo-sign-ins.ts';

/**
 * Lays the demo into a database without any provider and answers with its sign-ins as far as they
 * are there, at later starts too. Their password is public, so a Bursar that others can reach by
 * its address gets no demo. With an emulator its books get some of the learners too, once it is up.
 */
export async function layDemo(
  config: Config,
  emulator: { url: string; ready: Promise<void> } | null,
): Promise<readonly DemoSignIn[]> {
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  try {
    const isEmpty = (await client.query('select from providers limit 1')).rowCount === 0;
    if (isEmpty && isLoopback(config.publicUrl)) {
      // Loaded only here, since it brings every room with it.
      const { seedDemo } = await import('../seeds/demo.ts');
      await emulator?.ready;
      await seedDemo(config, emulator?.url ?? null);
    }
    return await present(client);
  } finally {
    await client.end();
  }
}

/**
 * Refuses to go on where others can reach this Bursar while people of the demo, whose password is
 * public, work here: a data folder that was tried out first and is used in earnest now.
 *
 * @throws SetupError `demo_in_public`, with who they are and what to do
 */
export async function refuseDemoInPublic(config: Config): Promise<void> {
  if (isLoopback(config.publicUrl)) return;
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  try {
    const emails = (await present(client)).map(({ email }) => email);
    if (emails.length === 0) return;
    throw new SetupError(
      'demo_in_public',
      `People of the demo still work in this database (${emails.join(', ')}), and everybody knows their password: choose another DATA_DIR or DATABASE_URL for work in earnest, or start once more without PUBLIC_URL and remove them under Settings > People.`,
    );
  } finally {
    await client.end();
  }
}

/** The demo's people who belong to a provider. */
async function present(client: pg.Client): Promise<readonly DemoSignIn[]> {
  await client.query('set role bursar_system');
  const { rows } = await client.query<{ email: string }>(
    `select distinct u.email from auth."user" u join members m on m.person_id = u.id
     where u.email = any($1)`,
    [demoSignIns.map(({ email }) => email)],
  );
  const there = new Set(rows.map(({ email }) => email));
  return demoSignIns.filter(({ email }) => there.has(email));
}
