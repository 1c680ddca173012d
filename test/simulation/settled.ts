import { api } from '#contract/api';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import type { Bookkeeper } from '../../emulator/control/bookkeeper.ts';
import type { Ground, Party } from './ground.ts';
import type { MemoryWorld } from './memory-world.ts';
import { deliver } from './world-acts.ts';

/** Looks until what was wanted is in Xero, and what is there is here. */
const ROUNDS = 6;
export const PEOPLE = [
  { firstName: 'Kim', lastName: 'Lee' },
  { firstName: 'Ana', lastName: 'Silva' },
  { firstName: 'Mere', lastName: 'Tane' },
];
export const STRANGERS = ['Tom Nguyễn', 'Old Works'];

/** A provider that has been at it for a while: learners with contacts and papers, and strangers. */
export async function settleIn(world: MemoryWorld, ground: Ground, party: Party): Promise<void> {
  const { clock, emulator } = ground;
  const keeper = emulator.control.bookkeeper(party.xeroOrgId);
  for (const Name of STRANGERS) raiseCredits(keeper, keeper.createContact({ Name }).id);
  for (const person of PEOPLE) {
    const body = { ...person, syncToXero: true, saveAnyway: true };
    await once(world, () => world.call(party, api.addLearner, { body }));
  }
  const works = { name: 'Works 1', syncToXero: true, saveAnyway: true };
  await once(world, () => world.call(party, api.addWorkplace, { body: works }));
  await settle(world);
  // Later than those of the strangers, which no sweep comes back to from here on.
  clock.advance(10 * MINUTE_MS);
  const ours = keeper.books.contacts.all().filter(({ createdByApp }) => createdByApp !== undefined);
  for (const { id } of ours) raiseInvoice(keeper, id);
  for (const { id } of ours.slice(0, 1)) raiseCredits(keeper, id);
  await settle(world);
  clock.advance(4 * HOUR_MS);
  await settle(world);
  clock.advance(MINUTE_MS);
}

async function once(world: MemoryWorld, work: () => Promise<unknown>): Promise<void> {
  world.scheduler.start('desk', 'settling in', work);
  await world.scheduler.drain();
}

/** Lets a node do what is due, some times over. */
export async function settle(world: MemoryWorld): Promise<void> {
  const { ground } = world;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { name } = world.anyNode();
    world.tick(name);
    await world.scheduler.drain();
    deliver({ world, ground });
    await world.scheduler.drain();
    world.work(name);
    await world.scheduler.drain();
  }
}

const lines = [{ description: 'Fee', unitAmount: '120.50' }];

export function raiseInvoice(keeper: Bookkeeper, contactId: string): void {
  const { id } = keeper.createInvoice({ contactId, lines });
  keeper.pay(id, '20.25');
}

/** One paper of each kind that carries credit. */
export function raiseCredits({ credits }: Bookkeeper, contactId: string): void {
  credits.createNote({ contactId, lines });
  credits.receivePrepayment({ contactId, amount: '40.00' });
  credits.receiveOverpayment({ contactId, amount: '15.00' });
}
