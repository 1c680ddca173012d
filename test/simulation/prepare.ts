import {
  addProviders,
  connect,
  type Ground,
  layGround,
  PARTIES,
  WEBHOOK_KEY,
  WEBHOOK_URL,
} from './ground.ts';
import { MemoryWorld } from './memory-world.ts';
import { createRandom } from './random.ts';
import { beginReview } from './reviewing.ts';
import { settleIn } from './settled.ts';
import { currentScheduler } from './storm-in-memory.ts';
import { takeTimers } from './timers.ts';
import { Trace } from './trace.ts';

/** Looks until everything has been read for the first time. */
const ROUNDS = 4;

/** Lays the ground once for many seeds: both providers connected, everything read. */
export async function prepare(): Promise<Ground> {
  const ground = await layGround();
  addProviders(ground.tables, ground.clock.now());
  const trace = new Trace(ground.clock);
  const world = new MemoryWorld(ground, createRandom(0), trace);
  takeTimers(() => currentScheduler() ?? world.scheduler);
  ground.emulator.control.webhooks.configure(WEBHOOK_URL, { key: WEBHOOK_KEY });
  const name = world.startNode();
  const { verify } = ground.emulator.control.webhooks;
  ground.keep({ parties: 0, as: 'new' });
  for (const [index, party] of PARTIES.entries()) {
    world.scheduler.start(name, 'connect', () => connect(ground.emulator, world.node(name), party));
    await world.scheduler.drain();
    for (let round = 0; round < ROUNDS; round += 1) {
      world.tick(name);
      await world.scheduler.drain();
      world.work(name);
      await world.scheduler.drain();
    }
    world.scheduler.start('xero', 'intent', () => verify());
    await world.scheduler.drain();
    ground.keep({ parties: index + 1, as: 'new' });
  }
  const [first] = trace.violations;
  if (first) throw first;
  // What breaks from here on is for the seeds to find.
  for (const parties of [1, 2]) {
    ground.restart(0, { parties, as: 'new' });
    for (const party of PARTIES.slice(0, parties)) await settleIn(world, ground, party);
    ground.keep({ parties, as: 'settled' });
    ground.restart(0, { parties: 0, as: 'new' });
    for (const party of PARTIES.slice(0, parties)) await beginReview(world, ground, party);
    ground.keep({ parties, as: 'reviewing' });
  }
  return ground;
}
