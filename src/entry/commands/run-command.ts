import { parseArgs } from 'node:util';
import { AppError, toProblem } from '#platform/app-error';
import { SetupError } from '#platform/setup-error';
import type { Context } from '../context.ts';
import { acceptRestore, verifyAudit } from './audit-command.ts';
import { type Command, type Given, parseOptions, UsageError } from './command.ts';
import { migrateDatabase } from './database-command.ts';
import { importLearners } from './import-command.ts';
import { adoptInstallation } from './installation-command.ts';
import { rotateKeys } from './keys-command.ts';
import { listLicences } from './licence-commands.ts';
import { mailCommands } from './mail-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { providerCommands } from './provider-commands.ts';
import { signInCommands } from './sign-in-commands.ts';
import { supportCommands } from './support-commands.ts';

const commands: Command[] = [
  listLicences,
  ...providerCommands,
  ...supportCommands,
  ...mailCommands,
  ...peopleCommands,
  ...signInCommands,
  importLearners,
  rotateKeys,
  adoptInstallation,
  verifyAudit,
  acceptRestore,
  migrateDatabase,
];

/** Control characters but line breaks and tabs, and what overrides the direction of reading. */
const STEERING = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Where a command writes: results on one stream, complaints on the other. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
}

/**
 * Carries out one command line and answers the exit code: 0 done, 1 failed, 2 typed wrongly. The
 * context is opened only for a command that is typed rightly.
 */
export async function runCommand(
  args: readonly string[],
  bareTerminal: Terminal,
  open: (wish: { migrates: boolean }) => Promise<Context>,
): Promise<number> {
  const terminal = guarded(bareTerminal);
  try {
    const asked = read(args);
    if (asked === null) {
      for (const line of help()) terminal.out(line);
      return 0;
    }
    if (asked.isHelp) {
      for (const line of helpOf(asked.command)) terminal.out(line);
      return 0;
    }
    const context = await open({ migrates: asked.command.migrates === true });
    try {
      const told = await asked.command.run(context, asked.given);
      if (asked.isJson) terminal.out(JSON.stringify(told.data, null, 2));
      else for (const line of told.words) terminal.out(line);
      return told.hasFailed ? EXIT_FAILED : 0;
    } finally {
      await context.close();
    }
  } catch (error) {
    return complain(error, args.includes('--json'), terminal);
  }
}

/**
 * What others have typed is printed too: whatever would steer the terminal, or turn the direction
 * of reading, is written out as JSON writes it.
 */
function guarded(terminal: Terminal): Terminal {
  const written = (text: string) =>
    text.replaceAll('\r\n', '\n').replace(STEERING, (character) => {
      const number = character.codePointAt(0) ?? 0;
      return `\\u${number.toString(16).padStart(4, '0')}`;
    });
  return { out: (line) => terminal.out(written(line)), err: (line) => terminal.err(written(line)) };
}

interface Asked {
  command: Command;
  given: Given;
  isJson: boolean;
  isHelp: boolean;
}

function read(args: readonly string[]): Asked | null {
  const [first, second, ...rest] = args;
  if (first === undefined || first === '--help' || first === 'help') return null;
  const command = commands.find(({ name }) => name === `${first} ${second ?? ''}`);
  if (!command) {
    const known = commands.map(({ name }) => name).join(', ');
    const typed = second === undefined || second.startsWith('-') ? first : `${first} ${second}`;
    throw new UsageError(`There is no command “${typed}”; there are: ${known}.`);
  }
  const { values, positionals } = parseTyped(command, rest);
  const { json, help: isHelp, ...options } = values;
  const given = { options: textsOf(options), files: positionals };
  if (!isHelp) checkComplete(command, given);
  return { command, given, isJson: json === true, isHelp: isHelp === true };
}

/** An option without a value, once typed, counts as the text `yes`. */
function textsOf(options: Record<string, unknown>): Given['options'] {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value === true ? 'yes' : undefined,
    ]),
  );
}

function parseTyped(command: Command, args: string[]) {
  try {
    return parseArgs({
      args,
      options: parseOptions(command),
      strict: true,
      allowPositionals: command.files !== undefined,
    });
  } catch (cause) {
    const [sentence = ''] = (cause as Error).message.split('. ');
    throw new UsageError(`${sentence.replace(/\.$/, '')}; see "${command.name} --help".`);
  }
}

function checkComplete(command: Command, given: Given): void {
  const missing = Object.entries(command.options)
    .filter(([name, { isNeeded }]) => isNeeded && !given.options[name]?.trim())
    .map(([name]) => `--${name}`);
  if (missing.length > 0) {
    throw new UsageError(
      `"${command.name}" needs ${missing.join(' and ')}; see "${command.name} --help".`,
    );
  }
  if (command.files !== undefined && given.files.length === 0) {
    throw new UsageError(`"${command.name}" needs ${command.files}; see "${command.name} --help".`);
  }
}

function complain(error: unknown, isJson: boolean, terminal: Terminal): number {
  if (error instanceof UsageError) {
    if (isJson) terminal.out(JSON.stringify({ code: 'usage', detail: error.message }, null, 2));
    terminal.err(error.message);
    return EXIT_USAGE;
  }
  if (error instanceof AppError) {
    const problem = toProblem(error);
    if (isJson) terminal.out(JSON.stringify(problem, null, 2));
    const fields = problem.fields?.map(({ field, message }) => `${field}: ${message}`) ?? [];
    const cause = [problem.title, problem.detail, ...fields].filter(Boolean).join(': ');
    terminal.err(`${cause.replace(/\.?$/, '.')} ${problem.way}`);
    return EXIT_FAILED;
  }
  if (error instanceof SetupError) {
    terminal.err(error.message);
    return EXIT_FAILED;
  }
  throw error;
}

function help(): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: npm run bursar -- COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Each takes --json (answer as JSON) and --help.',
  ];
}

function helpOf(command: Command): string[] {
  const options = Object.entries(command.options).map(
    ([name, { value, isNeeded, help: text }]) => ({
      typed: value === null ? `--${name}` : `--${name} ${value}`,
      text: isNeeded ? text : `${text} (optional)`,
    }),
  );
  const width = Math.max(...options.map(({ typed }) => typed.length), 0);
  return [
    `${command.summary}.`,
    '',
    `Usage: npm run bursar -- ${command.name} [OPTIONS]${command.files ? ` ${command.files}` : ''}`,
    '',
    ...options.map(({ typed, text }) => `  ${typed.padEnd(width)}  ${text}`),
  ];
}
