import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { mergeLearners } from '../world/merging.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  // A fresh minute of Xero's limits for each story.
  await world.pass(2 * MINUTE_MS);
  world.emulator.control.log.clear();
});

const writes = () =>
  world.emulator.control.log.calls('/Contacts').filter((call) => call.method !== 'GET');
const standing = async (learner: Learner) => (await world.standingOf(learner.id))?.standing;
const statusOf = async (learner: Learner) => {
  const { items } = await world.documentsOf(learner.id);
  return items.map((paper) => paper.status);
};

async function linked(firstName: string): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Lost' });
  await world.settle();
  expect(await standing(learner)).toBe('in-step');
  return learner;
}

describe('Sync now', () => {
  it('tries a blocked learner again at once', async () => {
    const there = world.bookkeeper.createContact({ Name: 'Stuck Lost' });
    const learner = await linked('Stuck');
    const name = `Sticky Lost (${learner.learnerNumber})`;
    const other = world.bookkeeper.createContact({ Name: name });
    await world.edit(learner, { firstName: 'Sticky' });
    await world.settle();
    expect(await standing(learner)).toBe('blocked');

    world.bookkeeper.editContact(other.id, { Name: 'Renamed' });
    const { link } = await world.owner.call(api.syncLearnerNow, {
      params: { learnerId: learner.id },
    });
    expect(link).toMatchObject({ standing: 'waiting', reasons: [] });
    await world.settle();
    expect(await standing(learner)).toBe('in-step');
    expect(there.name).toBe('Stuck Lost');
  });

  it('reads the learner’s papers and looks at the contact, with nothing to send', async () => {
    const learner = await linked('Looker');
    world.emulator.control.webhooks.switches.dropNext = 5;
    const contact = world.bookkeeper.findContact(learner.learnerNumber);
    world.bookkeeper.createInvoice({
      contactId: contact?.id ?? '',
      lines: [{ description: 'Fee', unitAmount: '100' }],
    });
    await world.settle();
    expect(await statusOf(learner)).toEqual([]);
    await world.owner.call(api.syncLearnerNow, { params: { learnerId: learner.id } });
    await world.settle();
    expect(await statusOf(learner)).toEqual(['approved']);
    expect(writes()).toHaveLength(1);
  });

  it('reads the papers of a learner who was merged into this one too', async () => {
    const kept = await linked('Kept');
    const merged = await linked('Gone');
    await mergeLearners(world, kept, merged);
    world.emulator.control.webhooks.switches.dropNext = 5;
    for (const { learnerNumber } of [kept, merged]) {
      const contact = world.bookkeeper.findContact(learnerNumber);
      world.bookkeeper.createInvoice({
        contactId: contact?.id ?? '',
        lines: [{ description: 'Fee', unitAmount: '100' }],
      });
    }
    await world.settle();
    const params = { learnerId: kept.id };
    const look = async () => {
      const answer = await world.owner.call(api.lookForLearner, { params });
      return answer.look?.papers[0];
    };
    expect(await look()).toEqual({ kind: 'invoice', inXero: 2, here: 0 });
    const sent = writes().length;
    await world.owner.call(api.syncLearnerNow, { params });
    await world.settle();
    expect(await statusOf(kept)).toEqual(['approved', 'approved']);
    expect(await look()).toEqual({ kind: 'invoice', inXero: 2, here: 2 });
    expect(writes()).toHaveLength(sent);
  });

  it('may be used by those who may sync, and by nobody else', async () => {
    const learner = await linked('Rights');
    const params = { learnerId: learner.id };
    const staff = await world.people.staff();
    const problem = await staff.refusal(api.syncLearnerNow, { params });
    expect(problem.code).toBe('permission.missing');
    const finance = await world.people.finance();
    expect((await finance.call(api.syncLearnerNow, { params })).syncToXero).toBe(true);
    await world.settle();
  });
});
