import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { createMeanwhile } from '../world/meanwhile.ts';
import { learnerNow, undoMerge } from '../world/merging.ts';

const { during, holdsAnswer } = createMeanwhile();

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld({ holdsAnswer });
});
afterAll(() => world.close());

const READ = 'GET /Contacts?';
const CREATE = 'PUT /Contacts?';
const named = (lastName: string) =>
  world.bookkeeper.books.contacts.all().filter(({ name }) => name.includes(lastName));

async function mergeNow(kept: Learner, merged: Learner): Promise<void> {
  const [one, other] = [await learnerNow(world, kept), await learnerNow(world, merged)];
  await world.owner.call(api.mergeLearners, {
    params: { learnerId: one.id },
    body: { otherLearnerId: other.id, revision: one.revision, otherRevision: other.revision },
  });
}

/** As another batch does that is sent at once. */
async function beginToCreate({ id }: Learner): Promise<void> {
  const database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  const now = world.clock.now();
  const change =
    'update contact_links set uncertain_since = $1, next_attempt_at = $2 where party_id = $3';
  await database.query(change, [now, new Date(now.getTime() + MINUTE_MS), id]);
  await database.end();
}

/** An edit of somebody who is in Xero: their contact is read before anybody new is sent. */
async function editSomebody(lastName: string): Promise<void> {
  const learner = await world.addLearner({ firstName: 'Vera', lastName });
  await world.settle();
  await world.edit(await learnerNow(world, learner), { phoneMobile: '0400 111 222' });
}

describe('whoever is about to be created', () => {
  it('is not, when they are merged away while others are sent', async () => {
    const kept = await world.addLearner({ firstName: 'Vic', lastName: 'Away' });
    await world.settle();
    await editSomebody('Edited');
    const merged = await world.addLearner({ firstName: 'Vick', lastName: 'Away' });
    const done = during(READ, () => mergeNow(kept, merged));
    await world.settle();
    await done;
    await world.pass(11 * MINUTE_MS);
    expect(named('Away')).toMatchObject([{ number: kept.learnerNumber }]);
    await undoMerge(world, kept);
    await world.pass(11 * MINUTE_MS);
    expect(named('Away')).toHaveLength(2);
  });

  it('is not, when Sync to Xero is turned off while others are sent', async () => {
    await editSomebody('Edited');
    const learner = await world.addLearner({ firstName: 'Vito', lastName: 'Off' });
    const done = during(READ, () => world.edit(learner, { syncToXero: false }));
    await world.settle();
    await done;
    expect(named('Off')).toEqual([]);
    await world.edit(await learnerNow(world, learner), { syncToXero: true });
    await world.settle();
    expect(named('Off')).toHaveLength(1);
  });

  it('waits for whoever was merged into them meanwhile and is just being created', async () => {
    await editSomebody('Edited');
    const kept = await world.addLearner({ firstName: 'Vin', lastName: 'Held' });
    const merged = await world.addLearner({ firstName: 'Vinn', lastName: 'Held' });
    const done = during(READ, async () => {
      await beginToCreate(merged);
      await mergeNow(kept, merged);
    });
    await world.settle();
    await done;
    expect(named('Held')).toEqual([]);
    await world.pass(11 * MINUTE_MS);
    expect(named('Held')).toMatchObject([{ number: kept.learnerNumber }]);
  });

  it('takes over a contact that a merge left with the other, when Xero had no time', async () => {
    const merged = await world.addLearner({ firstName: 'Vito', lastName: 'Busy' });
    await world.settle();
    const contactId = (await world.syncOf(merged.id)).link?.contactId;
    const kept = await world.addLearner({ firstName: 'Vitto', lastName: 'Busy' });
    const headers = { 'retry-after': '50', 'x-rate-limit-problem': 'minute' };
    const effect = { kind: 'status' as const, status: 429, headers };
    world.emulator.control.faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      times: 1,
      effect,
    });
    const done = during(CREATE, () => mergeNow(kept, merged));
    await world.settle();
    await done;
    await world.pass(11 * MINUTE_MS);
    expect(named('Busy')).toMatchObject([{ id: contactId, number: kept.learnerNumber }]);
    expect(await world.standingOf(kept.id)).toEqual({ standing: 'in-step', reasons: [] });
  });
});
