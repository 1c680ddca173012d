import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import { MINUTE_MS } from '#platform/clock';
import { LOOKED_AT_PER_ACT } from '../../src/sync/matching/look-round.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** More people of one office's e-mail than one act looks at: each may be the office's contact. */
const PEOPLE = LOOKED_AT_PER_ACT + 50;
let world: ConnectedWorld;
let lastId: LearnerId;

beforeAll(async () => {
  world = await startConnectedWorld();
  world.bookkeeper.createContact({ Name: 'The Office', EmailAddress: 'office@example.com' });
  await world.settle();
  await world.pass(11 * MINUTE_MS);
  const lines = Array.from({ length: PEOPLE }, (_, at) => `A${at},Person${at},office@example.com`);
  const text = ['First name,Surname,E-mail', ...lines].join('\n');
  const files = [{ name: 'people.csv', contentBase64: Buffer.from(text).toString('base64') }];
  const { id: importId } = await world.owner.call(api.startImport, { body: { files } });
  const params = { importId };
  const { previewVersion } = await world.owner.call(api.setImportOptions, { params, body: {} });
  await world.owner.call(api.commitImport, { params, body: { previewVersion } });
  await world.settle();
  const ids: LearnerId[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor ? { cursor } : {}) };
    const page = await world.owner.call(api.listLearners, { query });
    ids.push(...page.items.map((one) => one.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(ids).toHaveLength(PEOPLE);
  for (let at = 0; at < ids.length; at += 500) {
    const body = { learnerIds: ids.slice(at, at + 500), syncToXero: true };
    await world.owner.call(api.setManyLearnerSync, { body });
  }
  await world.settle();
  lastId = ids.sort().at(-1) as LearnerId;
}, 120_000);
afterAll(() => world.close());

it('all of them wait for a person', async () => {
  expect((await world.syncOf(lastId)).link?.standing).toBe('undecided');
});

it('whoever is the last of them is met too once Xero knows who it is', async () => {
  const { firstName, lastName } = await world.owner.call(api.getLearner, {
    params: { learnerId: lastId },
  });
  const contact = world.bookkeeper.createContact({
    Name: `${firstName} ${lastName}`,
    EmailAddress: 'office@example.com',
  });
  await world.pass(11 * MINUTE_MS);
  expect((await world.syncOf(lastId)).link).toMatchObject({
    standing: 'in-step',
    contactId: contact.id,
  });
}, 60_000);
