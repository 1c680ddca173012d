import { readConfig, readEnvironment } from '#platform/config';
import { runCommand } from './commands/run-command.ts';
import { createContext } from './context.ts';

const terminal = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
};

process.exitCode = await runCommand(process.argv.slice(2), terminal, () =>
  createContext(readConfig(readEnvironment()), { poolSize: 2 }),
);
