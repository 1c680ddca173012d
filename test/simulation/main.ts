import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { plants } from './bugs.ts';
import { type Found, lookFor, simulateMany, wordsOf } from './crew.ts';
import { pathOf } from './hooks.ts';

/** `npm run simulate`: see docs/simulation.md. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    acts: { type: 'string', default: '65' },
    layer: { type: 'string', default: 'a' },
    workers: { type: 'string', default: '1' },
    bugs: { type: 'boolean', default: false },
    bug: { type: 'string' },
    counts: { type: 'boolean', default: false },
    tail: { type: 'string', default: '40' },
  },
});
const acts = Number(values.acts);
const tail = Number(values.tail);
const TOLD_EVERY = 100;
/** A planted bug must show itself within so many seeds. */
const SEEDS_PER_BUG = 1_000;

if (values.layer === 'b') process.exitCode = inPostgres();
else if (values.bugs || values.bug) process.exitCode = await plantBugs();
else process.exitCode = values.seed ? await replay(Number(values.seed)) : await explore();

/** The same storm over PostgreSQL, which the tests' set-up starts. */
function inPostgres(): number {
  const from = Number(values.seed ?? values.from);
  const count = values.seed ? 1 : Number(values.seeds);
  const env = { ...process.env, STORM_FROM: String(from), STORM_COUNT: String(count) };
  const vitest = pathOf('node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', 'test/simulation/storm.test.ts'];
  return spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status ?? 1;
}

async function explore(): Promise<number> {
  const order = { from: Number(values.from), count: Number(values.seeds), acts, tail };
  const begun = performance.now();
  let done = 0;
  const sum = await simulateMany(order, Number(values.workers), (told) => {
    done += 1;
    if (told.violations.length > 0) console.log(wordsOf(told, acts));
    if (done % TOLD_EVERY === 0)
      console.log(`${done} seeds, ${Math.round(performance.now() - begun)} ms`);
  });
  const seconds = (performance.now() - begun) / 1_000;
  console.log(
    `${sum.seeds} seeds from ${order.from}: ${sum.broken.length} broken; ` +
      `${Math.round(sum.events / sum.seeds)} events a seed (${sum.eventsLeast} at least), ` +
      `${sum.faultKinds.size} kinds of fault (${middle(sum.faultsPerSeed)} in a seed of the middle, ` +
      `${sum.faultsPerSeed[0]} at least), ` +
      `${Math.round(seconds)} s (${(sum.seeds / seconds).toFixed(1)} seeds a second)`,
  );
  if (values.counts)
    for (const [what, times] of [...sum.counts].sort()) console.log(`  ${what}: ${times}`);
  return sum.broken.length === 0 ? 0 : 1;
}

function middle(rows: readonly number[]): number {
  return rows[Math.floor(rows.length / 2)] ?? 0;
}

/** One seed, twice: everything that happens must happen again. */
async function replay(seed: number): Promise<number> {
  const order = { from: seed, count: 1, acts, tail };
  const [first, second] = [await simulateMany(order, 1), await simulateMany(order, 1)];
  for (const told of first.broken) console.log(wordsOf(told, acts));
  const hash = first.hashes.get(seed);
  const isSame = hash === second.hashes.get(seed);
  console.log(`Seed ${seed}: ${hash}${isSame ? '' : `, but ${second.hashes.get(seed)} again`}`);
  return first.broken.length === 0 && isSame ? 0 : 1;
}

/** Plants each bug and simulates until something breaks; as many at once as there are workers. */
async function plantBugs(): Promise<number> {
  const waiting = plants.filter(({ name }) => values.bug === undefined || name === values.bug);
  const found: Found[] = [];
  const oneAfterAnother = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const one = await lookFor(next.name, SEEDS_PER_BUG, { acts, tail });
      found.push(one);
      console.log(wordsOfFound(one));
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, oneAfterAnother));
  const missed = found.filter(({ by }) => by === null).length;
  console.log(`${found.length - missed} of ${found.length} planted bugs found`);
  return missed === 0 ? 0 : 1;
}

function wordsOfFound({ name, by }: Found): string {
  if (!by) return `| ${name} | not found | | |`;
  return `| ${name} | ${by.invariant} | ${by.seed} | ${by.message.split('\n')[0]} |`;
}
