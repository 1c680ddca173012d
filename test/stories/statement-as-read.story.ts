import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let learner: Learner;
let connectionId: ConnectionId;
beforeEach(async () => {
  world = await startConnectedWorld();
  const { apps } = await world.owner.call(api.listApps);
  connectionId = apps[0]?.connections[0]?.id as ConnectionId;
  learner = await world.addLearner({ firstName: 'Rua', lastName: 'Read' });
  await world.settle();
  world.bookkeeper.createInvoice({
    contactId: world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '',
    date: '2025-11-01',
    dueDate: '2025-11-15',
    lines: [{ description: 'Fee', unitAmount: '300.00', taxType: 'EXEMPTOUTPUT' }],
  });
  await world.settle();
  await world.pass(2 * HOUR_MS);
});
afterEach(() => world.close());

const aud = (amountMinor: number) => ({ amountMinor, currency: 'AUD' });
const params = () => ({ learnerId: learner.id as LearnerId });
async function statement() {
  const { statements } = await world.owner.call(api.learnerStatement, { params: params() });
  return statements[0];
}
const csv = async () =>
  (await world.owner.call(api.learnerStatementCsv, { params: params() })).text;
const papers = () => world.documentsOf(learner.id);
const isRecent = (instant: string | null | undefined, hours = 2) =>
  instant != null && world.clock.now().getTime() - Date.parse(instant) <= hours * HOUR_MS;

describe('a statement', () => {
  it('tells when Xero was read last, and goes on telling it', async () => {
    const first = await statement();
    expect(first).toMatchObject({
      isConnected: true,
      readingStopped: null,
      due: aud(30_000),
      overdue: aud(30_000),
    });
    expect(isRecent(first?.readAt)).toBe(true);
    await world.pass(2 * HOUR_MS);
    expect(isRecent((await statement())?.readAt)).toBe(true);
    expect(await csv()).toContain((await statement())?.readAt);
  });

  it('says that nothing newer was read since a pause, or since the permission was lost', async () => {
    const readAt = (await statement())?.readAt;
    await world.owner.call(api.pauseConnection, { params: { connectionId } });
    await world.pass(DAY_MS);
    expect(await statement()).toMatchObject({
      readAt,
      readingStopped: 'paused',
      isConnected: true,
    });
    expect(await csv()).toMatch(/paused/);

    await world.owner.call(api.resumeConnection, { params: { connectionId } });
    await world.settle();
    const afterwards = await statement();
    expect(afterwards).toMatchObject({ readingStopped: null });
    expect(isRecent(afterwards?.readAt)).toBe(true);
    const scope = ownScope(world.people.providerId);
    const { connections, database } = world.context;
    await database.asProvider(scope.providerId, (tx) =>
      connections.markConsentLost(tx, scope, connectionId, 'grant-dead'),
    );
    expect(await statement()).toMatchObject({ readingStopped: 'consent-lost', isConnected: true });
  });

  it('says so too where Xero fails at reading invoices alone, and since when', async () => {
    const effect = { kind: 'status' as const, status: 500 };
    world.emulator.control.faults.add({ path: '/api.xro/2.0/Invoices*', effect });
    for (let hour = 0; hour < 8; hour += 1) await world.pass(HOUR_MS);
    const stale = await statement();
    expect(stale).toMatchObject({ readingStopped: 'waiting' });
    expect(isRecent(stale?.readAt)).toBe(false);
    world.emulator.control.faults.clear();
    for (let hour = 0; hour < 2; hour += 1) await world.pass(HOUR_MS);
    const well = await statement();
    expect(well).toMatchObject({ readingStopped: null });
    // Prepayments and overpayments of books in which nothing happens are looked at every six hours.
    expect(isRecent(well?.readAt, 6)).toBe(true);
  });
});

describe('of books that are no longer connected', () => {
  it('nothing is owing or overdue: the statement and the papers say what was, and when', async () => {
    const readAt = (await statement())?.readAt;
    await world.owner.call(api.disconnect, { params: { connectionId } });
    await world.pass(10 * DAY_MS);
    expect(await statement()).toMatchObject({
      isConnected: false,
      readingStopped: 'disconnected',
      readAt,
      closing: aud(30_000),
      due: aud(30_000),
      overdue: aud(0),
    });
    const { items, balances } = await papers();
    expect(items).toMatchObject([{ isOverdue: false, due: aud(30_000) }]);
    expect(balances).toMatchObject([{ isConnected: false, due: aud(30_000), overdue: aud(0) }]);
    const listed = await world.owner.call(api.listDocuments, { query: {} });
    expect(listed.items).toMatchObject([{ isOverdue: false }]);
    expect(await csv()).toContain('Harbour Training Pty Ltd (no longer connected)');
  });
});

it('money that was paid back is told beside what was paid', async () => {
  const { bookkeeper } = world;
  const [invoice] = (await papers()).items;
  bookkeeper.pay(invoice?.number ?? '', '300.00');
  const note = bookkeeper.credits.createNote({
    contactId: bookkeeper.findContact(learner.learnerNumber)?.id ?? '',
    lines: [{ description: 'Withdrawn', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }],
  });
  bookkeeper.credits.refund('creditNote', note.id, '100.00');
  await world.settle();
  expect((await papers()).balances).toMatchObject([
    {
      invoiced: aud(30_000),
      paid: aud(30_000),
      paidBack: aud(10_000),
      due: aud(0),
      credit: aud(0),
    },
  ]);
});
