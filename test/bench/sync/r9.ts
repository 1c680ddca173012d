import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { restoreBackup, takeBackup } from '../../world/backup.ts';
import { xeroOrgs } from '../../world/connect-xero.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { addKnownLearners, differingPapers, isAtRest, layPapers } from './books.ts';
import { readFloor } from './floor.ts';
import { atMost, exactly, type Figure, type Goal, told } from './goal.ts';
import { addLearners, contactsAtXero, inventPerson, runOf, startSyncing } from './learners.ts';

const KNOWN_SHARE = 10;
const NEW_SHARE = 20;
const PAPERS_PER_LEARNER = 5;
/** Invoices, three kinds of credit, payments. */
const KINDS_OF_PAPERS = 5;
const ROWS_PER_PAGE = 1_000;
const BY_FLOOR_MAX = 2;
/** Contacts and papers; neither the settings of the books nor the nightly counting. */
const KEEPING_IN_STEP =
  /\/(Contacts|Invoices|CreditNotes|Prepayments|Overpayments|Payments)\?(?!.*pageSize=1(&|$))/;
const DAY_STEPS = 24;
const CHANGES_PER_STEP = 10;

/**
 * Yesterday's database comes back while the machine's data folder stays: what was sent since is
 * known again, and nobody is asked.
 */
export const r9: Goal = {
  id: 'R9',
  title: 'Yesterday’s backup restored',
  async run({ learners }): Promise<Figure[]> {
    const world = await startBenchWorld();
    try {
      const known = Math.ceil(learners / KNOWN_SHARE);
      const fresh = Math.ceil(learners / NEW_SHARE);
      await prepare(world, known, fresh);
      // Everybody new waits for Xero at this very moment.
      await takeBackup(world);
      await liveOn(world);
      const contacts = contactsAtXero(world);
      await restoreBackup(world);
      world.recount();
      const begunAt = world.clock.now().getTime();
      const steps = await comeBack(world);
      const minutes = (world.clock.now().getTime() - begunAt) / MINUTE_MS;
      const calls = world.calls(undefined, KEEPING_IN_STEP);
      const after = contactsAtXero(world);
      // One page of each kind for what changed since, and of contacts as many as are new.
      const floor = readFloor(fresh, ROWS_PER_PAGE) + KINDS_OF_PAPERS;
      return [
        exactly('contacts more than before', after.contacts - contacts.contacts, 0),
        exactly('doubled numbers', after.contacts - after.numbers, 0),
        exactly('papers that differ', (await differingPapers(world)).length, 0),
        exactly('learners out of step', await countOutOfStep(world), 0),
        atMost('calls until equal', calls, floor * BY_FLOOR_MAX, { floor }),
        exactly('steps by a person', steps, 0),
        told('emulated time', minutes, { unit: 'min' }),
      ];
    } finally {
      await world.close();
    }
  },
};

/** Connected and at rest with some learners; the others are told to go to Xero and wait. */
async function prepare(world: BenchWorld, known: number, fresh: number): Promise<void> {
  await addKnownLearners(world, known);
  layPapers(world, known * PAPERS_PER_LEARNER);
  await world.connect();
  await world.until(() => isAtRest(world));
  world.clock.advance(HOUR_MS);
  await addLearners(
    world,
    Array.from({ length: fresh }, (_, index) => inventPerson(known + index)),
  );
  world.emulator.control.faults.add({
    id: 'away',
    path: '/api.xro/2.0/*',
    effect: { kind: 'status', status: 503, body: 'The Organisation is offline' },
  });
  const run = await startSyncing(world);
  await world.until(async () => {
    const { rows } = await world.sql.query(`select from contact_links where standing = 'waiting'`);
    return rows.length === fresh || (await runOf(world, run)).state === 'finished';
  });
}

/** A day goes by in which everybody new is sent and papers come and change. */
async function liveOn(world: BenchWorld): Promise<void> {
  world.emulator.control.faults.clear();
  for (let step = 0; step < DAY_STEPS; step += 1) {
    const { bookkeeper, clock } = world;
    const contacts = bookkeeper.books.contacts.all();
    for (let at = 0; at < CHANGES_PER_STEP; at += 1) {
      const contact = contacts[(step * 101 + at * 7) % contacts.length];
      if (!contact) continue;
      const lines = [{ description: 'Fee', unitAmount: 100 + at }];
      const invoice = bookkeeper.createInvoice({ contactId: contact.id, lines });
      if (at % 2 === 0) bookkeeper.pay(invoice.id, '40.00');
    }
    await world.rest();
    clock.advance(DAY_MS / DAY_STEPS);
  }
  await world.until(() => isAtRest(world));
}

/**
 * Lets Bursar work on from the old database. Where Xero no longer knows the old permission somebody
 * connects again, which is counted.
 */
async function comeBack(world: BenchWorld): Promise<number> {
  let steps = 0;
  await world.until(async () => {
    const { rows } = await world.sql.query<{ state: string }>('select state from connections');
    if (rows.some(({ state }) => state === 'needs-consent')) {
      steps += 1;
      await world.connectXero(world.owner, {
        organisations: [xeroOrgs.au],
        leavesMatchesOpen: true,
      });
      return false;
    }
    return (await isAtRest(world)) && (await differingPapers(world)).length === 0;
  });
  return steps;
}

async function countOutOfStep({ sql }: BenchWorld): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `select count(*)::int as count from contact_links where standing <> 'in-step'`,
  );
  return rows[0]?.count ?? 0;
}
