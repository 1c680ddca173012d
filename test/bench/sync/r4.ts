import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { Dice } from '../../../emulator/seeds/dice.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { addKnownLearners, differingPapers, isAtRest, layPapers } from './books.ts';
import { atLeast, atMost, exactly, type Figure, type Goal, holds, told } from './goal.ts';
import { callMs } from './latency.ts';

const LEARNERS_SHARE = 20;
const PAPERS_PER_LEARNER = 4;
const ROUNDS = 20;
const CHANGES_PER_ROUND = 20;
const REPEATS = 19;
/** More notices than one call asks for by id, fewer than are followed up by a walk. */
const WIPED_ROUNDS = 3;
const SILENT_MS = 26 * HOUR_MS;
const PAGE = 1_000;
/** Pages that a sweep of everything which changed takes at most here. */
const SWEEP_CALLS = 8;

/** Notices get lost, repeated, turned round and late, and the queue is emptied by hand. */
export const r4: Goal = {
  id: 'R4',
  title: 'Bad webhooks and an emptied queue',
  async run({ learners }): Promise<Figure[]> {
    const world = await startBenchWorld({ nodes: 2 });
    try {
      const count = Math.ceil(learners / LEARNERS_SHARE);
      await addKnownLearners(world, count);
      layPapers(world, count * PAPERS_PER_LEARNER);
      await world.connect();
      await world.until(() => isAtRest(world));
      const stormy = await afterStorm(world);
      const wiped = await afterWiping(world);
      const silent = await afterSilence(world);
      return [...stormy, ...wiped, ...silent];
    } finally {
      await world.close();
    }
  },
};

/** Half of all payloads lost, the others sent twenty times in the wrong order. */
async function afterStorm(world: BenchWorld): Promise<Figure[]> {
  const { switches, pending } = world.emulator.control.webhooks;
  const dice = new Dice(4);
  Object.assign(switches, { maxEvents: 1, isReordered: true, repeats: REPEATS });
  let lost = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    changeSome(world, dice);
    // All of a round, so that nothing else tells of what changed in it.
    const losing = round % 2 === 1 ? pending() : 0;
    switches.dropNext = losing;
    lost += losing;
    await world.rest();
    world.clock.advance(MINUTE_MS);
  }
  Object.assign(switches, { maxEvents: 50, isReordered: false, repeats: 0, dropNext: 0 });
  const differing = (await differingPapers(world)).length;
  return [
    told('payloads lost', lost),
    told('papers that differ right after', differing),
    ...(await convergence(world, 'after lost and repeated notices')),
  ];
}

/**
 * Everything that waits is deleted by hand as soon as Xero has answered for the first of it, while
 * both nodes are at work.
 */
async function afterWiping(world: BenchWorld): Promise<Figure[]> {
  const { latency, emulator } = world;
  const dice = new Dice(5);
  for (let round = 0; round < WIPED_ROUNDS; round += 1) changeSome(world, dice);
  await emulator.control.webhooks.deliverDue();
  let wiping: Promise<{ notices: number; jobs: number }> | null = null;
  latency.onHear = () => {
    wiping ??= wipe(world);
  };
  await world.rest();
  latency.onHear = null;
  const wiped = await (wiping ?? wipe(world));
  return [
    atLeast('notices deleted while they waited', wiped.notices, 1),
    atLeast('jobs deleted while they waited or ran', wiped.jobs, 1),
    atLeast('papers of which no notice tells any more', (await differingPapers(world)).length, 1),
    ...(await convergence(world, 'after the queue was emptied')),
  ];
}

async function wipe({ sql }: BenchWorld): Promise<{ notices: number; jobs: number }> {
  const notices = await sql.query('delete from notices');
  const jobs = await sql.query('delete from graphile_worker._private_jobs');
  return { notices: notices.rowCount ?? 0, jobs: jobs.rowCount ?? 0 };
}

/** Nobody hears Xero for 26 hours: it switches the subscription off. */
async function afterSilence(world: BenchWorld): Promise<Figure[]> {
  const { webhooks } = world.emulator.control;
  const dice = new Dice(6);
  const subscription = webhooks.subscription();
  webhooks.configure('http://localhost:9/webhooks/xero', { key: subscription?.key ?? '' });
  const until = world.clock.now().getTime() + SILENT_MS;
  while (world.clock.now().getTime() < until) {
    changeSome(world, dice);
    await world.rest();
    world.clock.advance(30 * MINUTE_MS);
  }
  changeSome(world, dice);
  const isOff = webhooks.subscription()?.status !== 'active';
  return [
    holds('Xero had switched notices off', isOff),
    ...(await convergence(world, 'with notices switched off')),
  ];
}

/** How long until both sides are equal, held against the latest that any sweep is due. */
async function convergence(world: BenchWorld, when: string): Promise<Figure[]> {
  const { rows } = await world.sql.query<{ due: Date }>(
    `select max(next_at) as due from cursors where resource = 'invoices'`,
  );
  const now = world.clock.now().getTime();
  const sweepMs = Math.max(0, (rows[0]?.due.getTime() ?? now) - now);
  const floorMs = sweepMs + SWEEP_CALLS * callMs(PAGE);
  await world.until(async () => (await differingPapers(world)).length === 0 || isLate());
  const tookMs = world.clock.now().getTime() - now;
  return [
    atMost(`time to equality ${when}`, tookMs / MINUTE_MS, floorMs / MINUTE_MS, {
      unit: 'min',
      floor: floorMs / MINUTE_MS,
    }),
    exactly(`papers that differ ${when}`, (await differingPapers(world)).length, 0),
  ];

  function isLate(): boolean {
    return world.clock.now().getTime() - now > 4 * floorMs;
  }
}

/** The bookkeeper raises, pays and alters invoices. */
function changeSome({ bookkeeper }: BenchWorld, dice: Dice): void {
  const { contacts, invoices } = bookkeeper.books;
  for (let at = 0; at < CHANGES_PER_ROUND; at += 1) {
    const contact = dice.pick(contacts.all());
    const lines = [{ description: 'Fee', unitAmount: 100 + dice.below(900) }];
    const invoice = bookkeeper.createInvoice({ contactId: contact.id, lines });
    if (dice.chance(0.5)) bookkeeper.pay(invoice.id, '50.00');
    const other = dice.pick(invoices.all());
    if (other.type === 'ACCREC' && other.status === 'AUTHORISED' && other.paid === 0) {
      bookkeeper.editInvoice(other.id, { Reference: `Altered ${dice.below(1_000_000)}` });
    }
  }
}
