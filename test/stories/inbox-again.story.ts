import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { DriftAct } from '#contract/drift';
import type { ConnectionId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeEach(async () => {
  world = await startConnectedWorld();
});
afterEach(() => world.close());

const count = async () => (await world.owner.call(api.syncInboxCount)).open;
const putAside = (key: string) =>
  world.owner.call(api.ignoreProblem, { body: { key, note: 'We know' } });
const shown = async () => {
  const { problems, ignored } = await world.owner.call(api.syncInbox);
  return { open: problems.map(({ key }) => key), aside: ignored.map(({ key }) => key) };
};
const contactOf = (learner: Learner) => world.bookkeeper.findContact(learner.learnerNumber);

async function editInXero(learner: Learner, EmailAddress: string): Promise<void> {
  await world.pass(MINUTE_MS);
  world.bookkeeper.editContact(contactOf(learner)?.id ?? '', { EmailAddress });
  await world.pass(2 * SECOND_MS);
}

async function decide({ id: partyId }: Learner, act: DriftAct): Promise<void> {
  const { drift } = await world.owner.call(api.partyDrift, { params: { partyId } });
  const body = { act, version: drift?.version ?? '' };
  await world.owner.call(api.decideDrift, { params: { partyId }, body });
  await world.settle();
}

async function linked(firstName: string): Promise<Learner> {
  const email = `${firstName.toLowerCase()}@learner.example`;
  const learner = await world.addLearner({ firstName, lastName: 'Again', email });
  await world.settle();
  await world.pass(2 * SECOND_MS);
  return learner;
}

async function leave(): Promise<void> {
  const [connection] = (await world.owner.call(api.listApps)).apps[0]?.connections ?? [];
  const connectionId = connection?.id as ConnectionId;
  await world.owner.call(api.disconnect, { params: { connectionId } });
}

describe('A problem that was put aside', () => {
  it('is told again where it was settled and the bookkeeper changes the field once more', async () => {
    const learner = await linked('Ada');
    await editInXero(learner, 'one@books.example');
    await putAside('drift.open');
    expect(await shown()).toEqual({ open: [], aside: ['drift.open'] });
    // Neither another look nor an edit of something else brings it back.
    await world.edit(learner, { phoneMobile: '0400 000 009' });
    await world.pass(DAY_MS);
    expect(await shown()).toEqual({ open: [], aside: ['drift.open'] });
    await decide(learner, 'push');
    expect(await shown()).toEqual({ open: [], aside: [] });
    await world.pass(2 * DAY_MS);
    await editInXero(learner, 'one@books.example');
    expect(await shown()).toEqual({ open: ['drift.open'], aside: [] });
    expect(await count()).toBe(1);
  });

  it('is told again where Xero says something else by now', async () => {
    const learner = await linked('Ben');
    await editInXero(learner, 'one@books.example');
    await putAside('drift.open');
    expect(await count()).toBe(0);
    await editInXero(learner, 'two@books.example');
    expect(await count()).toBe(1);
  });

  it('is told again where the contact was in step meanwhile, and not after each try', async () => {
    const learner = await linked('Cleo');
    const contactId = contactOf(learner)?.id ?? '';
    world.bookkeeper.archiveContact(contactId);
    await world.pass(2 * SECOND_MS);
    await putAside('contact.archived');
    await world.edit(learner, { phoneMobile: '0400 000 009' });
    await world.pass(MINUTE_MS);
    expect(await shown()).toEqual({ open: [], aside: ['contact.archived'] });
    world.bookkeeper.restoreContact(contactId);
    await world.pass(MINUTE_MS);
    expect(await shown()).toEqual({ open: [], aside: [] });
    // Xero's stamps are exact to the second, and this happens later than what was sent.
    await world.pass(2 * SECOND_MS);
    world.bookkeeper.archiveContact(contactId);
    await world.pass(2 * SECOND_MS);
    expect(await shown()).toEqual({ open: ['contact.archived'], aside: [] });
  });

  it('is told again where access to Xero is lost once more', async () => {
    const { people } = world.emulator.control;
    people.disconnect(xeroOrgs.au);
    await linked('Dora');
    await putAside('connection.lost');
    expect(await shown()).toEqual({ open: [], aside: ['connection.lost'] });
    await world.connectXero(world.owner, { organisations: [xeroOrgs.au] });
    await world.settle();
    await world.pass(DAY_MS);
    expect(await shown()).toEqual({ open: [], aside: [] });
    people.disconnect(xeroOrgs.au);
    await linked('Eve');
    expect(await shown()).toEqual({ open: ['connection.lost'], aside: [] });
  });

  it('is told again where matches wait again after another connection', async () => {
    const connect = async () => {
      const atXero = { organisations: [xeroOrgs.nz], leavesMatchesOpen: true };
      const landing = await world.connectXero(world.owner, atXero);
      const params = { connectionId: landing.connectionId as ConnectionId };
      if (landing.outcome === 'choose') {
        const body = { xeroOrgId: xeroOrgs.nz };
        await world.owner.call(api.chooseOrganisation, { params, body });
      }
      await world.settle();
    };
    await linked('Finn');
    await leave();
    await connect();
    expect((await shown()).open).toEqual(['matching.open']);
    await putAside('matching.open');
    expect(await shown()).toEqual({ open: [], aside: ['matching.open'] });
    await leave();
    await connect();
    expect(await shown()).toEqual({ open: ['matching.open'], aside: [] });
  });
});
