import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '#platform/postgres/start-postgres';
import { SERVER_VARIABLE } from '../world/database.ts';
import { fastestFolder, nameFor } from '../world/memory-folder.ts';
import type { Figure, Goal, Options } from './sync/goal.ts';
import { m1 } from './sync/m1.ts';
import { p1 } from './sync/p1.ts';
import { p2 } from './sync/p2.ts';
import { p3 } from './sync/p3.ts';
import { p4 } from './sync/p4.ts';
import { p5 } from './sync/p5.ts';
import { r3 } from './sync/r3.ts';
import { r4 } from './sync/r4.ts';
import { r6 } from './sync/r6.ts';
import { r8 } from './sync/r8.ts';
import { r9 } from './sync/r9.ts';
import { tableOf } from './sync/table.ts';

/** `npm run bench:sync`: see docs/benchmarks.md. */
const GOALS: readonly Goal[] = [p1, p2, p3, p4, p5, r3, r4, r6, r8, r9, m1];
const SIZES: Options = {
  learners: 10_000,
  invoices: 100_000,
  records: 20_000,
  trials: 200,
  orgs: 1_000,
  changes: 100,
};
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    /** Goals to measure, separated by commas; all unless said. */
    only: { type: 'string' },
    learners: { type: 'string' },
    invoices: { type: 'string' },
    records: { type: 'string' },
    trials: { type: 'string' },
    orgs: { type: 'string' },
    changes: { type: 'string' },
  },
});

const server = process.env[SERVER_VARIABLE]
  ? null
  : await startPostgres({
      dataDir: join(fastestFolder(), nameFor('bench', ROOT)),
      durable: false,
      passing: true,
    });
if (server) process.env[SERVER_VARIABLE] = server.url;
try {
  process.exitCode = await measure(chosenGoals(), sizes());
} finally {
  await server?.stop();
}

function chosenGoals(): readonly Goal[] {
  if (values.only === undefined) return GOALS;
  const ids = values.only.toUpperCase().split(',');
  const unknown = ids.filter((id) => !GOALS.some((goal) => goal.id === id));
  if (unknown.length > 0) throw new Error(`There is no goal ${unknown.join(', ')}`);
  return GOALS.filter((goal) => ids.includes(goal.id));
}

function sizes(): Options {
  const given = Object.entries(SIZES).map(([name, size]) => {
    const text = values[name as keyof Options];
    if (text === undefined) return [name, size];
    if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} must be a whole number above 0`);
    return [name, Number(text)];
  });
  return Object.fromEntries(given) as Options;
}

/** Measures one goal after the other. Gives 1 when one of them is missed. */
async function measure(goals: readonly Goal[], options: Options): Promise<number> {
  const results: { goal: Goal; figures: Figure[] }[] = [];
  for (const goal of goals) {
    const begun = performance.now();
    const result = { goal, figures: await goal.run(options) };
    results.push(result);
    const seconds = (performance.now() - begun) / 1_000;
    // At once, so that a later goal that breaks takes nothing away.
    process.stderr.write(`${tableOf([result])}\n${goal.id} took ${seconds.toFixed(0)} s\n\n`);
  }
  process.stdout.write(`${tableOf(results)}\n`);
  const figures = results.flatMap((result) => result.figures);
  const missed = figures.filter(({ isReached }) => isReached === false);
  return missed.length > 0 ? 1 : 0;
}
