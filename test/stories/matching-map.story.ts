import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import type { MatchProposal } from '#contract/matching';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;
let finance: SignedIn;
let params: { connectionId: ConnectionId };
const learners = new Map<string, Learner>();

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  finance = await world.people.finance();
  const people = { Ana: {}, Bo: {}, Cy: { refExternal: 'OLD-7' } };
  for (const [firstName, more] of Object.entries(people)) {
    const body = { firstName, lastName: 'Mapped', syncToXero: true, ...more };
    learners.set(firstName, await owner.call(api.addLearner, { body }));
    const code = 'refExternal' in more ? { ContactNumber: more.refExternal } : {};
    world.bookkeeper.createContact({ Name: `${firstName} Mapped`, ...code });
  }
  const landing = await world.connectXero(owner, { leavesMatchesOpen: true });
  if (!landing.connectionId) throw new Error('Nothing was connected');
  params = { connectionId: landing.connectionId };
  await world.settle();
});
afterAll(() => world.close());

const exported = async () => (await owner.call(api.exportMap, { params })).csv;
const send = (csv: string, apply = true) =>
  owner.call(api.importMap, { params, body: { csv, apply } });

async function proposalOf(name: string): Promise<MatchProposal> {
  for (const group of ['safe', 'decide', 'create'] as const) {
    const query = { group, limit: 200 };
    const { items } = await owner.call(api.listProposals, { params, query });
    const found = items.find(({ learner }) => learner.learnerId === learners.get(name)?.id);
    if (found) return found;
  }
  throw new Error(`${name} is proposed`);
}

/** The map with another decision in the row of one learner. */
function withDecision(csv: string, name: string, decision: string): string {
  const lines = csv.split('\n').map((line) => {
    if (!line.includes(`${name} Mapped`)) return line;
    return line.replace(/,(undecided|link|create|leave-out),/, `,${decision},`);
  });
  return lines.join('\n');
}

it('A map tells who decided otherwise since it was taken out, and overrules nobody', async () => {
  const csv = await exported();
  const { rowVersion, candidates } = await proposalOf('Ana');
  const contactId = candidates[0]?.contact.contactId;
  const partyId = learners.get('Ana')?.id as never;
  await finance.call(api.decideProposal, {
    params: { ...params, partyId },
    body: { decision: 'link', contactId, rowVersion },
  });
  const changed = withDecision(csv, 'Bo', 'create');
  const line = csv.split('\n').findIndex((one) => one.includes('Ana Mapped')) + 1;
  expect(await send(changed)).toMatchObject({ applied: false, faulty: 1 });
  const { faults } = await send(changed, false);
  expect(faults).toEqual([
    {
      line,
      reason: `Ana Mapped was decided by ${finance.name} since this file was made. Take out a new one, or leave this row out.`,
    },
  ]);
  expect(await proposalOf('Ana')).toMatchObject({ decision: 'link', decidedBy: finance.name });
  expect(await proposalOf('Bo')).toMatchObject({ decision: null });

  // Without that row, from a new file, or in a table that somebody made, it is taken over.
  const rest = changed.split('\n').filter((one) => !one.includes('Ana Mapped'));
  expect(await send(rest.join('\n'))).toMatchObject({ applied: true, changes: 1 });
  expect(await proposalOf('Ana')).toMatchObject({ decision: 'link' });
  const anew = withDecision(await exported(), 'Ana', 'undecided');
  expect(await send(anew)).toMatchObject({ applied: true, changes: 1 });
  const own = `Learner number,Contact id,Decision\n${learners.get('Bo')?.learnerNumber},,undecided`;
  expect(await send(own)).toMatchObject({ applied: true, changes: 1 });
});

it('A contact that bears your own code is linked as it was proposed, when a map returns to it', async () => {
  const csv = await exported();
  expect(await proposalOf('Cy')).toMatchObject({ decision: 'link', replacesCode: true });
  expect(await send(withDecision(csv, 'Cy', 'create'))).toMatchObject({ applied: true });
  const { candidates } = await proposalOf('Cy');
  const number = learners.get('Cy')?.learnerNumber;
  const back = `Learner number,Contact id,Decision\n${number},${candidates[0]?.contact.contactId},link`;
  expect(await send(back)).toMatchObject({ applied: true });
  expect(await proposalOf('Cy')).toMatchObject({ decision: 'link', replacesCode: true });
});
