import type { SyncRun } from '#contract/runs';
import { SECOND_MS } from '#platform/clock';
import type { BenchWorld } from './bench-world.ts';
import {
  addLearners,
  contactsAtXero,
  inventPeople,
  type Person,
  runOf,
  startSyncing,
} from './learners.ts';

/** What one bulk push came to. */
export interface PushRun {
  /** Calls that wrote contacts. */
  writes: number;
  /** All calls to the organisation, reads included. */
  calls: number;
  refusedByLimits: number;
  /** Emulated, from the person's click until the run is finished. */
  seconds: number;
  failed: number;
  run: SyncRun;
  contacts: number;
  /** Contacts that bear a number which another one bears too. */
  doubled: number;
}

export interface Preparation {
  /** What is done to Xero just before the run is started. */
  prepare?: () => void;
  people?: readonly Person[];
}

/** Connects an empty organisation, adds so many learners, and sends all of them by one bulk run. */
export async function pushAll(
  world: BenchWorld,
  learners: number,
  { prepare = () => undefined, people = inventPeople(learners) }: Preparation = {},
): Promise<PushRun> {
  await world.connect();
  await addLearners(world, people);
  // The reads of connecting have left the minute, so that the run begins with a fresh one.
  world.clock.advance(2 * 60 * SECOND_MS);
  await world.rest();
  prepare();
  world.recount();
  const begunAt = world.clock.now();
  const run = await startSyncing(world);
  await world.until(async () => (await runOf(world, run)).state === 'finished');
  const finished = await runOf(world, run);
  const counters = world.emulator.control.log.counters(world.xeroOrgId);
  const { contacts, numbers } = contactsAtXero(world);
  const endedAt = finished.finishedAt === null ? world.clock.now() : new Date(finished.finishedAt);
  return {
    writes: world.calls('PUT', /\/Contacts/) + world.calls('POST', /\/Contacts/),
    calls: counters.calls,
    refusedByLimits: counters.refusedByLimits,
    seconds: (endedAt.getTime() - begunAt.getTime()) / SECOND_MS,
    failed: finished.counts.failed,
    run: finished,
    contacts,
    doubled: contacts - numbers,
  };
}
