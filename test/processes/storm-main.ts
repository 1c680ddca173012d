import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** `npm run storm -- --renewals 1000 --seed 1`: see docs/connection-life.md. */
const { values } = parseArgs({
  options: {
    renewals: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '20260302' },
  },
});

const tests = fileURLToPath(new URL('../../bin/test.mjs', import.meta.url));
const env = {
  ...process.env,
  BURSAR_STORM_RENEWALS: values.renewals,
  BURSAR_STORM_SEED: values.seed,
};
const { status } = spawnSync(process.execPath, [tests, 'test/processes/grant-storm.test.ts'], {
  env,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
