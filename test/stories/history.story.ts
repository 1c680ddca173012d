import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let ana: Learner;
let invoiceNumber: string;

beforeAll(async () => {
  world = await startConnectedWorld();
  ana = await world.addLearner({ firstName: 'Ana', lastName: 'Lima' });
  await world.settle();
  const contactId = world.bookkeeper.findContact(ana.learnerNumber)?.id ?? '';
  const lines = [{ description: 'Fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];
  const invoice = world.bookkeeper.createInvoice({ contactId, lines });
  invoiceNumber = invoice.number;
  await world.settle();
  world.clock.advance(MINUTE_MS);
  world.bookkeeper.pay(invoice.id, '40.00');
  await world.settle();
  ana = await world.edit(ana, { phoneMobile: '0400 111 222' });
  await world.settle();
});
afterAll(() => world.close());

const params = () => ({ learnerId: ana.id });
const ourInvoice = async () => {
  const { items } = await world.documentsOf(ana.id);
  const found = items.find(({ number }) => number === invoiceNumber);
  if (!found) throw new Error(`${invoiceNumber} has not arrived`);
  return found;
};

describe('the history of a learner', () => {
  test('tells edits, the contact and papers, and one of them alone when asked', async () => {
    const kindsOf = async (topic?: 'details' | 'contact' | 'papers') => {
      const query = topic ? { topic } : {};
      const { items } = await world.owner.call(api.learnerHistory, { params: params(), query });
      return new Set(items.map(({ kind }) => kind.split('.')[0]));
    };
    expect(await kindsOf()).toEqual(new Set(['learner', 'contact', 'document']));
    expect(await kindsOf('details')).toEqual(new Set(['learner']));
    expect(await kindsOf('contact')).toEqual(new Set(['contact']));
    expect(await kindsOf('papers')).toEqual(new Set(['document']));
  });

  test('tells of papers and amounts only to those who may see them', async () => {
    const staff = await world.people.staff();
    for (const query of [{}, { topic: 'papers' as const }]) {
      const { items } = await staff.call(api.learnerHistory, { params: params(), query });
      expect(items.filter(({ kind }) => kind.startsWith('document'))).toEqual([]);
      expect(JSON.stringify(items)).not.toContain(invoiceNumber);
    }
  });
});

describe('the history of a paper', () => {
  test('tells when it came and each payment, newest first, page by page', async () => {
    const { id: documentId } = await ourInvoice();
    const first = await world.owner.call(api.documentHistory, {
      params: { documentId },
      query: { limit: 1 },
    });
    expect(first.items[0]?.summary).toContain(`Invoice ${invoiceNumber} was paid 40.00 AUD`);
    const rest = await world.owner.call(api.documentHistory, {
      params: { documentId },
      query: { cursor: first.nextCursor ?? undefined },
    });
    expect(rest.items.map(({ summary }) => summary)).toEqual([
      `Invoice ${invoiceNumber} arrived from Xero`,
    ]);
  });

  test('is nothing for Staff, nor for the neighbours', async () => {
    const given = { params: { documentId: (await ourInvoice()).id } };
    const staff = await world.people.staff();
    expect((await staff.refusal(api.documentHistory, given)).code).toBe('permission.missing');
    const neighbour = await world.neighbours.owner();
    expect((await neighbour.refusal(api.documentHistory, given)).code).toBe('request.not-found');
  });
});

test('the history of a connection tells who connected, paused and resumed', async () => {
  const { apps } = await world.owner.call(api.listApps);
  const [connection] = apps.flatMap((app) => app.connections);
  if (!connection) throw new Error('Nothing is connected');
  const given = { params: { connectionId: connection.id } };
  await world.owner.call(api.pauseConnection, given);
  await world.owner.call(api.resumeConnection, given);
  const { items } = await world.owner.call(api.connectionHistory, given);
  const told = items.map(({ summary }) => summary);
  expect(told.slice(0, 2)).toEqual(['Resumed', 'Paused']);
  expect(told.at(-1)).toMatch(/^Connected to Harbour Training Pty Ltd/);
  const neighbour = await world.neighbours.owner();
  expect((await neighbour.refusal(api.connectionHistory, given)).code).toBe('request.not-found');
});
