import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import type { LearnerRow } from '#contract/learners';
import type { Client } from '../world/client.ts';
import { goThroughXero } from '../world/connect-xero.ts';
import { startWorld, type World } from '../world/world.ts';

const EXPORT = fileURLToPath(new URL('../../../shared/data/avetmiss/', import.meta.url));
const hasExport = existsSync(EXPORT);
if (!hasExport)
  console.warn('No AVETMISS export at hand: the journey goes with a CSV file instead');
/** The real export holds one person twice; the second record is left out. */
const faultyRecords = hasExport ? 1 : 0;

/** The real export's files, or thirteen people of our own invention. */
function filesToImport(): { name: string; contentBase64: string }[] {
  if (hasExport) {
    return readdirSync(EXPORT).map((name) => ({
      name,
      contentBase64: readFileSync(join(EXPORT, name)).toString('base64'),
    }));
  }
  const people = Array.from({ length: 13 }, (_, n) => `Given${n},Family${n},l${n}@learner.example`);
  const text = ['First name,Last name,Email', ...people].join('\n');
  return [{ name: 'people.csv', contentBase64: Buffer.from(text).toString('base64') }];
}

const DAY_MS = 24 * 60 * 60_000;

let world: World;
let program: Client;

beforeAll(async () => {
  world = await startWorld();
  program = await world.apiClient('admin');
});
afterAll(() => world.close());

async function learners(): Promise<LearnerRow[]> {
  return (await program.call(api.listLearners, { query: { limit: 200 } })).items;
}

async function paperOf(learnerId: LearnerId, number: string) {
  const { items } = await program.call(api.listLearnerDocuments, { params: { learnerId } });
  const paper = items.find((one) => one.number === number);
  if (!paper) throw new Error(`There is no ${number} among ${items.map((one) => one.number)}`);
  return paper;
}

const aud = (amountMinor: number) => ({ amountMinor, currency: 'AUD' });

/** Files as far as their preview; a table's columns are matched as proposed. */
async function previewed() {
  const begun = await program.call(api.startImport, { body: { files: filesToImport() } });
  if (begun.state !== 'mapping') return begun;
  return program.call(api.setImportOptions, { params: { importId: begun.id }, body: {} });
}

