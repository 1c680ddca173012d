import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#platform/clock';
import { startConnectedWorld } from '../world/connected.ts';
import { expectAgreement } from './invariants.ts';
import { createRandom } from './random.ts';
import { type Storm, somethingHappens } from './storm-acts.ts';

/**
 * Seeded storms over real PostgreSQL and the emulator: edits on both sides, every kind of failing
 * call, webhooks lost, repeated and reordered, a queue that is emptied, two nodes at once. When it
 * is over both ledgers must agree. `STORM_SEEDS=5,8` replays seeds, `STORM_COUNT=50` tries more.
 */
const STEPS = 90;
const SEEDS = process.env.STORM_SEEDS
  ? process.env.STORM_SEEDS.split(',').map(Number)
  : Array.from({ length: Number(process.env.STORM_COUNT ?? 3) }, (_, index) => index + 1);
/** Enough for the longest pause and a sweep after it. */
const CALM = { rounds: 14, each: 30 * MINUTE_MS };

describe('after a storm both ledgers agree', () => {
  it.each(SEEDS)(
    'seed %i',
    async (seed) => {
      const world = await startConnectedWorld();
      const database = new pg.Client({ connectionString: world.config.databaseUrl });
      await database.connect();
      const storm: Storm = {
        world,
        random: createRandom(seed),
        learnerIds: [],
        log: [],
        dropJobs: async () => {
          await database.query('delete from graphile_worker._private_jobs where locked_at is null');
        },
      };
      try {
        for (let step = 0; step < STEPS; step += 1) await somethingHappens(storm);
        await calm(storm);
        expect(storm.learnerIds.length).toBeGreaterThan(0);
        await expectAgreement(storm);
      } catch (error) {
        console.error(`seed ${seed}: ${storm.log.join(' ')}`);
        throw error;
      } finally {
        await database.end();
        await world.close();
      }
    },
    120_000,
  );
});

async function calm({ world }: Storm): Promise<void> {
  const { faults, webhooks, switches } = world.emulator.control;
  faults.clear();
  Object.assign(webhooks.switches, { dropNext: 0, isReordered: false, repeats: 0 });
  switches.paymentEvents = true;
  for (let round = 0; round < CALM.rounds; round += 1) await world.pass(CALM.each);
}
