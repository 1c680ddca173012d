import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

it.each([false, true])(
  'whoever Xero was asked to erase is left alone, and told; hidden from lists: %s',
  async (isHidden) => {
    world.emulator.control.switches.erasureHidesContacts = isHidden;
    const email = `gone.${isHidden}@example.com`;
    const named = { firstName: 'Gone', lastName: `Soon ${isHidden}`, email };
    const learner = await world.addLearner(named);
    await world.settle();
    const params = { learnerId: learner.id };
    const contactId = (await world.syncOf(learner.id)).link?.contactId ?? '';
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.requestErasure(contactId);
    await world.settle();
    await world.pass(HOUR_MS);
    const reasons = [
      'Xero has been asked to erase this person’s details, so nothing is sent to the contact.',
    ];
    expect(await world.standingOf(learner.id)).toEqual({ standing: 'blocked', reasons });
    await world.edit(learner, { phoneMobile: '0400 111 222' });
    await world.settle();
    expect(await world.standingOf(learner.id)).toEqual({ standing: 'blocked', reasons });
    expect(world.bookkeeper.contact(contactId).phones.MOBILE).toBeUndefined();
    const { items } = await world.owner.call(api.learnerHistory, { params });
    expect(items.map(({ summary }) => summary)).toContain(
      'Xero was asked to erase this person’s details; nothing more is sent',
    );
    expect(JSON.stringify(await world.owner.call(api.learnerDiagnosis, { params }))).toContain(
      reasons[0],
    );
    const { problems } = await world.owner.call(api.syncInbox);
    expect(problems).toMatchObject([{ code: 'contact.erasing' }]);
    // Somebody like them is asked about and not tied to that contact.
    const alike = await world.addLearner(named);
    await world.settle();
    await world.pass(MINUTE_MS);
    expect((await world.syncOf(alike.id)).link?.contactId).not.toBe(contactId);
    for (const { id } of [learner, alike]) {
      const { revision } = await world.owner.call(api.getLearner, { params: { learnerId: id } });
      await world.owner.call(api.editLearner, {
        params: { learnerId: id },
        body: { revision, syncToXero: false },
      });
    }
    expect((await world.owner.call(api.syncInbox)).problems).toEqual([]);
  },
);
