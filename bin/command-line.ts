import { runCommand } from '#entry/commands/run-command';
import { createContext } from '#entry/context';
import { readEnvironment } from '#platform/config';
import type { RunningPostgres } from '#platform/postgres/start-postgres';
import { readyDatabase } from './environment.ts';

// Carries out one command with the settings and the database of npm start, which may or may not
// run. The database is opened only for a command that needs it.

const INTERRUPTED = 130;
let postgres: RunningPostgres | null = null;

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => void leave(INTERRUPTED));
}

const terminal = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
};
await leave(
  await runCommand(process.argv.slice(2), terminal, async ({ migrates }) => {
    const prepared = await readyDatabase({ LOG_LEVEL: 'warn', ...readEnvironment() }, { migrates });
    postgres = prepared.postgres;
    return createContext(prepared.config, { poolSize: 2 });
  }),
);

async function leave(code: number): Promise<void> {
  await postgres?.stop();
  // Else what a slow reader has not taken yet would be cut off.
  await new Promise((written) => process.stdout.write('', written));
  process.exit(code);
}
