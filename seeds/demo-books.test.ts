import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import type { MatchGroup } from '#contract/matching';
import { approveMatches } from '../test/world/approve-matches.ts';
import type { SignedIn } from '../test/world/people.ts';
import { startWorld, type World } from '../test/world/world.ts';
import { layDemoBooks } from './demo-books.ts';
import { harbourLearners } from './demo-learners.ts';

let world: World;
let owner: SignedIn;
let connectionId: ConnectionId;

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  await layDemoBooks(world.emulator.url, world.clock);
  await layDemoBooks(world.emulator.url, world.clock);
  for (const learner of harbourLearners) {
    await owner.call(api.addLearner, { body: { ...learner, syncToXero: true, saveAnyway: true } });
  }
});

afterAll(() => world.close());

async function proposed(group: MatchGroup): Promise<(string | null)[]> {
  const params = { connectionId };
  const { items } = await owner.call(api.listProposals, { params, query: { group } });
  return items.map(({ learner }) => learner.firstName).sort();
}

test('books that were laid before stay as they are', () => {
  const names = world.bookkeeper.books.contacts.all().map(({ name }) => name);
  expect(names).toHaveLength(new Set(names).size);
  expect(names).toContain('Amara Okafor');
});

test('connecting has something of each kind to propose', async () => {
  const landing = await world.connectXero(owner, { leavesMatchesOpen: true });
  if (landing.connectionId === null) throw new Error('Nothing was connected');
  connectionId = landing.connectionId;
  await world.settle();
  expect(await proposed('safe')).toEqual(['Amara', 'Daniel', 'Jasmine']);
  expect(await proposed('decide')).toEqual(['Benjamin', 'Chloe', 'Grace', 'Marco', 'Priya']);
  expect(await proposed('create')).toHaveLength(harbourLearners.length - 8);
});

test('what was raised before comes home to whoever is linked', async () => {
  await approveMatches(owner, connectionId);
  await world.settle();
  const { items } = await owner.call(api.listLearners, { query: { search: 'Amara' } });
  const [amara] = items;
  if (!amara) throw new Error('Amara is not there');
  const params = { learnerId: amara.id };
  const papers = await owner.call(api.listLearnerDocuments, { params });
  expect(papers.items.map(({ total, due }) => [total.amountMinor, due?.amountMinor])).toEqual([
    [96_000, 56_000],
    [48_000, 0],
  ]);
});
