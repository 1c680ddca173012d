import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let ana: Learner;

beforeAll(async () => {
  world = await startConnectedWorld();
  ana = await world.addLearner({
    firstName: 'Ana',
    lastName: 'Lima',
    email: 'ana.lima@example.com',
    phoneMobile: '0400 111 222',
  });
  await world.settle();
  // Xero's stamps are exact to the second, and what follows happens later.
  await world.pass(2 * SECOND_MS);
});
afterAll(() => world.close());

const diagnosisOf = (learnerId: LearnerId) =>
  world.owner.call(api.learnerDiagnosis, { params: { learnerId } });

async function problemsOf(learnerId: LearnerId) {
  const { checks } = await diagnosisOf(learnerId);
  return checks.filter(({ state }) => state === 'problem');
}

const contactOf = (learner: Learner) => {
  const contact = world.bookkeeper.findContact(learner.learnerNumber);
  if (!contact) throw new Error(`${learner.learnerNumber} is not in Xero`);
  return contact;
};

const lines = [{ description: 'Course fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];

/** An invoice that no webhook tells of. */
function unheardInvoice(contactId: string) {
  world.emulator.control.webhooks.switches.dropNext = 1;
  return world.bookkeeper.createInvoice({ contactId, lines });
}

const missing = async (number: string) =>
  (await world.owner.call(api.findPaper, { body: { number } })).found;

describe('why a learner is or is not in step', () => {
  test('is answered question by question, all fine for one in step', async () => {
    const diagnosis = await diagnosisOf(ana.id);
    expect(diagnosis).toMatchObject({
      label: 'Ana Lima',
      number: ana.learnerNumber,
      organisationName: 'Harbour Training Pty Ltd',
    });
    expect(diagnosis.checks.map(({ state }) => state)).toEqual(Array(10).fill('fine'));
  });

  test('names the one thing that stands in the way, and where to put it right', async () => {
    const quiet = await world.addLearner({
      firstName: 'Quinn',
      lastName: 'Quiet',
      syncToXero: false,
    });
    expect(await problemsOf(quiet.id)).toMatchObject([
      { code: 'switched-on', way: 'turn-sync-on' },
    ]);
    world.bookkeeper.archiveContact(contactOf(ana).id);
    await world.pass(2 * SECOND_MS);
    expect(await problemsOf(ana.id)).toMatchObject([{ code: 'contact', way: 'fix-in-xero' }]);
    world.bookkeeper.restoreContact(contactOf(ana).id);
    await world.pass(2 * SECOND_MS);
    expect(await problemsOf(ana.id)).toEqual([]);
  });

  test('is seen in Xero on demand: the contact, and how many papers each side has', async () => {
    const { id } = contactOf(ana);
    unheardInvoice(id);
    await world.settle();
    const { look } = await world.owner.call(api.lookForLearner, { params: { learnerId: ana.id } });
    expect(look?.contact).toMatchObject({
      contactId: id,
      name: 'Ana Lima',
      number: ana.learnerNumber,
      status: 'ACTIVE',
      isLinked: true,
    });
    expect(look?.papers).toEqual([
      { kind: 'invoice', inXero: 1, here: 0 },
      { kind: 'credit-note', inXero: 0, here: 0 },
      { kind: 'prepayment', inXero: 0, here: 0 },
      { kind: 'overpayment', inXero: 0, here: 0 },
    ]);
  });

  test('counts sales alone on both sides, however many papers there are', async () => {
    const learner = await world.addLearner({ firstName: 'Max', lastName: 'Many' });
    await world.settle();
    const { id: contactId } = contactOf(learner);
    const { switches } = world.emulator.control.webhooks;
    switches.dropNext = 2_000;
    // More than a page, of which bills are no learner's.
    for (let made = 0; made < 600; made += 1) {
      world.bookkeeper.createInvoice({ contactId, lines });
      if (made > 0) world.bookkeeper.createInvoice({ contactId, lines, type: 'ACCPAY' });
    }
    const params = { learnerId: learner.id };
    const { look } = await world.owner.call(api.lookForLearner, { params });
    expect(look?.papers[0]).toMatchObject({ kind: 'invoice', inXero: 600 });
    await world.settle();
    switches.dropNext = 0;
  });

  test('is told for a workplace as for a learner', async () => {
    const workplace = await world.owner.call(api.addWorkplace, {
      body: { name: 'Dockside Cranes', syncToXero: true, saveAnyway: true },
    });
    await world.settle();
    const params = { workplaceId: workplace.id };
    const { checks } = await world.owner.call(api.workplaceDiagnosis, { params });
    expect(checks.every(({ state }) => state === 'fine')).toBe(true);
    const { look } = await world.owner.call(api.lookForWorkplace, { params });
    expect(look?.contact?.name).toBe('Dockside Cranes');
    const { json } = await world.owner.call(api.workplaceSupportBundle, { params });
    expect(json).not.toContain('Dockside');
  });
});

describe('an invoice that somebody misses', () => {
  test('of a linked contact is fetched at once', async () => {
    const invoice = unheardInvoice(contactOf(ana).id);
    await world.settle();
    expect(await missing(invoice.number)).toMatchObject([
      { fate: 'fetched', kind: 'invoice', learnerId: ana.id, partyName: 'Ana Lima' },
    ]);
    await world.settle();
    expect(await missing(invoice.number)).toMatchObject([{ fate: 'here', learnerId: ana.id }]);
    const { items } = await world.documentsOf(ana.id);
    expect(items.map(({ number }) => number)).toContain(invoice.number);
  });

  test('on a contact of nobody here is named with that contact', async () => {
    const stranger = world.bookkeeper.createContact({ Name: 'Sol Stranger' });
    const invoice = world.bookkeeper.createInvoice({ contactId: stranger.id, lines });
    await world.settle();
    expect(await missing(invoice.number.toLowerCase())).toMatchObject([
      { fate: 'stranger', contactName: 'Sol Stranger', learnerId: null },
    ]);
  });

  test('that is in no organisation is said to be unknown', async () => {
    expect(await missing('INV-NOWHERE')).toMatchObject([
      { fate: 'unknown', organisationName: 'Harbour Training Pty Ltd', kind: null },
    ]);
  });

  test('is nothing that Staff may look for', async () => {
    const staff = await world.people.staff();
    await expect(staff.call(api.findPaper, { body: { number: 'INV-1' } })).rejects.toMatchObject({
      problem: { code: 'permission.missing' },
    });
  });
});

test('a support bundle tells states, times and fields, and nobody’s name, e-mail or phone', async () => {
  const params = { learnerId: ana.id };
  const { fileName, json } = await world.owner.call(api.learnerSupportBundle, { params });
  expect(fileName).toBe(`bursar-diagnosis-${ana.learnerNumber}-2026-03-02.json`);
  const bundle = JSON.parse(json);
  expect(bundle).toMatchObject({
    about: { kind: 'learner', number: ana.learnerNumber },
    lane: { state: 'running' },
    link: { standing: 'in-step', contactStatus: 'active' },
  });
  expect(bundle.events.map(({ kind }: { kind: string }) => kind)).toContain('learner.added');
  for (const own of ['Ana', 'Lima', 'ana.lima@example.com', '0400 111 222', 'token', 'secret']) {
    expect(json.toLowerCase()).not.toContain(own.toLowerCase());
  }
});

test('the neighbours learn nothing of a learner', async () => {
  const neighbour = await world.neighbours.owner();
  const params = { learnerId: ana.id };
  for (const route of [api.learnerDiagnosis, api.lookForLearner, api.learnerSupportBundle]) {
    await expect(neighbour.call(route, { params })).rejects.toMatchObject({
      problem: { code: 'request.not-found' },
    });
  }
});