// One journey: each step builds on the one before.
describe('a program with an API key', () => {
  test('imports learners: preview, yes, done', async () => {
    const begun = await previewed();
    expect(begun).toMatchObject({ state: 'preview', counts: { new: 13, faulty: faultyRecords } });
    const params = { importId: begun.id };
    const rows = await program.call(api.listImportRows, { params, query: { verdict: 'new' } });
    expect(rows.items).toHaveLength(13);
    expect(await learners()).toEqual([]);
    await program.call(api.commitImport, {
      params,
      body: { previewVersion: begun.previewVersion },
    });
    await world.settle();
    const run = await program.call(api.getImport, { params });
    expect(run).toMatchObject({ state: 'done', counts: { applied: 13 } });
    expect(await learners()).toHaveLength(13);
  });

  test('imports the same files again, and nothing changes', async () => {
    const begun = await previewed();
    expect(begun.counts).toMatchObject({ new: 0, changed: 0, unchanged: 13 });
    await program.call(api.discardImport, { params: { importId: begun.id } });
  });

  test('begins to connect Xero, and somebody finishes it in a browser', async () => {
    const begun = await program.call(api.beginConsent, { body: { app: 'xero' } });
    expect(begun.authorizeUrl).toBeNull();
    const token = new URL(String(begun.startUrl)).pathname.split('/').pop() ?? '';
    const browser = world.visitor();
    const params = { token };
    const invitation = await browser.call(api.getInvitation, { params });
    expect(invitation).toMatchObject({ providerName: 'Harbour Training', askedBy: 'admin key' });
    const { authorizeUrl } = await browser.call(api.continueConsent, { params });
    const landing = await goThroughXero(world.emulator, browser, authorizeUrl);
    expect(landing.path).toBe('/connect/done?outcome=connected');
    // Nobody is to go there yet when the contacts become known, so there is nothing to review.
    await world.settle();
    const { apps } = await program.call(api.listApps);
    expect(apps[0]?.connections).toEqual([
      expect.objectContaining({
        state: 'active',
        connectedBy: 'admin key',
        organisation: expect.objectContaining({ name: 'Harbour Training Pty Ltd', country: 'AU' }),
      }),
    ]);
  });

  test('turns Sync to Xero on for all, and each becomes one contact', async () => {
    const learnerIds = (await learners()).map(({ id }) => id);
    const body = { learnerIds, syncToXero: true };
    const answer = await program.call(api.setManyLearnerSync, { body });
    expect(answer).toEqual({ changed: 13, unchanged: 0, refused: [] });
    await world.settle();
    for (const row of await learners()) {
      expect(row).toMatchObject({ syncToXero: true, standing: 'in-step' });
      const contact = world.bookkeeper.findContact(row.learnerNumber);
      expect(contact?.name).toBe(row.name);
    }
    expect([...world.bookkeeper.books.contacts.all()]).toHaveLength(13);
  });

  test('sees how the sync is doing', async () => {
    const { lanes } = await program.call(api.syncHealth);
    expect(lanes).toEqual([
      expect.objectContaining({ inStep: 13, waiting: 0, blocked: 0, noticesWaiting: 0 }),
    ]);
  });

  test('sees an invoice come home, be paid in two parts, and another be voided', async () => {
    const [learner] = await learners();
    if (!learner) throw new Error('no learner came in');
    const { id, learnerNumber } = learner;
    const contact = world.bookkeeper.findContact(learnerNumber);
    const raise = (number: string, unitAmount: string) =>
      world.bookkeeper.createInvoice({
        contactId: contact?.id ?? '',
        number,
        status: 'AUTHORISED',
        lineAmountTypes: 'Inclusive',
        lines: [{ description: 'Certificate III, first term', unitAmount }],
      });

    const invoice = raise('INV-0001', '1200.35');
    await world.settle();
    expect(await paperOf(id, 'INV-0001')).toMatchObject({
      kind: 'invoice',
      status: 'approved',
      total: aud(120_035),
      paid: aud(0),
      due: aud(120_035),
      hasOnlineView: true,
    });

    world.clock.advance(1_000);
    world.bookkeeper.pay(invoice.id, '700.10');
    await world.settle();
    expect(await paperOf(id, 'INV-0001')).toMatchObject({
      status: 'part-paid',
      paid: aud(70_010),
      due: aud(50_025),
      payments: [{ amount: aud(70_010) }],
    });

    world.clock.advance(1_000);
    world.bookkeeper.pay(invoice.id, '500.25');
    await world.settle();
    const paid = await paperOf(id, 'INV-0001');
    expect(paid).toMatchObject({ status: 'paid', paid: aud(120_035), due: aud(0) });
    expect(paid.payments).toHaveLength(2);

    const mistake = raise('INV-0002', '80');
    await world.settle();
    world.clock.advance(1_000);
    world.bookkeeper.void(mistake.id);
    await world.settle();
    expect(await paperOf(id, 'INV-0002')).toMatchObject({ status: 'voided', due: aud(0) });

    const params = { learnerId: id };
    const { balances } = await program.call(api.listLearnerDocuments, { params });
    expect(balances).toMatchObject([
      {
        invoiced: aud(120_035),
        paid: aud(120_035),
        credited: aud(0),
        due: aud(0),
        overdue: aud(0),
      },
    ]);
    const online = await program.call(api.onlineDocument, { params: { documentId: paid.id } });
    expect(online.url).toContain(world.emulator.url);
  });

  test('reads it all in the learner’s history, and an invoice becomes overdue by itself', async () => {
    const [learner] = await learners();
    if (!learner) throw new Error('no learner came in');
    const params = { learnerId: learner.id };
    const history = await program.call(api.learnerHistory, { params });
    const kinds = new Set(history.items.map(({ kind }) => kind));
    for (const kind of [
      'learner.added',
      'learner.changed',
      'contact.linked',
      'document.mirrored',
    ]) {
      expect(kinds).toContain(kind);
    }
    const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
    const lines = [{ description: 'Books', unitAmount: '55' }];
    world.bookkeeper.createInvoice({ contactId, number: 'INV-0003', status: 'AUTHORISED', lines });
    await world.settle();
    expect(await paperOf(learner.id, 'INV-0003')).toMatchObject({ isOverdue: false });
    await world.pass(30 * DAY_MS);
    expect(await paperOf(learner.id, 'INV-0003')).toMatchObject({ isOverdue: true });
  });
});
