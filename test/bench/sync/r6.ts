import { api } from '#contract/api';
import { HOUR_MS } from '#platform/clock';
import { Dice } from '../../../emulator/seeds/dice.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { addKnownLearners, isAtRest, layPapers } from './books.ts';
import { atMost, type Figure, type Goal, told } from './goal.ts';

/** Enough that all papers are walked and not asked for by contact. */
const LEARNERS = 600;
const CALLS_MAX = 8;
const BYTES_MAX = 32 * 1_024;
const BYTES_PER_PAPER = 1_704;
const BY_FULL_MAX = 1 / 2_000;
const RECORDS_FOR_RATIO = 20_000;
const FOUND_OF_THOUSAND = 999;
const SPAN_MS = 600 * 24 * HOUR_MS;
const COUNTING = /pageSize=1(&|$)/;
const TOLD_EVERY = 50;
const CHANGES_PER_TRIAL = 3;

/** One record that is lost or stale is found by counting. */
export const r6: Goal = {
  id: 'R6',
  title: 'No drift, cheaply proved',
  async run({ records, trials }): Promise<Figure[]> {
    const world = await startBenchWorld();
    try {
      await addKnownLearners(world, LEARNERS);
      layPapers(world, records);
      await world.connect();
      await world.until(() => isAtRest(world));
      await look(world);
      world.clock.advance(HOUR_MS);
      const quiet = await look(world);
      let found = 0;
      let calls = 0;
      let bytes = 0;
      const dice = new Dice(6);
      for (let trial = 0; trial < trials; trial += 1) {
        world.clock.advance(HOUR_MS);
        doBusiness(world, dice, trial);
        await world.rest();
        const seen = await (trial % 2 === 0 ? losing(world, dice) : goingStale(world, dice));
        if (seen.isFound) found += 1;
        calls = Math.max(calls, seen.calls);
        bytes = Math.max(bytes, seen.bytes);
        if ((trial + 1) % TOLD_EVERY === 0)
          process.stderr.write(`R6: ${found} of ${trial + 1} found\n`);
      }
      const full = records * BYTES_PER_PAPER;
      return [
        atMost('calls of a night, nothing lost', quiet.calls, CALLS_MAX),
        atMost('bytes of a night, nothing lost', quiet.bytes, BYTES_MAX),
        atMost('calls until it is known', calls, CALLS_MAX),
        atMost('bytes until it is known', bytes, BYTES_MAX),
        // Counting costs the same for few records, so that only many show what it spares.
        records >= RECORDS_FOR_RATIO
          ? atMost('bytes ÷ reading all again', bytes / full, BY_FULL_MAX)
          : told('bytes ÷ reading all again', bytes / full),
        atMost('not found', trials - found, Math.floor(trials * (1 - FOUND_OF_THOUSAND / 1_000))),
        told('trials', trials),
        told('records', records),
      ];
    } finally {
      await world.close();
    }
  },
};

interface Look {
  isFound: boolean;
  /** Counting calls of the first pass, and what their answers weigh. */
  calls: number;
  bytes: number;
}

/** Papers change as on any day, and Xero tells of it. */
function doBusiness({ bookkeeper, clock }: BenchWorld, dice: Dice, trial: number): void {
  const { invoices } = bookkeeper.books;
  const updatedAtMs = clock.now().getTime();
  bookkeeper.run(() => {
    for (let done = 0; done < CHANGES_PER_TRIAL; done += 1) {
      const invoice = dice.pick(invoices.all());
      invoices.put({ ...invoice, reference: `Changed ${trial}-${done}`, updatedAtMs });
    }
  });
}

/** A paper is at Xero that was never heard of; it is taken away again once it is noticed. */
async function losing(world: BenchWorld, dice: Dice): Promise<Look> {
  const { invoices } = world.bookkeeper.books;
  const template = dice.pick(invoices.all());
  const updatedAtMs = world.clock.now().getTime() - HOUR_MS - dice.below(SPAN_MS / 1_000) * 1_000;
  const lost = { ...template, id: dice.uuid(), paymentIds: [], allocationIds: [], updatedAtMs };
  invoices.put(lost, 'quiet');
  const hear = world.latency.onHear;
  let isCounted = false;
  world.latency.onHear = ({ path }) => {
    // A sweep that is due before anything is counted has not noticed it.
    if (COUNTING.test(path)) isCounted = true;
    else if (isCounted) invoices.remove(lost.id, 'quiet');
  };
  const seen = await look(world);
  world.latency.onHear = hear;
  invoices.remove(lost.id, 'quiet');
  return seen;
}

/** A paper changes at Xero without a notice, at an instant that every sweep has gone by. */
async function goingStale(world: BenchWorld, dice: Dice): Promise<Look> {
  const { invoices } = world.bookkeeper.books;
  const invoice = dice.pick(invoices.all());
  const updatedAtMs = world.clock.now().getTime() - HOUR_MS / 2;
  invoices.put({ ...invoice, updatedAtMs }, 'quiet');
  return look(world);
}

/** One comparison by counts, as each night makes it. */
async function look(world: BenchWorld): Promise<Look> {
  const { control } = world.emulator;
  world.recount();
  const { xeroOrgId, owner } = world;
  const body = { xeroOrgId, way: 'counts' } as const;
  const { id } = await owner.call(api.checkAgreement, { body });
  const check = () => owner.call(api.getAgreementCheck, { params: { checkId: id } });
  await world.until(async () => (await check()).check.finishedAt !== null);
  const all = control.log.calls('/api.xro/2.0/');
  const calls = all.slice(all.findIndex(({ path }) => COUNTING.test(path)));
  const end = calls.findIndex(({ path }) => !COUNTING.test(path));
  const first = end === -1 ? calls : calls.slice(0, end);
  return {
    isFound: end !== -1,
    calls: first.length,
    bytes: first.reduce((sum, call) => sum + call.responseBytes, 0),
  };
}
