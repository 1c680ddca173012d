import { startBenchWorld } from './bench-world.ts';
import { addKnownLearners } from './books.ts';
import { readFloor, windowFloorMs } from './floor.ts';
import { atMost, exactly, type Figure, type Goal, type Options, told } from './goal.ts';
import { contactsAtXero } from './learners.ts';
import { pushAll } from './push-run.ts';

/** Xero's advice, and what a call may carry at most. */
const ADVICE = 50;
const MOST = 500;
const ROWS_PER_PAGE = 1_000;
const CALLS_ABOVE_FLOOR = 5;
/** The same for contacts that are there: two looks by ids while batches are small, a page each after. */
const ADOPTING_ABOVE_FLOOR = 12;
const SHARE_MAX = 1 / 8;
const SECONDS_MAX = 45;
const SLOW = 10;
/** Calls in which the batch has grown to its most before Xero slows. */
const QUICK_CALLS = 8;
const ANSWER_MS_MAX = 30_000;
const BODY_BYTES_MAX = 3_500_000;

/** The batch grows while Xero is quick and shrinks when it slows. */
export const p2: Goal = {
  id: 'P2',
  title: 'Adaptive batches',
  run: async (options) => [
    ...(await quick(options)),
    ...(await slowed(options)),
    ...(await adopted(options)),
  ],
};

async function quick({ learners }: Options): Promise<Figure[]> {
  const world = await startBenchWorld();
  try {
    const push = await pushAll(world, learners);
    const floor = Math.ceil(learners / MOST);
    const advised = Math.ceil(learners / ADVICE);
    const bodies = world.emulator.control.log.calls('/Contacts').map((call) => call.requestBytes);
    return [
      atMost('write calls', push.writes, floor + CALLS_ABOVE_FLOOR, { floor }),
      atMost('of the calls that 50 each take', push.writes / advised, SHARE_MAX),
      told('all calls', push.calls),
      atMost('emulated time', push.seconds, (SECONDS_MAX * learners) / 10_000, {
        unit: 's',
        floor: windowFloorMs(world.emulator, floor, MOST) / 1_000,
      }),
      exactly('answers 429', push.refusedByLimits, 0),
      exactly('contacts', push.contacts, learners),
      atMost('largest body', Math.max(0, ...bodies), BODY_BYTES_MAX, { unit: 'bytes' }),
    ];
  } finally {
    await world.close();
  }
}

async function slowed({ learners }: Options): Promise<Figure[]> {
  const world = await startBenchWorld();
  try {
    const push = await pushAll(world, learners, {
      prepare() {
        world.latency.slow = { afterCalls: world.latency.calls + QUICK_CALLS, factor: SLOW };
      },
    });
    return [
      exactly('contacts, Xero 10 × slower', push.contacts, learners),
      exactly('doubled, Xero 10 × slower', push.doubled, 0),
      atMost('slowest answer then', world.latency.slowestMs, ANSWER_MS_MAX, { unit: 'ms' }),
      told('write calls then', push.writes),
    ];
  } finally {
    await world.close();
  }
}

/** Learners whose contacts are in the books already: each is looked at before its number goes on. */
async function adopted({ learners }: Options): Promise<Figure[]> {
  const world = await startBenchWorld();
  try {
    await addKnownLearners(world, learners, { areNumbered: false });
    await world.connect();
    await world.until(async () => contactsAtXero(world).numbers === learners);
    const calls = world.calls(undefined, /\/Contacts/);
    // All are read to know who they are, looked at once more right before the write, and written.
    const floor = 2 * readFloor(learners, ROWS_PER_PAGE) + Math.ceil(learners / MOST);
    return [
      atMost('calls about contacts, all adopted', calls, floor + ADOPTING_ABOVE_FLOOR, { floor }),
      exactly('contacts then', contactsAtXero(world).contacts, learners),
    ];
  } finally {
    await world.close();
  }
}
