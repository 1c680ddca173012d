import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import { emptyAddress, type Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

const calls = (world: World, part: string) => world.emulator.control.log.calls(part);

describe('connecting to books that know some learners already', () => {
  let world: World;
  let owner: SignedIn;
  const learners: Learner[] = [];
  beforeAll(async () => {
    world = await startWorld();
    owner = await world.people.owner();
    for (const number of ['L90001', 'L90002', 'L90003']) {
      const body = {
        firstName: 'Early',
        lastName: `Bird ${number}`,
        learnerNumber: number,
        syncToXero: true,
      };
      learners.push(await owner.call(api.addLearner, { body }));
    }
    for (let index = 0; index < 1_010; index += 1) {
      world.bookkeeper.createContact({ Name: `Somebody ${index}` });
    }
    const there = world.bookkeeper.createContact({ Name: 'Mr Bird', ContactNumber: 'L90001' });
    const invoice = world.bookkeeper.createInvoice({
      contactId: there.id,
      number: 'LAST-YEAR',
      date: '2025-04-01',
      lines: [{ description: 'Fee', unitAmount: '80', taxType: 'EXEMPTOUTPUT' }],
    });
    world.bookkeeper.pay(invoice.id, '30');
    const gone = world.bookkeeper.createContact({ Name: 'Gone Bird', ContactNumber: 'L90002' });
    world.bookkeeper.archiveContact(gone.id);
    world.emulator.control.log.clear();
    await world.connectXero(owner);
    await world.settle();
  });
  afterAll(() => world.close());

  const linkOf = async (index: number) => {
    const learnerId = learners[index]?.id;
    if (!learnerId) throw new Error('There is no such learner');
    return (await owner.call(api.learnerSync, { params: { learnerId } })).link;
  };

  it('links whom it finds by number, on whichever page, and makes nobody twice', async () => {
    expect(await linkOf(0)).toMatchObject({ standing: 'in-step' });
    const { contacts } = world.bookkeeper.books;
    for (const learner of learners) {
      expect(contacts.find('number', learner.learnerNumber.toLowerCase())).toHaveLength(1);
    }
    expect(contacts.find('number', 'l90001')[0]).toMatchObject({
      name: 'Mr Bird',
      firstName: 'Early',
    });
  });

  it('brings the papers of those, from before the connection too', async () => {
    const params = { learnerId: learners[0]?.id ?? ('' as never) };
    const { items, balances } = await owner.call(api.listLearnerDocuments, { params });
    expect(items.map((paper) => [paper.number, paper.status])).toEqual([
      ['LAST-YEAR', 'part-paid'],
    ]);
    expect(balances[0]?.due).toEqual({ amountMinor: 5_000, currency: 'AUD' });
  });

  it('leaves an archived contact to a person, and says that it has to be restored', async () => {
    const link = await linkOf(1);
    expect(link?.standing).toBe('undecided');
    expect(link?.reasons[0]).toContain('archived in Xero');
  });

  it('creates who is not there, after it has looked at everybody', async () => {
    expect(await linkOf(2)).toMatchObject({ standing: 'in-step' });
    const made = calls(world, '/Contacts').map((call) => call.method);
    expect(made.indexOf('PUT')).toBeGreaterThanOrEqual(2);
    expect(made.filter((method) => method === 'PUT')).toHaveLength(1);
  });

  it('keeps nothing of the thousand others', async () => {
    const { items } = await owner.call(api.listDocuments, {});
    expect(items).toHaveLength(1);
  });
});

describe('with hundreds of learners in the books already', () => {
  const COUNT = 520;
  let world: World;
  let owner: SignedIn;
  let database: pg.Client;
  beforeAll(async () => {
    world = await startWorld();
    owner = await world.people.owner();
    database = new pg.Client({ connectionString: world.config.databaseUrl });
    await database.connect();
    await insertLearners();
    for (let index = 1; index <= COUNT; index += 1) {
      if (index % 50 === 0) world.clock.advance(2_000);
      const contact = world.bookkeeper.createContact({
        Name: `First${index} Last${index}`,
        ContactNumber: `N${index}`,
        FirstName: `First${index}`,
        LastName: `Last${index}`,
      });
      for (const kind of ['A', 'B']) {
        world.bookkeeper.createInvoice({
          contactId: contact.id,
          number: `${kind}-${index}`,
          lines: [{ description: 'Fee', unitAmount: '10', taxType: 'EXEMPTOUTPUT' }],
        });
      }
    }
    world.emulator.control.log.clear();
    await world.connectXero(owner);
    await world.settle();
  }, 60_000);
  afterAll(async () => {
    await database.end();
    await world.close();
  });

  async function insertLearners(): Promise<void> {
    const values = [
      world.people.providerId,
      JSON.stringify(emptyAddress),
      world.clock.now(),
      COUNT,
    ];
    await database.query(
      `insert into learners (provider_id, id, learner_number, number_key, revision, first_name,
         last_name, street_address, postal_address, is_active, sync_to_xero, name_sort,
         number_sort, created_at, updated_at)
       select $1, gen_random_uuid(), 'N' || i, 'n' || i, 1, 'First' || i, 'Last' || i,
         $2::jsonb, $2::jsonb, true, true, 'last' || i, 'n' || i, $3, $3
       from generate_series(1, $4::int) as i`,
      values,
    );
  }

  const papers = async () => {
    const { rows } = await database.query(
      'select status, count(*)::int as papers from documents group by status order by status',
    );
    return rows;
  };

  it('reads all papers by the thousand, and writes to nobody who is as we want them', async () => {
    expect(await papers()).toEqual([{ status: 'approved', papers: 2 * COUNT }]);
    const reads = calls(world, '/Invoices').filter(({ path }) => !/pageSize=1(&|$)/.test(path));
    expect(reads).toHaveLength(2);
    expect(calls(world, '/Contacts').filter((call) => call.method !== 'GET')).toEqual([]);
    const { lanes } = await owner.call(api.syncHealth);
    expect(lanes[0]).toMatchObject({ inStep: COUNT, waiting: 0, blocked: 0, noticesWaiting: 0 });
  });

  it('reads a storm of changes by instant: far fewer calls than papers', async () => {
    await world.pass(5 * MINUTE_MS);
    world.emulator.control.log.clear();
    world.emulator.control.webhooks.switches.maxEvents = 1_000;
    for (let index = 1; index <= 400; index += 1) world.bookkeeper.pay(`A-${index}`, '10');
    await world.settle();
    expect(await papers()).toEqual([
      { status: 'approved', papers: 2 * COUNT - 400 },
      { status: 'paid', papers: 400 },
    ]);
    expect(calls(world, '/Invoices').length).toBeLessThanOrEqual(4);
  });

  it('costs few calls while nothing happens', async () => {
    await world.pass(20 * MINUTE_MS);
    world.emulator.control.log.clear();
    for (let round = 0; round < 6; round += 1) await world.pass(10 * MINUTE_MS);
    expect(calls(world, '/api.xro').length).toBeLessThanOrEqual(6 * 3);
  });
});
