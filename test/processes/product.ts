import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keepLog } from '../world/run-folder.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const READY = /Bursar is ready at (\S+)/;
const PATIENCE_MS = 90_000;

/** What a program said and how it ended. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A running `npm start`. */
export interface Product {
  /** What it has printed so far. */
  readonly out: string;
  readonly err: string;
  readonly url: string;
  /** How long it took until it said that it was ready. */
  readonly tookMs: number;
  /** Sends a signal to the process that was started, and to no other. */
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

type Settings = Readonly<Record<string, string>>;

/** Starts the product as `npm start` does and waits until it says where it is. */
export async function startProduct(settings: Settings): Promise<Product> {
  const startedAt = performance.now();
  const running = launch('bin/start.mjs', [], settings);
  const url = await Promise.race([
    saying(running, READY),
    running.ended.then(({ code, err }) => {
      throw new Error(`npm start ended with ${code} before it was ready: ${err}`);
    }),
  ]);
  const tookMs = Math.round(performance.now() - startedAt);
  return Object.assign(running, { url, tookMs });
}

/** Runs one of the scripts in bin/ to its end. */
export function runToEnd(script: string, args: string[], settings: Settings): Promise<Ended> {
  return launch(script, args, settings).ended;
}

function launch(script: string, args: string[], settings: Settings) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnvironment(), ...settings },
  });
  const said = { out: '', err: '' };
  const running = Object.assign(said, {
    signal: (name: NodeJS.Signals) => void child.kill(name),
    ended: endOf(child).then((code): Ended => ({ code, out: said.out, err: said.err })),
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
    keepLog('product', text);
  });
  return running;
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : null;
}

async function saying(running: { out: string }, pattern: RegExp): Promise<string> {
  return until(() => pattern.exec(running.out)?.[1], 'the product to be ready');
}

/** Asks again and again until there is an answer; fails when there is none for long. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what: string,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(50);
  }
  throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
}

/** The environment of the tests without what steers the product or the tests' own database. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const steering =
    /^(PORT|PUBLIC_URL|DATA_DIR|DATABASE_URL|ENCRYPTION_KEYS|XERO_.*|EMULATOR_.*|LOG_LEVEL|VITEST.*|NODE_ENV|NODE_OPTIONS)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}

/** Ids of the living processes whose environment or command line names the data folder. */
export function processesOf(dataDir: string, script: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(script))
    .filter((pid) =>
      `${read(`/proc/${pid}/environ`)}${read(`/proc/${pid}/cmdline`)}`.includes(dataDir),
    )
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
