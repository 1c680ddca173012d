import { api } from '#contract/api';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { atMost, exactly, type Figure, type Goal, told } from './goal.ts';
import { inventPeople, type Person } from './learners.ts';
import { type PushRun, pushAll } from './push-run.ts';

const BAD_EVERY = 100;
const BY_CLEAN_MAX = 1.02;
const ITEMS_MAX = 200;

/** Learners that Xero does not take cost the others nothing. */
export const r8: Goal = {
  id: 'R8',
  title: 'One bad learner holds up nobody',
  async run({ learners }): Promise<Figure[]> {
    const clean = await pushOnce(inventPeople(learners));
    const people = inventPeople(learners).map(spoilSome);
    const bad = people.filter(isBad).length;
    const mixed = await pushOnce(people);
    return [
      atMost('write calls, 1 in 100 bad', mixed.push.writes, clean.push.writes * BY_CLEAN_MAX, {
        floor: clean.push.writes,
      }),
      exactly('good contacts', mixed.push.contacts, learners - bad),
      exactly('bad ones that show Xero’s reason', mixed.explained, bad),
      atMost('minutes the good ones lost', minutesOf(mixed.push) - minutesOf(clean.push), 0),
      told('write calls, all good', clean.push.writes),
    ];
  },
};

function spoilSome(person: Person, index: number): Person {
  return index % BAD_EVERY === 0 ? { ...person, lastName: `Fault Refused ${index}` } : person;
}

function isBad({ lastName }: Person): boolean {
  return lastName.startsWith('Fault');
}

function minutesOf({ seconds }: PushRun): number {
  return Math.floor(seconds / 60);
}

async function pushOnce(people: Person[]): Promise<{ push: PushRun; explained: number }> {
  const world = await startBenchWorld();
  try {
    const push = await pushAll(world, people.length, { people });
    return { push, explained: await countExplained(world, push) };
  } finally {
    await world.close();
  }
}

/** Items of the run that failed with what Xero said of them. */
async function countExplained(world: BenchWorld, { run }: PushRun): Promise<number> {
  let explained = 0;
  let cursor: string | undefined;
  do {
    const page = await world.owner.call(api.listSyncRunItems, {
      params: { runId: run.id },
      query: { outcome: 'failed', limit: ITEMS_MAX, ...(cursor ? { cursor } : {}) },
    });
    explained += page.items.filter(({ reason }) => reason?.includes('refused')).length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return explained;
}
