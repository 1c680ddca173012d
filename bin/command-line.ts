import { spawn } from 'node:child_process';
import { readEnvironment } from '#platform/config';
import { SetupError } from '#platform/setup-error';
import { prepareDatabase } from './environment.ts';

// Runs src/entry/cli.ts with the settings and the database of npm start, which may or may not run.
try {
  const { env, postgres } = await prepareDatabase(readEnvironment());
  const code = await runToEnd({ LOG_LEVEL: 'warn', ...env });
  await postgres?.stop();
  process.exit(code);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function runToEnd(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'src/entry/cli.ts', ...process.argv.slice(2)],
    { stdio: 'inherit', env: env as NodeJS.ProcessEnv },
  );
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => child.kill(name));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
