import type { ParseArgsOptionsConfig } from 'node:util';
import type { z } from 'zod';
import type { Provider } from '#providers/index';
import type { Context } from '../context.ts';

/** What was typed after a command's name, already checked against its options. */
export interface Given {
  options: Record<string, string | undefined>;
  files: string[];
}

/** What a command tells: the data for `--json`, and the same in words for a person. */
export interface Told {
  data: Record<string, unknown>;
  words: string[];
  /** Carried out, but what it found is a failure: exit code 1. */
  hasFailed?: boolean;
}

export interface Command {
  /** As typed: `provider create`. */
  name: string;
  /** What it does, in one line. */
  summary: string;
  /** The options it takes, each with what stands for its value in the help; null: it has none. */
  options: Record<string, { value: string | null; isNeeded: boolean; help: string }>;
  /** What the files after the options are, if it takes any. */
  files?: string;
  /** Whether the database is brought to the newest schema before; else it must have it. */
  migrates?: boolean;
  run(context: Context, given: Given): Promise<Told>;
}

/** Something typed wrongly: one clear sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The option table in the form that `util.parseArgs` takes, with those that all commands share. */
export function parseOptions(command: Command): ParseArgsOptionsConfig {
  const own = Object.entries(command.options).map(([name, { value }]) => {
    const type: 'boolean' | 'string' = value === null ? 'boolean' : 'string';
    return [name, { type }];
  });
  return { ...Object.fromEntries(own), json: { type: 'boolean' }, help: { type: 'boolean' } };
}

/** A needed option's value. */
export function needed(given: Given, name: string): string {
  const value = given.options[name]?.trim();
  if (!value) throw new UsageError(`Please give --${name}.`);
  return value;
}

/** A needed option's value in the shape that the pages ask for too. @throws UsageError */
export function neededAs<Value>(given: Given, name: string, shape: z.ZodType<Value>): Value {
  const parsed = shape.safeParse(needed(given, name));
  if (parsed.success) return parsed.data;
  throw new UsageError(`What --${name} gives ${parsed.error.issues[0]?.message}.`);
}

const PAGE_SIZE = 1_000;
const NAMED_MAX = 10;

/** Every provider of this Bursar, however many there are, oldest first. */
export async function* everyProvider({ providers }: Context): AsyncGenerator<Provider> {
  let page: Provider[] = [];
  do {
    page = await providers.list(PAGE_SIZE, page.at(-1)?.id);
    yield* page;
  } while (page.length === PAGE_SIZE);
}

/** All of them at once, for what has to hold them together. */
export async function allProviders(context: Context): Promise<Provider[]> {
  const all: Provider[] = [];
  for await (const one of everyProvider(context)) all.push(one);
  return all;
}

/**
 * The provider that `--provider` names by id or by name; without it, the only one there is.
 * @throws UsageError when that is none, or more than one
 */
export async function chosenProvider(context: Context, given: Given): Promise<Provider> {
  const wanted = given.options.provider?.trim();
  let isEmpty = true;
  const found: Provider[] = [];
  for await (const one of everyProvider(context)) {
    isEmpty = false;
    if (wanted && one.id !== wanted.toLowerCase() && !sameName(one.name, wanted)) continue;
    if (found.push(one) === NAMED_MAX) break;
  }
  const [only] = found;
  if (only && found.length === 1) return only;
  if (isEmpty) throw new UsageError('There is no provider yet: make one with "provider create".');
  if (!only) throw new UsageError(`There is no provider “${wanted}” here.`);
  const names = found.map(({ id, name }) => `${name} (${id})`);
  throw new UsageError(`Please say which one with --provider and its id: ${names.join(', ')}.`);
}

/** Whether a name that was typed is a provider's, blind to case and to spaces around it. */
export function sameName(one: string, other: string): boolean {
  return one.trim().toLocaleLowerCase('en') === other.trim().toLocaleLowerCase('en');
}
