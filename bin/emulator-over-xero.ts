import pg from 'pg';
import type { Config } from '#platform/config';
import { SetupError } from '#platform/setup-error';
import { appOf } from '#xero/app-at-xero';

/**
 * Refuses to put the emulator in the place of a Xero that gave permissions which are stored here:
 * settings that were forgotten, as a rule. `config` is the one of the emulator.
 *
 * @throws SetupError `emulator_over_xero`, with which app it was and what to do
 */
export async function refuseOverXero(config: Config): Promise<void> {
  const emulator = appOf(config.xero);
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  try {
    await client.query('set role bursar_system');
    const { rows } = await client.query<{ app: string }>(
      `select client_id as app from grants where (client_id, issuer) is distinct from ($1, $2)
         and client_id is not null order by refreshed_at desc limit 1`,
      [emulator?.clientId, emulator?.issuer],
    );
    const [other] = rows;
    if (!other) return;
    throw new SetupError(
      'emulator_over_xero',
      `XERO_CLIENT_ID is not set, but this database holds permissions of the Xero app ${other.app}: the emulator does not take Xero’s place there. Set XERO_CLIENT_ID and XERO_CLIENT_SECRET (is .env where it should be?), or choose another DATA_DIR or DATABASE_URL to try things with the emulator.`,
    );
  } finally {
    await client.end();
  }
}
