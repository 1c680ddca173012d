import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/** Learners who are in the books already, more of them than are ever looked at by their ids. */
const MANY = 600;
const numberOf = (index: number) => `N${1_000 + index}`;

let world: World;
let owner: SignedIn;

/** As from the provider's other system: every learner, new or changed, with Sync to Xero on. */
async function importLearners(
  into: World,
  who: SignedIn,
  { people, domain }: { people: number; domain: string },
): Promise<void> {
  const lines = Array.from(
    { length: people },
    (_, at) => `${numberOf(at)},Ad${at},Opted${at},person${at}@${domain}`,
  );
  const text = ['Learner number,First name,Surname,E-mail', ...lines].join('\n');
  const files = [{ name: 'people.csv', contentBase64: Buffer.from(text).toString('base64') }];
  const { id: importId } = await who.call(api.startImport, { body: { files } });
  const params = { importId };
  const { previewVersion } = await who.call(api.setImportOptions, { params, body: {} });
  await who.call(api.commitImport, { params, body: { previewVersion } });
  await into.settle();
  const body = { kind: 'sync-on', learners: { filter: {} } } as const;
  await who.call(api.startSyncRun, { body });
  await into.settle();
}

function layContacts({ bookkeeper }: World, people: number): void {
  for (let at = 0; at < people; at += 1) {
    bookkeeper.createContact({
      Name: `Ad${at} Opted${at}`,
      EmailAddress: `person${at}@old.example`,
    });
  }
}

/** Calls about contacts since the log was cleared, by method. */
function callsOf({ emulator }: World): { reads: number; writes: number } {
  const calls = emulator.control.log.calls('/api.xro/2.0/Contacts');
  const reads = calls.filter(({ method }) => method === 'GET').length;
  return { reads, writes: calls.length - reads };
}

const contactOf = (index: number) => world.bookkeeper.findContact(numberOf(index));

async function learnerOf(index: number): Promise<Learner> {
  const query = { search: numberOf(index) };
  const { items } = await owner.call(api.listLearners, { query });
  const learnerId = items[0]?.id;
  if (!learnerId) throw new Error(`There is no ${numberOf(index)}`);
  return owner.call(api.getLearner, { params: { learnerId } });
}

describe('hundreds of learners who are in the books already', () => {
  beforeAll(async () => {
    world = await startWorld();
    owner = await world.people.owner();
    layContacts(world, MANY);
    await importLearners(world, owner, { people: MANY, domain: 'old.example' });
  }, 120_000);
  afterAll(() => world.close());

  it('get their learner numbers in few calls, in batches that grow', async () => {
    world.emulator.control.log.clear();
    await world.connectXero(owner);
    await world.settle();
    for (let at = 0; at < MANY; at += 1) expect(contactOf(at)?.name).toBe(`Ad${at} Opted${at}`);
    expect(world.bookkeeper.books.contacts.all()).toHaveLength(MANY);
    const { reads, writes } = callsOf(world);
    // Of 50, 100, 200 and the rest.
    expect(writes).toBe(4);
    // One reads who is there; the others are two looks by ids, of 50 and 100, and two pages.
    expect(reads).toBe(1 + 1 + 2 + 2);
  }, 120_000);

  it('are changed in few calls too, and nothing that was changed in Xero is overwritten', async () => {
    // No notice tells of it, so that only the look before the write can meet it.
    world.emulator.control.webhooks.switches.dropNext = Number.MAX_SAFE_INTEGER;
    world.clock.advance(60_000);
    const theirs = [7, 300, 599];
    for (const at of theirs) {
      const EmailAddress = `person${at}@books.example`;
      world.bookkeeper.editContact(contactOf(at)?.id ?? '', { EmailAddress });
    }
    world.emulator.control.log.clear();
    await importLearners(world, owner, { people: MANY, domain: 'new.example' });
    const { reads, writes } = callsOf(world);
    // Each hundred by ids would take three: 18, as long as the import goes on beside it.
    expect(reads + writes).toBeLessThanOrEqual(12);
    for (let at = 0; at < MANY; at += 1) {
      const domain = theirs.includes(at) ? 'books.example' : 'new.example';
      expect(contactOf(at)?.email).toBe(`person${at}@${domain}`);
    }
    for (const at of theirs) {
      const params = { partyId: (await learnerOf(at)).id };
      const { drift } = await owner.call(api.partyDrift, { params });
      expect(drift?.fields).toMatchObject([{ field: 'email', state: 'open' }]);
    }
    expect((await owner.call(api.syncInboxCount)).open).toBe(theirs.length);
  }, 120_000);
});

it('no call carries more contacts than whoever runs Bursar allows, changes neither', async () => {
  world = await startWorld({ contactsPerCall: 20 });
  owner = await world.people.owner();
  layContacts(world, 80);
  await importLearners(world, owner, { people: 80, domain: 'old.example' });
  world.emulator.control.log.clear();
  await world.connectXero(owner);
  await world.settle();
  expect(contactOf(79)?.number).toBe(numberOf(79));
  expect(callsOf(world).writes).toBe(4);
  await world.close();
}, 60_000);
