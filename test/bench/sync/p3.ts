import type { BenchWorld } from './bench-world.ts';
import { startBenchWorld } from './bench-world.ts';
import { addKnownLearners, differingPapers, isAtRest, layPapers } from './books.ts';
import { readFloor } from './floor.ts';
import { atMost, exactly, type Figure, type Goal, told } from './goal.ts';
import { readByPeer } from './peer-read.ts';

const ROWS_PER_PAGE = 1_000;
const INVOICES_PER_LEARNER = 10;
const BY_FLOOR_MAX = 1.03;
const EDIT_EVERY_MS = 500;
/** Also what is read by ids; the counting of a first comparison shows agreement and reads nothing. */
const PAPERS =
  /\/(Invoices|CreditNotes|Prepayments|Overpayments|Payments|BatchPayments)\?(?!.*pageSize=1(&(?!.*IDs)|$))/;

/** Everything is read for the first time while people go on working. */
export const p3: Goal = {
  id: 'P3',
  title: 'All papers, while two a second are edited',
  async run({ invoices }): Promise<Figure[]> {
    const peer = await readByPeer(Math.min(invoices, 10_000), EDIT_EVERY_MS);
    const world = await startBenchWorld();
    try {
      await addKnownLearners(world, Math.ceil(invoices / INVOICES_PER_LEARNER));
      layPapers(world, invoices);
      const edits = editAgainAndAgain(world);
      const begunAt = world.clock.now().getTime();
      world.recount();
      await world.connect();
      await world.until(() => isRead(world));
      const seconds = (world.clock.now().getTime() - begunAt) / 1_000;
      const calls = world.calls('GET', PAPERS);
      await world.until(() => isAtRest(world));
      const { books } = world.bookkeeper;
      const credits = [books.creditNotes, books.prepayments, books.overpayments];
      const floor =
        readFloor(books.invoices.size, ROWS_PER_PAGE) +
        credits.reduce((sum, { size }) => sum + readFloor(size, ROWS_PER_PAGE), 0);
      return [
        atMost('calls that read papers', calls, Math.floor(floor * BY_FLOOR_MAX), { floor }),
        exactly('papers missing or stale', (await differingPapers(world)).length, 0),
        told('edits meanwhile', edits.count()),
        told('emulated time', seconds, { unit: 's' }),
        told('all calls, contacts read and adopted too', world.calls()),
        told('peer by pages of 100, 10,000 invoices: calls', peer.calls),
        told('peer by pages of 100, 10,000 invoices: missing', peer.missing),
      ];
    } finally {
      await world.close();
    }
  },
};

/** Each page begins where the one before ended, so that the last one is the first that is alone. */
const LAST_PAGE = { path: /^\/Invoices\?page=1&pageSize=1000/, text: /"pageCount":\s*1\b/ };

/** Somebody edits an invoice of those that were not changed lately, twice a second. */
function editAgainAndAgain(world: BenchWorld): { count(): number } {
  const { bookkeeper, clock, latency } = world;
  const { invoices } = bookkeeper.books;
  const ids = invoices.all().map((invoice) => invoice.id);
  let count = 0;
  latency.meanwhile = {
    everyMs: EDIT_EVERY_MS,
    act() {
      const invoice = invoices.get(ids[(count * 7_919) % ids.length] ?? '');
      if (!invoice) return;
      count += 1;
      const reference = `Edited ${count}`;
      invoices.put({ ...invoice, reference, updatedAtMs: clock.now().getTime() });
    },
  };
  // Whoever edits goes home when the last page of the first reading has been read.
  latency.onHear = ({ path, text }) => {
    if (LAST_PAGE.path.test(path) && LAST_PAGE.text.test(text)) latency.meanwhile = null;
  };
  return { count: () => count };
}

/** All walks over papers have been through once. */
async function isRead({ sql }: BenchWorld): Promise<boolean> {
  const { rows } = await sql.query<{ left: number }>(
    `select count(*)::int as left from cursors
      where read_until is null and resource in
        ('invoices', 'credit-notes', 'prepayments', 'overpayments', 'payments')`,
  );
  return rows[0]?.left === 0;
}
