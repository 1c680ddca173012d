import pg from 'pg';
import type { Config } from '#platform/config';
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

async function present(client: pg.Client): Promise<readonly DemoSignIn[]> {
  const { rows } = await client.query<{ email: string }>(
    'select email from auth."user" where email = any($1)',
    [demoSignIns.map(({ email }) => email)],
  );
  const there = new Set(rows.map(({ email }) => email));
  return demoSignIns.filter(({ email }) => there.has(email));
}

function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
