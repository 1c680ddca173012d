import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

describe('a learner becomes a contact', () => {
  it('is put into Xero once Sync to Xero is on, with name, code, e-mail, phones and addresses', async () => {
    const learner = await world.addLearner({
      firstName: 'Mere',
      lastName: 'Tane',
      email: 'mere@example.com',
      phoneMobile: '0400 000 001',
    });
    await world.settle();
    const contact = world.bookkeeper.findContact(learner.learnerNumber);
    expect(contact).toMatchObject({ name: 'Mere Tane', email: 'mere@example.com' });
    expect(await world.standingOf(learner.id)).toEqual({ standing: 'in-step', reasons: [] });
  });
});
