import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { createMeanwhile } from '../world/meanwhile.ts';

const { during, holdsAnswer } = createMeanwhile();

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld({ holdsAnswer });
});
afterAll(() => world.close());

const xeroOrgId = xeroOrgs.au as never;
const lines = [{ description: 'Fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];
const contacts = () => world.bookkeeper.books.contacts;
const linkOf = async ({ id }: Learner) => (await world.syncOf(id)).link;
const numbersOf = async ({ id }: Learner) =>
  (await world.documentsOf(id)).items.map(({ number }) => number);
const relink = ({ id: learnerId }: Learner, contactId: string) =>
  world.owner.call(api.relinkLearner, { params: { learnerId }, body: { xeroOrgId, contactId } });

/** A learner with a contact and an invoice of their own, and another contact with one. */
async function twoContacts(lastName: string) {
  const other = world.bookkeeper.createContact({ Name: `Older ${lastName}` });
  const theirs = world.bookkeeper.createInvoice({ contactId: other.id, lines });
  const learner = await world.addLearner({ firstName: 'Ana', lastName });
  await world.settle();
  const contactId = (await linkOf(learner))?.contactId ?? '';
  const ours = world.bookkeeper.createInvoice({ contactId, lines });
  await world.settle();
  // What Xero says of strangers is gathered for some minutes before it is read.
  await world.pass(11 * MINUTE_MS);
  expect(await numbersOf(learner)).toEqual([ours.number]);
  return { learner, contactId, other, ours: ours.number, theirs: theirs.number };
}

describe('a learner who was linked to the wrong contact', () => {
  test('is linked to another one: its papers come, those of the former go, Xero keeps it', async () => {
    const { learner, contactId, other, theirs } = await twoContacts('Wrong');
    const before = structuredClone(contacts().get(contactId));
    await relink(learner, other.id);
    await world.settle();
    await world.pass(MINUTE_MS);
    expect(await linkOf(learner)).toMatchObject({ standing: 'in-step', contactId: other.id });
    expect(await numbersOf(learner)).toEqual([theirs]);
    expect(contacts().get(contactId)).toEqual(before);
    const { items } = await world.owner.call(api.learnerHistory, {
      params: { learnerId: learner.id },
    });
    const told = items.map(({ summary }) => summary);
    expect(told).toContain('Linked to another contact in Xero: Older Wrong');
  });

  test('goes back the same way', async () => {
    const { learner, contactId, other, ours } = await twoContacts('Undo');
    await relink(learner, other.id);
    await world.settle();
    await relink(learner, contactId);
    await world.settle();
    await world.pass(MINUTE_MS);
    expect(await linkOf(learner)).toMatchObject({ standing: 'in-step', contactId });
    expect(await numbersOf(learner)).toEqual([ours]);
  });

  test('is not sent back by a write to the former contact that was under way', async () => {
    const { learner, contactId, other } = await twoContacts('Race');
    await world.edit(learner, { phoneMobile: '0400 111 222' });
    const relinked = during('POST /Contacts?', () => relink(learner, other.id));
    await world.settle();
    await relinked;
    await world.pass(2 * SECOND_MS);
    expect((await linkOf(learner))?.contactId).toBe(other.id);
    expect(contacts().get(contactId)?.phones.MOBILE?.number).toContain('111');
  });
});

describe('another contact', () => {
  test('is refused where it is somebody else’s, or nothing is linked', async () => {
    const one = await twoContacts('One');
    const two = await twoContacts('Two');
    const body = { xeroOrgId, contactId: two.contactId };
    const given = { params: { learnerId: one.learner.id }, body };
    expect((await world.owner.refusal(api.relinkLearner, given)).code).toBe(
      'matching.contact-unavailable',
    );
    const off = await world.addLearner({ firstName: 'No', lastName: 'Link', syncToXero: false });
    const nothing = { params: { learnerId: off.id }, body };
    expect((await world.owner.refusal(api.relinkLearner, nothing)).code).toBe('matching.not-open');
  });

  test('is chosen by those who may sync, for workplaces too', async () => {
    const { learner, other } = await twoContacts('Rights');
    const given = {
      params: { learnerId: learner.id },
      body: { xeroOrgId, contactId: other.id },
    };
    const staff = await world.people.staff();
    expect((await staff.refusal(api.relinkLearner, given)).code).toBe('permission.missing');
    const neighbour = await world.neighbours.owner();
    expect((await neighbour.refusal(api.relinkLearner, given)).code).toBe('request.not-found');
    const workplace = await world.owner.call(api.addWorkplace, {
      body: { name: 'Dockside Cranes', syncToXero: true, saveAnyway: true },
    });
    await world.settle();
    const params = { workplaceId: workplace.id };
    await world.owner.call(api.relinkWorkplace, {
      params,
      body: { xeroOrgId, contactId: other.id },
    });
    await world.settle();
    const { link } = await world.owner.call(api.workplaceSync, { params });
    expect(link).toMatchObject({ standing: 'in-step', contactId: other.id });
  });
});
