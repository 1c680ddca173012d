import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let inDebt: Learner;
let clear: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  inDebt = await world.addLearner({ firstName: 'Tane', lastName: 'Mahuta' });
  clear = await world.addLearner({ firstName: 'Mei', lastName: 'Tran' });
  await world.settle();
  world.bookkeeper.createInvoice({
    contactId: world.bookkeeper.findContact(inDebt.learnerNumber)?.id ?? '',
    lines: [{ description: 'Fee', unitAmount: '120.00', taxType: 'EXEMPTOUTPUT' }],
  });
  await world.settle();
});
afterAll(() => world.close());

const listed = async (owing?: 'true' | 'false') => {
  const { items } = await world.owner.call(api.listLearners, { query: { owing } });
  return items.map(({ id }) => id);
};

describe('Who owes something', () => {
  it('is told to the office, which may ask for those who do and those who do not', async () => {
    expect(await listed()).toEqual(expect.arrayContaining([inDebt.id, clear.id]));
    expect(await listed('true')).toEqual([inDebt.id]);
    const rest = await listed('false');
    expect(rest).toContain(clear.id);
    expect(rest).not.toContain(inDebt.id);
  });

  it('can be searched by name and balance at once', async () => {
    const query = { owing: 'false' as const, search: 'ta' };
    expect((await world.owner.call(api.listLearners, { query })).items).toEqual([]);
    const other = { owing: 'false' as const, search: 'tran' };
    expect((await world.owner.call(api.listLearners, { query: other })).items).toHaveLength(1);
  });

  it('is not told to Staff, who may not see invoices and payments', async () => {
    const staff = await world.people.staff();
    const { items } = await staff.call(api.listLearners, { query: {} });
    expect(items.map(({ owing }) => owing)).toEqual(items.map(() => null));
    expect(items.length).toBeGreaterThan(1);
    const employer = { name: 'Mahuta Timber' };
    await world.owner.call(api.addWorkplace, { body: employer });
    const workplaces = await staff.call(api.listWorkplaces, { query: {} });
    expect(workplaces.items).toMatchObject([{ ...employer, owing: null }]);
    const owner = { name: world.owner.name, role: 'Owner' };
    await expect(staff.call(api.listLearners, { query: { owing: 'true' } })).rejects.toMatchObject({
      problem: { code: 'permission.missing', whoMay: expect.arrayContaining([owner]) },
    });
  });
});
