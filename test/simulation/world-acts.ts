import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import type { Desk } from './desk.ts';
import { FAULT_KIND, type Fault, PATHS } from './faults.ts';
import { connect, type Ground, PARTIES } from './ground.ts';
import type { MemoryWorld } from './memory-world.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** What acts of the world work with. */
export interface WorldAt {
  readonly ground: Ground;
  readonly world: MemoryWorld;
  readonly random: Random;
  readonly trace: Trace;
  someDesk(): Desk;
  dealFault(): Fault;
}

export type WorldAct = (at: WorldAt) => Promise<void> | void;

const APP = 'emulator-client-id';

/** What only a simulation can do: processes die, time passes, jobs are lost, Xero has a bad day. */
export const worldActs: Record<string, { weight: number; act: WorldAct }> = {
  work: { weight: 14, act: work },
  tick: { weight: 5, act: tick },
  'webhooks-delivered': { weight: 8, act: deliver },
  'webhooks-disturbed': { weight: 3, act: disturbWebhooks },
  'webhook-late': { weight: 2, act: repeatLate },
  'webhooks-held-back': { weight: 0.5, act: holdBack },
  'webhook-forged': { weight: 1, act: forge },
  'webhooks-disabled': {
    weight: 0.3,
    act: ({ ground }) => ground.emulator.control.troubles.disableWebhooks(APP),
  },
  'time-passed': { weight: 6, act: passSomeTime },
  'fault-armed': { weight: 8, act: armFault },
  'crash-planned': { weight: 2, act: planCrash },
  'node-started': { weight: 3, act: startNode },
  'queue-lost': { weight: 1, act: ({ world }) => world.dropJobs() },
  'calls-of-others': { weight: 0.5, act: spendCalls },
  'organisation-offline': { weight: 0.5, act: goOffline },
  'organisation-online': { weight: 1, act: comeBack },
  'consent-withdrawn': { weight: 0.3, act: withdrawConsent },
  'consent-renewed': { weight: 0.6, act: renewConsent },
};

/** Of these the ones that are faults, beside what happens to calls. */
export const WORLD_FAULTS: ReadonlySet<string> = new Set([
  'crash',
  'clock-skewed',
  'queue-lost',
  'webhooks-disturbed',
  'webhook-late',
  'webhooks-held-back',
  'webhook-forged',
  'webhooks-disabled',
  'calls-of-others',
  'organisation-offline',
  'consent-withdrawn',
  'contact-archived',
  'contacts-merged',
  'contact-erased',
  'burst-of-papers',
]);

function work({ world, random }: WorldAt): void {
  world.freeDeadJobs();
  if (world.nodes.length > 0) world.work(random.pick(world.nodes));
}

function tick({ world, random }: WorldAt): void {
  if (world.nodes.length > 0) world.tick(random.pick(world.nodes));
}

export function deliver({ world, ground }: Pick<WorldAt, 'world' | 'ground'>): void {
  const { webhooks } = ground.emulator.control;
  world.scheduler.start('xero', 'delivery', () => webhooks.deliverDue());
}

function disturbWebhooks({ ground, random }: WorldAt): void {
  const { webhooks, switches } = ground.emulator.control;
  Object.assign(webhooks.switches, {
    dropNext: random.whole(8),
    isReordered: random.chance(0.5),
    repeats: random.whole(4),
  });
  switches.paymentEvents = random.chance(0.5);
}

/** A delivery of any time before comes in once more. */
function repeatLate({ world, random }: WorldAt): void {
  if (world.posted.length === 0 || world.nodes.length === 0) return;
  const { body, signature } = random.pick(world.posted);
  world.scheduler.start('xero', 'late delivery', () => world.post(body, signature));
}

/** What Xero says next arrives after a day and longer: it goes on trying for as long. */
function holdBack(at: WorldAt): void {
  at.world.held.next += 1 + at.random.whole(3);
  deliver(at);
}

/** Somebody without the key says that something has changed. */
function forge({ world, random, trace }: WorldAt): void {
  if (world.posted.length === 0 || world.nodes.length === 0) return;
  const { body } = random.pick(world.posted);
  const signature = random.pick(['', 'bm90IHRoZSBrZXk=']);
  world.scheduler.start('xero', 'forgery', async () => {
    const status = await world.post(body, signature);
    if (status !== 401) trace.broken('I2', `a forged webhook is answered ${status}`);
  });
}

const STEPS_MS = [SECOND_MS, 7 * SECOND_MS, MINUTE_MS, 4 * MINUTE_MS, 31 * MINUTE_MS];

async function passSomeTime({ ground, world, random }: WorldAt): Promise<void> {
  ground.clock.advance(random.pick(STEPS_MS) + random.whole(900));
  await world.scheduler.fireDue();
}

function armFault(at: WorldAt): void {
  const { random, dealFault } = at;
  arm(at, dealFault(), random.pick(PATHS), 1 + random.whole(2));
}

/** Whatever is asked next of the API goes wrong in some way. */
export function meetFault(at: WorldAt): void {
  arm(at, at.dealFault(), '/api.xro/', 1);
}

function arm({ ground, world, trace }: WorldAt, fault: Fault, path: string, times: number): void {
  trace.event('fault armed', `${fault.kind} ${path} × ${times}`);
  if (fault.kind === 'stale') world.line.lag.begin();
  if ('line' in fault) {
    world.line.armed.push({ fault: fault.line, path, times });
    return;
  }
  // Whatever answers a call so says of which kind it is, to be counted.
  const headers = { ...fault.effect.headers, [FAULT_KIND]: fault.kind };
  const effect = { ...fault.effect, headers };
  ground.emulator.control.faults.add({ path: `*${path}*`, times, effect });
}

function planCrash({ world, random }: WorldAt): void {
  if (world.nodes.length === 0) return;
  world.scheduler.crashIn(random.pick(world.nodes), 1 + random.whole(80));
}

function startNode({ world }: WorldAt): void {
  if (world.nodes.length < 2) world.startNode();
}

/** Another installation of the app uses the same limits. */
function spendCalls({ ground, world, random, someDesk }: WorldAt): void {
  const { xeroOrgId } = someDesk();
  world.line.shared.add(xeroOrgId);
  ground.emulator.control.limits.spend(APP, xeroOrgId, 20 + random.whole(41));
}

function goOffline({ ground, someDesk }: WorldAt): void {
  ground.emulator.control.troubles.setOffline(someDesk().xeroOrgId, true);
}

export function comeBack({ ground }: Pick<WorldAt, 'ground'>): void {
  for (const { xeroOrgId } of PARTIES) {
    ground.emulator.control.troubles.setOffline(xeroOrgId, false);
  }
}

function withdrawConsent({ ground, someDesk }: WorldAt): void {
  ground.emulator.control.people.disconnect(someDesk().xeroOrgId);
}

/** Somebody goes through Xero once more, whether or not it is needed. */
function renewConsent(at: WorldAt): void {
  if (at.world.nodes.length > 0) connectAgain(at, at.someDesk());
}

export function connectAgain({ ground, world, random, trace }: WorldAt, desk: Desk): void {
  const name = random.pick(world.nodes);
  const party = PARTIES.find(({ xeroOrgId }) => xeroOrgId === desk.xeroOrgId);
  if (!party) return;
  world.scheduler.start(name, 'connect', async () => {
    try {
      await connect(ground.emulator, world.node(name), party);
    } catch (error) {
      // The person is told to try again.
      trace.note(`${name} connect failed: ${String(error)}`);
    }
  });
}
