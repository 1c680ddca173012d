import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow } from '../world/merging.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

it.each(['.', '..'])(
  'a learner of the number %s is nobody else, after a lost answer too',
  async (number) => {
    const stranger = world.bookkeeper.createContact({
      Name: `Aaron Stranger ${number.length}`,
      ContactNumber: `MINE-${number.length}`,
      EmailAddress: 'aaron@example.org',
    });
    await world.pass(5 * HOUR_MS);
    const off = { firstName: 'Dot', lastName: `Dotson ${number.length}`, syncToXero: false };
    const learner = await world.addLearner({ ...off, email: `dot-${number.length}@example.org` });
    // From before such numbers were refused.
    const database = new pg.Client({ connectionString: world.config.databaseUrl });
    await database.connect();
    const change = 'update learners set learner_number = $1, number_key = $1 where id = $2';
    await database.query(change, [number, learner.id]);
    await database.end();
    world.emulator.control.faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    await world.edit(await learnerNow(world, learner), { syncToXero: true });
    await world.settle();
    await world.pass(11 * MINUTE_MS);
    const { link } = await world.syncOf(learner.id);
    expect(link).toMatchObject({ standing: 'in-step', reasons: [] });
    expect(link?.contactId).not.toBe(stranger.id);
    expect(world.bookkeeper.findContact(number)).toMatchObject({ id: link?.contactId });
    expect(world.bookkeeper.books.contacts.get(stranger.id)).toMatchObject({
      number: `MINE-${number.length}`,
      email: 'aaron@example.org',
    });
  },
);

it.each(['K/1', 'A&B 2', '50% 3', 'C:\\4', 'Say "5"', 'É+6'])(
  'a learner of the number %s is known again after a lost answer, wherever Xero takes it',
  async (learnerNumber) => {
    const { control } = world.emulator;
    control.switches.refusesOddAddresses = true;
    control.faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    const lastName = `Odd ${learnerNumber.length}${learnerNumber.slice(-1)}`;
    const learner = await world.addLearner({ firstName: 'Ola', lastName, learnerNumber });
    await world.settle();
    control.log.clear();
    await world.pass(MINUTE_MS);
    const { link } = await world.syncOf(learner.id);
    expect(link).toMatchObject({ standing: 'in-step', reasons: [] });
    expect(world.bookkeeper.findContact(learnerNumber)).toMatchObject({ id: link?.contactId });
    expect(control.log.calls('/Contacts').filter(({ method }) => method === 'PUT')).toEqual([]);
  },
);
