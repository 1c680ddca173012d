import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { dueOf, type Finding, findingsOf, type Sides } from './agreement.ts';
import { createRandom } from './random.ts';
import { comeBack, somethingHappens } from './storm-acts.ts';
import { comparedOf, refusalsOf, sidesOf, strangersOf } from './storm-checks.ts';
import { type StormParty, StormWorld } from './storm-world.ts';

/**
 * Layer B: the same storms over real PostgreSQL and HTTP, see docs/simulation.md.
 * `STORM_FROM=5 STORM_COUNT=1` replays a seed.
 */
const STEPS = 40;
const SEEDS_OF_TEST = 30;
const FROM = Number(process.env.STORM_FROM ?? 1);
const COUNT = Number(process.env.STORM_COUNT ?? SEEDS_OF_TEST);
const SEEDS = Array.from({ length: COUNT }, (_, at) => FROM + at);
/** Enough for the longest pause and a sweep of everything after it. */
const CALM_MS = [MINUTE_MS, 31 * MINUTE_MS, 9 * HOUR_MS, 5 * MINUTE_MS];
/** Then what was held back comes in: more than a day after it was said. */
const LATE_MS = 17 * HOUR_MS;

/** Of all seeds: what could be compared, and what happened. */
const compared = { inStep: 0, papers: 0, payments: 0 };
const happened = new Map<string, number>();

describe('after a storm over PostgreSQL both ledgers agree', () => {
  it.each(SEEDS)(
    'seed %i',
    async (seed) => {
      const random = createRandom(seed);
      const storm = await StormWorld.start(seed, random);
      try {
        skewClock(storm);
        for (let step = 0; step < STEPS; step += 1) await somethingHappens(storm);
        await calm(storm);
        count(storm.log);
        expect(storm.broken, `seed ${seed}: ${storm.log.join(' ')}`).toEqual([]);
      } finally {
        await storm.close();
      }
    },
    180_000,
  );

  it.runIf(COUNT >= SEEDS_OF_TEST)('and there was much to compare, and much went wrong', () => {
    expect(compared.inStep).toBeGreaterThan(2 * COUNT);
    expect(compared.papers).toBeGreaterThan(4 * COUNT);
    expect(compared.payments).toBeGreaterThan(COUNT);
    const faults = [...happened.keys()].filter((name) => name.startsWith('fault:'));
    expect(faults.length).toBeGreaterThanOrEqual(20);
    expect(happened.get('died') ?? 0).toBeGreaterThan(COUNT / 3);
  });
});

function count(log: readonly string[]): void {
  for (const name of log.map((one) => one.replace(/^node-\d+-/, '')))
    happened.set(name, (happened.get(name) ?? 0) + 1);
}

/** Xero's clock and ours may be minutes apart, for as long as a seed lasts. */
function skewClock({ random, world, log }: StormWorld): void {
  if (!random.chance(0.2)) return;
  log.push('clock-skewed');
  world.emulator.control.clock.advance(random.whole(600_000) - 300_000);
}

/** Faults off; time passes until every pause is over and every sweep has been made. */
async function calm(storm: StormWorld): Promise<void> {
  const { faults, webhooks, switches, log } = storm.world.emulator.control;
  storm.log.push('calm');
  faults.clear();
  storm.line.armed.length = 0;
  Object.assign(webhooks.switches, { dropNext: 0, isReordered: false, repeats: 0 });
  switches.paymentEvents = true;
  comeBack(storm);
  for (const node of storm.nodes) node.dieIn(Infinity);
  storm.post.held.next = 0;
  for (const pause of CALM_MS) await pass(storm, pause);
  for (const sides of await lookAt(storm, findingsOf)) {
    const { inStep, papers, payments } = comparedOf(sides);
    compared.inStep += inStep;
    compared.papers += papers;
    compared.payments += payments;
  }
  if (storm.post.held.posts.length > 0) {
    storm.log.push('heard-late');
    await pass(storm, LATE_MS, async () => {
      for (const one of storm.post.held.posts) await storm.post.bring(one);
    });
    await lookAt(storm, findingsOf);
  }
  storm.broken.push(...refusalsOf(log.calls(), storm.shared));
}

/** Time passes, and whatever is due then is done. */
async function pass(
  storm: StormWorld,
  pause: number,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<void> {
  storm.world.clock.advance(pause);
  await meanwhile();
  await storm.settle();
  await lookAt(storm, dueOf);
  for (const party of storm.parties) await connectAgain(storm, party);
}

async function connectAgain(storm: StormWorld, party: StormParty): Promise<void> {
  if (await storm.isConnected(party)) return;
  await storm.connect(party);
  await storm.settle();
}

async function lookAt(
  storm: StormWorld,
  findings: (sides: Sides) => Finding[],
): Promise<readonly Sides[]> {
  const all: Sides[] = [];
  for (const { desk, providerId } of storm.parties) {
    const now = storm.world.clock.now();
    const sides = await sidesOf(storm.database, desk, providerId, now);
    storm.broken.push(...findings(sides));
    storm.broken.push(...(await strangersOf(storm.database, desk, { ...sides, providerId })));
    all.push(sides);
  }
  return all;
}
