import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Learner } from '#contract/learners';
import { SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow } from '../world/merging.ts';

let world: ConnectedWorld;
beforeEach(async () => {
  world = await startConnectedWorld();
  world.emulator.control.switches.answersOutOfOrder = true;
});
afterEach(() => world.close());

const NAMES = ['Ana', 'Ben', 'Cai', 'Dee'];

async function addAll(): Promise<Learner[]> {
  const learners: Learner[] = [];
  for (const firstName of NAMES) {
    learners.push(await world.addLearner({ firstName, lastName: 'Order' }));
  }
  await world.settle();
  return learners;
}

async function expectEachWithTheirOwn(learners: readonly Learner[]): Promise<void> {
  for (const { id, learnerNumber } of learners) {
    const { link } = await world.syncOf(id);
    const own = world.bookkeeper.findContact(learnerNumber);
    expect(link).toMatchObject({ standing: 'in-step', contactId: own?.id });
  }
}

it('each learner gets the contact that was made for them, in whatever order Xero answers', async () => {
  const learners = await addAll();
  await expectEachWithTheirOwn(learners);
  const [ana] = learners;
  if (!ana) throw new Error('Nobody was added');
  world.bookkeeper.createInvoice({
    contactId: world.bookkeeper.findContact(ana.learnerNumber)?.id ?? '',
    lines: [{ description: 'Fee', unitAmount: '100.00' }],
  });
  await world.settle();
  expect((await world.documentsOf(ana.id)).items).toHaveLength(1);
});

it('edits of several at once are kept with whom they are about, refusals too', async () => {
  const learners = await addAll();
  const [ana] = learners;
  for (const learner of learners) {
    const name = learner === ana ? { firstName: 'Fault Refused' } : {};
    await world.edit(await learnerNow(world, learner), { phoneMobile: '0400 000 001', ...name });
  }
  await world.settle();
  await world.pass(10 * SECOND_MS);
  await expectEachWithTheirOwn(learners.slice(1));
  const standing = ana && (await world.standingOf(ana.id));
  expect(standing).toMatchObject({ standing: 'blocked' });
  for (const { learnerNumber, id } of learners.slice(1)) {
    const mobile = world.bookkeeper.findContact(learnerNumber)?.phones.MOBILE?.number;
    expect([id, mobile]).toEqual([id, '0400 000 001']);
  }
});

it('a contact that Xero answers under another number is looked for, not taken', async () => {
  world.emulator.control.switches.answersOutOfOrder = false;
  const stranger = world.bookkeeper.createContact({ Name: 'Sid Stranger', ContactNumber: 'X-1' });
  const body = { ContactID: stranger.id, ContactNumber: 'X-1', Name: 'Sid Stranger' };
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Contacts',
    method: 'PUT',
    times: 1,
    effect: {
      kind: 'status',
      status: 200,
      when: 'after',
      contentType: 'application/json',
      body: JSON.stringify({ Contacts: [body] }),
    },
  });
  const learner = await world.addLearner({ firstName: 'Ed', lastName: 'Odd' });
  await world.settle();
  expect((await world.standingOf(learner.id))?.standing).toBe('waiting');
  await world.pass(30 * SECOND_MS);
  await expectEachWithTheirOwn([learner]);
  expect((await world.syncOf(learner.id)).link?.contactId).not.toBe(stranger.id);
});
