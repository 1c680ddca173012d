import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { ActRefused } from '../../emulator/control/bookkeeper.ts';
import { Refusal } from '../world/client.ts';
import { type DeskAct, deskActs } from './acts.ts';
import { FAULTS, PATHS } from './faults.ts';
import { linkActs } from './link-acts.ts';
import { paperActs } from './paper-acts.ts';
import { peopleActs } from './people-acts.ts';
import type { StormWorld } from './storm-world.ts';

type Act = (storm: StormWorld) => Promise<void> | void;

const STEPS_MS = [SECOND_MS, 7 * SECOND_MS, MINUTE_MS, 4 * MINUTE_MS, 31 * MINUTE_MS];
const APP = 'emulator-client-id';
/** Longer than an access token serves. */
const TOKEN_MS = 31 * MINUTE_MS;
/** Words between a node and the database, or Xero, within which it dies. */
const DEATH_WITHIN = 400;
/** None, one that can't be any, and one that could. */
const FORGED = ['', 'bm90IHRoZSBrZXk=', Buffer.alloc(32, 7).toString('base64')];

const byDesk =
  (act: DeskAct): Act =>
  (storm) =>
    act(storm.someParty().desk, storm.random);
const sharedActs = Object.entries({
  ...deskActs,
  ...peopleActs,
  ...linkActs,
  ...paperActs,
}).map(([name, { weight, act }]) => ({ name, weight, act: byDesk(act) }));

const ownActs: { name: string; weight: number; act: Act }[] = [
  { name: 'fault-armed', weight: 16, act: armFault },
  { name: 'webhooks-disturbed', weight: 3, act: disturbWebhooks },
  { name: 'webhook-late', weight: 2, act: repeatLate },
  { name: 'webhooks-held-back', weight: 1, act: holdBack },
  { name: 'webhook-forged', weight: 1, act: forge },
  {
    name: 'webhooks-disabled',
    weight: 0.3,
    act: ({ world }) => world.emulator.control.troubles.disableWebhooks(APP),
  },
  { name: 'queue-lost', weight: 1, act: (storm) => storm.dropJobs() },
  { name: 'time-passed', weight: 6, act: letTimePass },
  { name: 'crash-planned', weight: 7, act: planCrash },
  { name: 'node-started', weight: 4, act: (storm) => storm.startNode() },
  { name: 'settled', weight: 10, act: (storm) => storm.settle() },
  { name: 'edited-meanwhile', weight: 5, act: editWhileItRuns },
  { name: 'looked-meanwhile', weight: 3, act: lookWhileItRuns },
  { name: 'calls-of-others', weight: 0.5, act: spendCalls },
  { name: 'organisation-offline', weight: 0.7, act: goOffline },
  { name: 'organisation-online', weight: 1, act: comeBack },
  { name: 'consent-withdrawn', weight: 1.2, act: withdrawConsent },
  { name: 'consent-renewed', weight: 1, act: (storm) => storm.connect(storm.someParty()) },
];

const hat = [...sharedActs, ...ownActs];
const HAT_WEIGHT = hat.reduce((sum, { weight }) => sum + weight, 0);

/** One thing that happens, chosen by chance. What the books or Bursar do not allow does not happen. */
export async function somethingHappens(storm: StormWorld): Promise<void> {
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

function armFault({ world, line, random, log }: StormWorld): void {
  const fault = random.pick(FAULTS);
  const path = random.pick(PATHS);
  const times = 1 + random.whole(2);
  log.push(`fault:${fault.kind}`);
  if (fault.kind === 'stale') line.lag.begin();
  const { faults } = world.emulator.control;
  if ('effect' in fault) faults.add({ path: `*${path}*`, times, effect: fault.effect });
  else if (fault.line === 'reset-before' || fault.line === 'reset-after') {
    // What a real line can do, it does.
    const when = fault.line === 'reset-before' ? 'before' : 'after';
    faults.add({ path: `*${path}*`, times, effect: { kind: 'reset', when } });
  } else if (fault.line === 'truncated') {
    faults.add({ path: `*${path}*`, times, effect: { kind: 'truncate' } });
  } else line.armed.push({ fault: fault.line, path, times });
}

function disturbWebhooks({ world, random }: StormWorld): void {
  Object.assign(world.emulator.control.webhooks.switches, {
    dropNext: random.whole(8),
    isReordered: random.chance(0.5),
    repeats: random.whole(4),
  });
  world.emulator.control.switches.paymentEvents = random.chance(0.5);
}

/** A delivery of any time before comes in once more. */
async function repeatLate({ post, random }: StormWorld): Promise<void> {
  if (post.posted.length > 0) await post.bring(random.pick(post.posted));
}

/** What Xero says next arrives after a day and longer: it goes on trying for as long. */
async function holdBack({ post, random, world }: StormWorld): Promise<void> {
  post.held.next += 1 + random.whole(3);
  await world.emulator.control.webhooks.deliverDue();
}

/** Somebody without the key says that something has changed. */
async function forge({ post, random, broken }: StormWorld): Promise<void> {
  if (post.posted.length === 0) return;
  const { body } = random.pick(post.posted);
  const signature = random.pick(FORGED);
  const status = await post.bring({ body, signature });
  if (status !== 401)
    broken.push({ invariant: 'I2', what: `a forged webhook is answered ${status}` });
}

function letTimePass({ world, random }: StormWorld): void {
  world.clock.advance(random.pick(STEPS_MS) + random.whole(900));
}

function planCrash({ nodes, random }: StormWorld): void {
  if (nodes.length > 0) random.pick(nodes).dieIn(1 + random.whole(DEATH_WITHIN));
}

async function editWhileItRuns(storm: StormWorld): Promise<void> {
  const { random } = storm;
  const { desk } = storm.someParty();
  const edit = deskActs['learner-edited'];
  const settling = storm.settle();
  try {
    await edit?.act(desk, random);
    await edit?.act(desk, random);
  } finally {
    await settling;
  }
}

/** Tokens have ended: everybody needs a new one at the same time. */
async function lookWhileItRuns(storm: StormWorld): Promise<void> {
  const { random, world } = storm;
  const { desk } = storm.someParty();
  world.clock.advance(TOKEN_MS);
  const settling = storm.settle();
  try {
    const look = async () => linkActs['looked-in-xero']?.act(desk, random);
    const looks = await Promise.allSettled([look(), look()]);
    for (const one of looks) if (one.status === 'rejected') throw one.reason;
  } finally {
    await settling;
  }
}

/** Another installation of the app uses the same limits. */
function spendCalls(storm: StormWorld): void {
  const { xeroOrgId } = storm.someParty().desk;
  storm.shared.add(xeroOrgId);
  storm.world.emulator.control.limits.spend(APP, xeroOrgId, 20 + storm.random.whole(41));
}

function goOffline(storm: StormWorld): void {
  const { xeroOrgId } = storm.someParty().desk;
  storm.world.emulator.control.troubles.setOffline(xeroOrgId, true);
}

export function comeBack({ world, desks }: StormWorld): void {
  for (const { xeroOrgId } of desks) world.emulator.control.troubles.setOffline(xeroOrgId, false);
}

function withdrawConsent(storm: StormWorld): void {
  storm.world.emulator.control.people.disconnect(storm.someParty().desk.xeroOrgId);
}
