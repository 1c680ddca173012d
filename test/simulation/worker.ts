import { patchesOf, plants } from './bugs.ts';
import { hookModules } from './hooks.ts';

/** What one process simulates: seeds from … on, each of so many acts, with a planted fault or none. */
export interface Order {
  from: number;
  count: number;
  acts: number;
  /** The name of a planted fault. */
  plant: string | null;
  /** Ends at the first seed that breaks an invariant. */
  stopsEarly: boolean;
  /** How many of the last lines are told of a seed that breaks something. */
  tail: number;
}

/** What one seed came to, as it is told to the process that asked. */
export interface Told {
  seed: number;
  hash: string;
  events: number;
  /** Kinds of fault that happened; of those on calls only the ones that a call met. */
  faults: readonly string[];
  /** What was compared at the end, and what got through, by name. */
  counts: Readonly<Record<string, number>>;
  /** The most rows that Xero was asked for at once. */
  largestPage: number;
  violations: readonly { invariant: string; message: string }[];
  /** The last lines of what happened, where an invariant is broken. */
  tail: readonly string[];
}

const COUNTED = /^(?:compared|done|asked): /;
const PAGE_SIZE = / GET .*[?&]pageSize=(\d+)/;

// Whoever gave the order is gone: nobody would hear what comes of it.
process.on('disconnect', () => process.exit(1));

process.on('message', (order: Order) => {
  carryOut(order).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function carryOut({ from, count, acts, plant, stopsEarly, tail }: Order): Promise<void> {
  hookModules(plant === null ? [] : patchesOf(plantNamed(plant)));
  // Only now may anything of the product be loaded.
  const { prepare } = await import('./prepare.ts');
  const { simulate } = await import('./storm-in-memory.ts');
  const { WORLD_FAULTS } = await import('./world-acts.ts');
  const ground = await prepare();
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await simulate(ground, seed, { acts });
    const { hash, events, violations, lines, counts } = outcome;
    const isBroken = violations.length > 0;
    const told: Told = {
      seed,
      hash,
      events,
      faults: [...counts.keys()].filter(
        (kind) => /^fault (?!armed)/.test(kind) || WORLD_FAULTS.has(kind),
      ),
      counts: Object.fromEntries([...counts].filter(([what]) => COUNTED.test(what))),
      largestPage: Math.max(0, ...lines.map((line) => Number(PAGE_SIZE.exec(line)?.[1] ?? 0))),
      violations,
      tail: isBroken ? lines.slice(-tail) : [],
    };
    await new Promise<void>((resolve) => process.send?.(told, undefined, {}, () => resolve()));
    if (isBroken && stopsEarly) return;
  }
}

function plantNamed(name: string) {
  const found = plants.find((plant) => plant.name === name);
  if (!found) throw new Error(`No bug is called ${name}`);
  return found;
}
