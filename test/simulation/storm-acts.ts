import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { ActRefused } from '../../emulator/control/bookkeeper.ts';
import type { FaultEffect } from '../../emulator/control/faults.ts';
import { Refusal } from '../world/client.ts';
import type { ConnectedWorld } from '../world/connected.ts';
import { type DeskAct, deskActs } from './acts.ts';
import type { Desk } from './desk.ts';
import { FAULTS, type Fault } from './faults.ts';
import { linkActs } from './link-acts.ts';
import { paperActs } from './paper-acts.ts';
import { peopleActs } from './people-acts.ts';
import type { Random } from './random.ts';

/** What a storm over PostgreSQL keeps in mind while it rages. */
export interface Storm {
  readonly world: ConnectedWorld;
  readonly desk: Desk;
  readonly random: Random;
  /** Empties the queue, as if it had been lost. */
  readonly dropJobs: () => Promise<void>;
  /** What was done, to be read when a seed fails. */
  readonly log: string[];
}

type Act = (storm: Storm) => Promise<void> | void;

const PATHS = ['/api.xro/2.0/Contacts*', '/api.xro/2.0/Invoices*', '/api.xro/*', '/connect/token'];
const STEPS_MS = [SECOND_MS, 7 * SECOND_MS, MINUTE_MS, 4 * MINUTE_MS, 31 * MINUTE_MS];
const APP = 'emulator-client-id';

const byDesk =
  (act: DeskAct): Act =>
  ({ desk, random }) =>
    act(desk, random);
const sharedActs = Object.entries({
  ...deskActs,
  ...peopleActs,
  ...linkActs,
  ...paperActs,
}).map(([name, { weight, act }]) => ({ name, weight, act: byDesk(act) }));

const ownActs: { name: string; weight: number; act: Act }[] = [
  { name: 'fault-armed', weight: 8, act: armFault },
  { name: 'webhooks-disturbed', weight: 4, act: disturbWebhooks },
  {
    name: 'webhooks-disabled',
    weight: 0.3,
    act: ({ world }) => world.emulator.control.troubles.disableWebhooks(APP),
  },
  { name: 'queue-lost', weight: 1, act: ({ dropJobs }) => dropJobs() },
  { name: 'time-passed', weight: 6, act: letTimePass },
  { name: 'settled', weight: 8, act: ({ world }) => world.settle() },
  { name: 'edited-meanwhile', weight: 5, act: editWhileItRuns },
  {
    name: 'two-nodes',
    weight: 2,
    act: async ({ world }) => {
      await Promise.all([world.settle(), world.settle()]);
    },
  },
];

const hat = [...sharedActs, ...ownActs];
const HAT_WEIGHT = hat.reduce((sum, { weight }) => sum + weight, 0);

/** One thing that happens, chosen by chance. What the books or Bursar do not allow does not happen. */
export async function somethingHappens(storm: Storm): Promise<void> {
  let at = storm.random.next() * HAT_WEIGHT;
  const chosen = hat.find(({ weight }) => {
    at -= weight;
    return at < 0;
  });
  if (!chosen) return;
  storm.log.push(chosen.name);
  try {
    await chosen.act(storm);
  } catch (error) {
    if (!(error instanceof ActRefused) && !(error instanceof Refusal)) throw error;
  }
}

/** The same faults as over tables in memory; what happens on the line, the emulator does. */
function effectOf(fault: Fault): FaultEffect | null {
  if ('effect' in fault) return fault.effect;
  switch (fault.line) {
    case 'reset-before':
    case 'not-connected':
      return { kind: 'reset', when: 'before' };
    case 'reset-after':
      return { kind: 'reset', when: 'after' };
    case 'truncated':
      return { kind: 'truncate' };
    default:
      // Time stands still here, so that nothing is slow and nothing hangs.
      return null;
  }
}

function armFault({ world, random, log }: Storm): void {
  const fault = random.pick(FAULTS);
  const path = random.pick(PATHS);
  const times = 1 + random.whole(2);
  const effect = effectOf(fault);
  if (!effect) return;
  log.push(fault.kind);
  world.emulator.control.faults.add({ path, times, effect });
}

function disturbWebhooks({ world, random }: Storm): void {
  Object.assign(world.emulator.control.webhooks.switches, {
    dropNext: random.whole(8),
    isReordered: random.chance(0.5),
    repeats: random.whole(4),
  });
  world.emulator.control.switches.paymentEvents = random.chance(0.5);
}

async function letTimePass({ world, random }: Storm): Promise<void> {
  world.clock.advance(random.pick(STEPS_MS) + random.whole(900));
}

async function editWhileItRuns(storm: Storm): Promise<void> {
  const { world, desk, random } = storm;
  const edit = deskActs['learner-edited'];
  const settling = world.settle();
  try {
    await edit?.act(desk, random);
    await edit?.act(desk, random);
  } finally {
    await settling;
  }
}
