import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { Dice } from '../../emulator/seeds/dice.ts';
import { compare } from '../world/compare.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

const PAPERS = 3_200;

const dice = new Dice(4);
let world: ConnectedWorld;
let database: pg.Client;
let learner: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  learner = await world.addLearner({ firstName: 'Ola', lastName: 'Berg' });
  await world.settle();
  layPapers();
  await world.pass(HOUR_MS);
  await compare(world, 'everything');
  await world.pass(DAY_MS);
}, 120_000);
afterAll(async () => {
  await database.end();
  await world.close();
});

const templateOf = (contactId: string) =>
  world.bookkeeper.createInvoice({
    contactId,
    lines: [{ description: 'Fee', unitAmount: '10.00', taxType: 'EXEMPTOUTPUT' }],
  });

/** Invoices of years, one changed a minute, of which the learner has one of a hundred. */
function layPapers(): void {
  const { bookkeeper } = world;
  const mine = templateOf(bookkeeper.findContact(learner.learnerNumber)?.id ?? '');
  const strangers = templateOf(bookkeeper.createContact({ Name: 'Coffee Bar' }).id);
  const begin = world.clock.now().getTime() - PAPERS * MINUTE_MS;
  bookkeeper.run(() => {
    for (let at = 0; at < PAPERS; at += 1) {
      const template = at % 100 === 0 ? mine : strangers;
      const copy = { id: dice.uuid(), number: `OLD-${at}`, updatedAtMs: begin + at * MINUTE_MS };
      bookkeeper.books.invoices.put({ ...template, ...copy }, 'seed');
    }
  });
}

const pagesRead = () =>
  world.emulator.control.log
    .calls('/api.xro/2.0/Invoices')
    .filter(({ path }) => path.includes('pageSize=1000'));

/** The learner's paper in the middle of all, as it is noted here. */
async function middlePaper(): Promise<string> {
  const { rows } = await database.query<{ xero_id: string }>(
    `select xero_id from paper_marks where kind = 'invoice' and xero_id in
       (select xero_id from documents) order by changed_at offset 16 limit 1`,
  );
  return rows[0]?.xero_id ?? '';
}

async function calm(): Promise<void> {
  await world.pass(HOUR_MS);
  world.emulator.control.log.clear();
}

describe('one paper of very many', () => {
  it('that was never heard of is found with few calls, and comes home', async () => {
    const { length: before } = (await world.documentsOf(learner.id)).items;
    const lost = await middlePaper();
    await database.query('delete from documents where xero_id = $1', [lost]);
    await database.query('delete from paper_marks where xero_id = $1', [lost]);
    await calm();
    const { check, differences } = await compare(world, 'counts');
    expect(check).toMatchObject({ verdict: 'mended', differenceCount: 1 });
    expect(differences).toMatchObject([{ xeroId: lost, isMended: true }]);
    expect((await world.documentsOf(learner.id)).items).toHaveLength(before);
    expect(pagesRead().length).toBeLessThanOrEqual(3);
    expect((await compare(world, 'counts')).check.verdict).toBe('agreed');
  });

  it('that changed without our hearing of it costs one page', async () => {
    const { invoices } = world.bookkeeper.books;
    const invoice = invoices.get(await middlePaper());
    if (!invoice) throw new Error('The paper is not in Xero');
    await world.pass(HOUR_MS);
    const updatedAtMs = world.clock.now().getTime() - HOUR_MS / 2;
    // Heard of, and newer, so that no sweep looks back as far as the other change.
    templateOf(world.bookkeeper.createContact({ Name: 'Tea Room' }).id);
    await calm();
    invoices.put({ ...invoice, reference: 'Second term', updatedAtMs }, 'quiet');
    const { check } = await compare(world, 'counts');
    expect(check.verdict).toBe('mended');
    expect(pagesRead().length).toBeLessThanOrEqual(3);
    const { items } = await world.documentsOf(learner.id);
    expect(items.map(({ reference }) => reference)).toContain('Second term');
  });

  it('that Xero no longer has is named, by reading all', async () => {
    const gone = await middlePaper();
    world.bookkeeper.books.invoices.remove(gone, 'quiet');
    await calm();
    const { check, differences } = await compare(world, 'counts');
    expect(check.verdict).toBe('differs');
    expect(differences).toMatchObject([{ xeroId: gone, isMended: false }]);
  });
});
