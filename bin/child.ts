import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '#platform/config';
import { SetupError } from '#platform/setup-error';

/** A program that the supervisor keeps running. */
export interface ChildPlan {
  readonly name: string;
  /** A TypeScript file, relative to the project's folder. */
  readonly script: string;
  readonly env: Environment;
  /** Hears every line that the child prints. */
  readonly heard: (line: string) => void;
}

/** A running child. */
export interface Child {
  /** Resolves when it is ready for work for the first time; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves with a sentence when it has ended and is not started again. */
  readonly lost: Promise<string>;
  /** Asks it to stop, insists after a while, and waits for its end. */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 12_000;
const READY_WITHIN_MS = 60_000;
/** Deaths within the window after which the run is given up. */
const MOST_DEATHS = 4;
const DEATH_WINDOW_MS = 60_000;
const RESTART_AFTER_MS = 500;
const KEPT_LINES = 5;

/** Starts a child and starts it again when it dies, unless it never got ready or dies too often. */
export function keepRunning(plan: ChildPlan): Child {
  const words = new EventEmitter<{ ready: []; lost: [string] }>();
  const ready = Promise.race([once(words, 'ready'), failsWhenLost(words), failsWhenLate(plan)]);
  // A failure may come before anybody waits for it.
  ready.catch(() => undefined);
  const lost = once(words, 'lost').then(([sentence]) => String(sentence));
  let current = launch(plan, words);
  let hasBeenReady = false;
  let isStopping = false;
  let deaths: number[] = [];
  words.once('ready', () => {
    hasBeenReady = true;
  });

  const watch = (): void => {
    current.ended.then(async (how) => {
      if (isStopping) return;
      const now = performance.now();
      deaths = [...deaths.filter((death) => death > now - DEATH_WINDOW_MS), now];
      if (!hasBeenReady || deaths.length >= MOST_DEATHS) {
        words.emit('lost', `${describeEnd(plan.name, how)}${lastWords(current.lines)}`);
        return;
      }
      plan.heard(`${describeEnd(plan.name, how)} It is started again.`);
      await pause(RESTART_AFTER_MS);
      if (isStopping) return;
      current = launch(plan, words);
      watch();
    });
  };
  watch();

  return {
    ready: ready.then(() => undefined),
    lost,
    async stop() {
      isStopping = true;
      await stopProcess(current);
    },
  };
}

interface Launched {
  readonly process: ChildProcess;
  readonly ended: Promise<string>;
  /** The last lines that it printed. */
  readonly lines: string[];
}

function launch(plan: ChildPlan, words: EventEmitter<{ ready: []; lost: [string] }>): Launched {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', './bin/tether.mjs', plan.script],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: plan.env as NodeJS.ProcessEnv,
      // A session of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
      detached: process.platform !== 'win32',
    },
  );
  const lines: string[] = [];
  const hear = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    if (/ ready at http/.test(line)) words.emit('ready');
    plan.heard(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', hear);
  }
  child.on('message', (message) => {
    if (message === 'ready') words.emit('ready');
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('close', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
  return { process: child, ended, lines };
}

async function stopProcess({ process: child, ended }: Launched): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(insist);
}

async function failsWhenLost(words: EventEmitter<{ ready: []; lost: [string] }>): Promise<never> {
  const [sentence] = await once(words, 'lost');
  throw new SetupError('child_lost', String(sentence));
}

async function failsWhenLate(plan: ChildPlan): Promise<never> {
  await pause(READY_WITHIN_MS, undefined, { ref: false });
  throw new SetupError(
    'child_late',
    `The ${plan.name} process was not ready within ${READY_WITHIN_MS / 1000} s.`,
  );
}

function describeEnd(name: string, how: string): string {
  return `The ${name} process ${how}.`;
}

function lastWords(lines: readonly string[]): string {
  const said = lines.filter((line) => line.trim() !== '' && !line.startsWith('    at '));
  return said.length === 0 ? '' : ` It said: ${said.join(' ').slice(0, 600)}`;
}
