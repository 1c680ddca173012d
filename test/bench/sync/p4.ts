import { MINUTE_MS } from '#platform/clock';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { addKnownLearners, differingPapers, isAtRest, layPapers } from './books.ts';
import { readFloor } from './floor.ts';
import { atMost, exactly, type Figure, type Goal, told } from './goal.ts';

const ROWS_PER_PAGE = 1_000;
/** Changes for each learner of the goal's size, of a fifth as many learners. */
const LEARNERS_SHARE = 5;
const AGAIN_EVERY = 5;
const CALLS_ABOVE_FLOOR = 2;

/** Very many papers change at once, and Xero says so more than once. */
export const p4: Goal = {
  id: 'P4',
  title: 'Many papers change at once',
  async run({ learners: invoices }): Promise<Figure[]> {
    const world = await startBenchWorld();
    try {
      await addKnownLearners(world, Math.ceil(invoices / LEARNERS_SHARE));
      layPapers(world, invoices);
      await world.connect();
      await world.until(() => isAtRest(world));
      world.clock.advance(2 * MINUTE_MS);
      await world.rest();
      const before = (await differingPapers(world)).length;
      world.recount();
      const begunAt = world.clock.now().getTime();
      const events = changeAll(world);
      await world.until(() => isAtRest(world));
      const seconds = (world.clock.now().getTime() - begunAt) / 1_000;
      const calls = world.calls();
      const changed = world.bookkeeper.books.invoices.size;
      const floor = readFloor(changed, ROWS_PER_PAGE);
      return [
        atMost('calls', calls, floor + CALLS_ABOVE_FLOOR, { floor }),
        exactly('papers that differ afterwards', (await differingPapers(world)).length, 0),
        exactly('papers that differed before', before, 0),
        told('events', events),
        told('emulated time', seconds, { unit: 's' }),
        told('calls by 50 ids each', Math.ceil(changed / 50)),
      ];
    } finally {
      await world.close();
    }
  },
};

/** Changes every invoice, each fifth one twice. Gives how many events that made. */
function changeAll({ bookkeeper, clock, emulator }: BenchWorld): number {
  const { invoices } = bookkeeper.books;
  const updatedAtMs = clock.now().getTime();
  const before = emulator.control.webhooks.waiting();
  bookkeeper.run(() => {
    for (const [index, invoice] of [...invoices.all()].entries()) {
      const changed = { ...invoice, reference: `Changed ${index}`, updatedAtMs };
      invoices.put(changed);
      if (index % AGAIN_EVERY === 0) invoices.put(changed);
    }
  });
  return emulator.control.webhooks.waiting() - before;
}
