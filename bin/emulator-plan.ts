import { join } from 'node:path';
import { z } from 'zod';
import { type Environment, parseSettings, portSetting } from '#platform/config';
import { SetupError } from '#platform/setup-error';

/** The emulator in the place of Xero: what it is told, and what Bursar is told about it. */
export interface EmulatorPlan {
  readonly port: number;
  readonly url: string;
  readonly forEmulator: Environment;
  /** Ordinary settings: Bursar does not know that this Xero is not the real one. */
  readonly forBursar: Environment;
}

const CLIENT_ID = 'emulator-client-id';
const CLIENT_SECRET = 'emulator-client-secret';
const WEBHOOK_KEY = 'emulator-webhook-key';

/** Null when a Xero app is configured: then the real Xero, or whatever the settings name, is used. */
export function planEmulator(
  env: Environment,
  bursar: { port: number; dataDir: string },
): EmulatorPlan | null {
  const shape = z.object({ EMULATOR_PORT: portSetting.default(3001) });
  const port = parseSettings(shape, env).EMULATOR_PORT;
  if (env.XERO_CLIENT_ID) return null;
  if (port === bursar.port) {
    throw new SetupError(
      'wrong_setting',
      `The settings PORT and EMULATOR_PORT must differ, and both are ${port}.`,
    );
  }
  const url = `http://localhost:${port}`;
  return {
    port,
    url,
    forEmulator: {
      EMULATOR_PORT: String(port),
      EMULATOR_DATA_DIR: join(bursar.dataDir, 'emulator'),
      EMULATOR_APP_NAME: 'Bursar',
      EMULATOR_CLIENT_ID: CLIENT_ID,
      EMULATOR_CLIENT_SECRET: CLIENT_SECRET,
      EMULATOR_WEBHOOK_KEY: WEBHOOK_KEY,
      EMULATOR_WEBHOOK_URL: `http://127.0.0.1:${bursar.port}/webhooks/xero`,
    },
    forBursar: {
      XERO_CLIENT_ID: CLIENT_ID,
      XERO_CLIENT_SECRET: CLIENT_SECRET,
      XERO_WEBHOOK_KEY: WEBHOOK_KEY,
      XERO_LOGIN_URL: url,
      XERO_IDENTITY_URL: url,
      XERO_API_URL: url,
      XERO_PAGES_URL: url,
    },
  };
}
