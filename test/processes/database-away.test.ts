import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import type { Answer } from '../../emulator/coverage/watch.ts';
import { connectXero } from '../world/connect-xero.ts';
import { type DatabaseDoor, openDatabaseDoor } from '../world/database-door.ts';
import type { SignedIn } from '../world/people.ts';
import { type ProcessWorld, startProcessWorld } from '../world/processes.ts';

/**
 * The database goes away while a job runs, as it does when a server of its own is started again or
 * another takes over, and comes back. Nothing but what was under way is lost by it.
 */
const WITHIN = { timeout: 60_000, interval: 250 };
/** The matter itself: a failover takes about so long. */
const AWAY_MS = 10_000;

let door: DatabaseDoor;
let world: ProcessWorld;
let owner: SignedIn;
/** Xero's answers to what is sent to it wait for this. */
let held: Promise<void> | undefined;
let asked: (() => void) | undefined;

beforeAll(async () => {
  world = await startProcessWorld({
    onXeroAnswer: holdUp,
    databaseAt: async (url) => {
      door = await openDatabaseDoor(url);
      return door.url;
    },
  });
  await world.startWeb();
  await world.startWorker();
  owner = await world.people.owner();
  await connectXero(world.emulator, owner);
});

afterAll(async () => {
  await world.close();
  await door.close();
});

async function holdUp({ method, path }: Answer): Promise<void> {
  if (!held || method === 'GET' || !path.includes('/Contacts')) return;
  asked?.();
  await held;
}

async function contactsAreKnown(): Promise<boolean> {
  const { apps } = await owner.call(api.listApps);
  const connectionId = apps.flatMap((app) => app.connections)[0]?.id;
  if (!connectionId) return false;
  return (await owner.call(api.getMatching, { params: { connectionId } })).state === 'none';
}

async function standingOf(learnerId: LearnerId): Promise<string | undefined> {
  const { link } = await owner.call(api.learnerSync, { params: { learnerId } });
  return link?.standing;
}

async function addLearner(firstName: string): Promise<LearnerId> {
  const body = { firstName, lastName: 'Waiting', syncToXero: true, saveAnyway: true };
  return (await owner.call(api.addLearner, { body })).id;
}

async function readiness(): Promise<number> {
  return (await fetch(`${world.url}/readyz`)).status;
}

it('a database that is away for a while ends no process, and what was under way is done after', async () => {
  // Whoever is added before Bursar has looked who is in Xero waits for a person's approval.
  await expect.poll(contactsAreKnown, WITHIN).toBe(true);
  const processes = world.living();
  const first = await addLearner('First');
  await expect.poll(() => standingOf(first), WITHIN).toBe('in-step');

  const answer = Promise.withResolvers<void>();
  const sent = new Promise<void>((resolve) => {
    asked = resolve;
  });
  held = answer.promise;
  const learner = await addLearner('Second');
  await sent;
  await door.shut();
  held = undefined;
  answer.resolve();
  await pause(AWAY_MS);
  expect(await readiness()).toBe(503);
  expect(world.living()).toEqual(processes);

  await door.open();
  await expect.poll(readiness, WITHIN).toBe(200);
  await expect.poll(() => standingOf(learner), WITHIN).toBe('in-step');
  const third = await addLearner('Third');
  await expect.poll(() => standingOf(third), WITHIN).toBe('in-step');
  expect(world.living()).toEqual(processes);
});

it.each([
  ['worker', 'startWorker'],
  ['web', 'startWeb'],
] as const)(
  'a %s process that starts while it is away asks again and again, and is ready once it is back',
  async (_, start) => {
    await world.killAll();
    door.turnAway();
    const ready = world[start]();
    await expect.poll(door.turnedAway, WITHIN).toBeGreaterThan(1);
    expect(world.living()).toHaveLength(1);
    await door.open();
    await ready;
  },
);
