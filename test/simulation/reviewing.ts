import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import { connect, type Ground, type Party } from './ground.ts';
import type { MemoryWorld } from './memory-world.ts';
import { settle } from './settled.ts';

/** Who is here before anything is connected. */
const PEOPLE = [
  { firstName: 'Kim', lastName: 'Lee', email: 'kim@example.com' },
  { firstName: 'Ana', lastName: 'Silva' },
  { firstName: 'Mere', lastName: 'Tane', phoneMobile: '0400 1' },
  { firstName: 'Zoë', lastName: 'Nguyễn' },
];
/** Whom the books know: one surely, two perhaps, and somebody else. */
const KNOWN = [
  { Name: 'Kim Lee', FirstName: 'Kim', LastName: 'Lee', EmailAddress: 'kim@example.com' },
  { Name: 'Ana Silva' },
  { Name: 'Tane Mere', Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '0400 1' }] },
  { Name: 'Old Works' },
];

/**
 * A provider that has just connected for the first time: who is whom is proposed, and nothing may be
 * written before somebody has said yes.
 */
export async function beginReview(world: MemoryWorld, ground: Ground, party: Party): Promise<void> {
  const keeper = ground.emulator.control.bookkeeper(party.xeroOrgId);
  for (const fields of KNOWN) {
    const { id } = keeper.createContact(fields);
    keeper.createInvoice({ contactId: id, lines: [{ description: 'Fee', unitAmount: '90.10' }] });
  }
  const once = async (what: string, work: () => Promise<unknown>) => {
    world.scheduler.start('desk', what, work);
    await world.scheduler.drain();
  };
  for (const person of PEOPLE) {
    const body = { ...person, syncToXero: true, saveAnyway: true };
    await once('before connecting', () => world.call(party, api.addLearner, { body }));
  }
  const node = world.anyNode();
  await once('connecting', () => connect(ground.emulator, node, party));
  await settle(world);
  await once('intent', () => ground.emulator.control.webhooks.verify());
  // Xero's clock may be put five minutes back when the storm begins. No Xero's goes behind what it has
  // said: what changed then would bear an instant before those that were read, and be met by no sweep.
  ground.clock.advance(10 * MINUTE_MS);
}
