import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#platform/clock';
import { ActRefused } from '../../emulator/control/bookkeeper.ts';
import { deskActs } from './acts.ts';
import { findingsOf } from './agreement.ts';
import type { Desk } from './desk.ts';
import { FAULTS, PATHS } from './faults.ts';
import { connect, type Ground, PARTIES, type Party } from './ground.ts';
import type { Place, Row } from './memory/tables.ts';
import { MemoryWorld } from './memory-world.ts';
import { createRandom, type Random } from './random.ts';
import { Trace } from './trace.ts';

/** What a seed came to. */
export interface Outcome {
  seed: number;
  hash: string;
  events: number;
  faults: number;
  violations: readonly { invariant: string; message: string }[];
  lines: readonly string[];
  counts: ReadonlyMap<string, number>;
}

export interface Size {
  /** Things that people and chance do before it gets quiet. */
  acts: number;
}

/** After the storm: time that passes between two looks, until every pause and sweep is over. */
const CALM_MS = [MINUTE_MS, 30 * MINUTE_MS, 9 * HOUR_MS, 5 * MINUTE_MS];
/** One seed in so many has a second provider, whose rows and calls must stay apart. */
const SEEDS_PER_NEIGHBOUR = 4;
const ROUNDS_MAX = 40;

type StormAct = (storm: MemoryStorm) => Promise<void> | void;

/** What only a simulation can do: processes die, time passes, jobs are lost. */
const ownActs: Record<string, { weight: number; act: StormAct }> = {
  work: { weight: 14, act: (storm) => storm.work() },
  tick: { weight: 5, act: (storm) => storm.tick() },
  'webhooks-delivered': { weight: 8, act: (storm) => storm.deliver() },
  'webhooks-disturbed': { weight: 3, act: (storm) => storm.disturbWebhooks() },
  'time-passed': { weight: 6, act: (storm) => storm.passSomeTime() },
  'fault-armed': { weight: 7, act: (storm) => storm.armFault() },
  'crash-planned': { weight: 2, act: (storm) => storm.planCrash() },
  'node-started': { weight: 3, act: (storm) => storm.startNode() },
  'queue-lost': { weight: 1, act: ({ world }) => world.dropJobs() },
  'limits-forgotten': { weight: 0, act: () => undefined },
  'consent-withdrawn': { weight: 0.3, act: (storm) => storm.withdrawConsent() },
};

const hat = [
  ...Object.entries(deskActs).map(([name, { weight, act }]) => ({
    name,
    weight,
    act: (storm: MemoryStorm) => act(storm.someDesk(), storm.random),
  })),
  ...Object.entries(ownActs).map(([name, { weight, act }]) => ({ name, weight, act })),
];
const HAT_WEIGHT = hat.reduce((sum, { weight }) => sum + weight, 0);

class MemoryStorm {
  readonly ground: Ground;
  readonly random: Random;
  readonly trace: Trace;
  readonly world: MemoryWorld;
  readonly desks: readonly Desk[];
  faults = 0;

  constructor(ground: Ground, seed: number) {
    this.ground = ground;
    this.random = createRandom(seed);
    this.trace = new Trace(ground.clock);
    this.world = new MemoryWorld(ground, this.random, this.trace);
    this.world.onWrite = (place) => this.#watchWrite(place);
    this.desks = PARTIES.slice(0, partiesOf(seed)).map((party) => this.#deskOf(party));
  }

  #deskOf(party: Party): Desk {
    return {
      name: party.name,
      xeroOrgId: party.xeroOrgId,
      keeper: this.ground.emulator.control.bookkeeper(party.xeroOrgId),
      learnerIds: [],
      call: (route, given) => this.world.call(party, route, given),
    };
  }

  /** I5 and I8, at every commit. */
  #watchWrite({ table, committed, pending }: Place): void {
    if (pending === null) return;
    if (table.name === 'documents') {
      const before = committed?.changed_in_xero_at as Date | undefined;
      if (before && before > (pending.changed_in_xero_at as Date)) {
        this.trace.broken('I5', `${pending.kind} ${pending.number} goes back in time`);
      }
    }
    if (!('xero_org_id' in pending) || !('provider_id' in pending)) return;
    const party = PARTIES.find(({ providerId }) => providerId === pending.provider_id);
    if (pending.xero_org_id !== null && party?.xeroOrgId !== pending.xero_org_id) {
      this.trace.broken(
        'I8',
        `${table.name} of ${party?.name} holds a row of another organisation`,
      );
    }
  }

  someDesk(): Desk {
    const [harbour, kea] = this.desks;
    return (this.random.chance(0.85) ? harbour : kea) ?? (this.desks[0] as Desk);
  }

  async storm({ acts }: Size): Promise<void> {
    this.world.startNode();
    this.world.startNode();
    for (let done = 0; done < acts; done += 1) {
      await this.#oneAct();
      await this.world.scheduler.run(this.random.whole(30));
    }
  }

  async #oneAct(): Promise<void> {
    let at = this.random.next() * HAT_WEIGHT;
    const chosen = hat.find(({ weight }) => {
      at -= weight;
      return at < 0;
    });
    if (!chosen) return;
    this.trace.event(chosen.name, '');
    if (this.world.nodes.length === 0) this.world.startNode();
    this.world.scheduler.start('desk', chosen.name, async () => {
      try {
        await chosen.act(this);
      } catch (error) {
        if (!(error instanceof ActRefused)) throw error;
      }
    });
  }

  work(): void {
    const { nodes } = this.world;
    this.world.freeDeadJobs();
    if (nodes.length > 0) this.world.work(this.random.pick(nodes));
  }

  tick(): void {
    const { nodes } = this.world;
    if (nodes.length > 0) this.world.tick(this.random.pick(nodes));
  }

  deliver(): void {
    const { webhooks } = this.ground.emulator.control;
    this.world.scheduler.start('xero', 'delivery', () => webhooks.deliverDue());
  }

  disturbWebhooks(): void {
    const { random } = this;
    const { webhooks, switches } = this.ground.emulator.control;
    this.faults += 1;
    Object.assign(webhooks.switches, {
      dropNext: random.whole(8),
      isReordered: random.chance(0.5),
      repeats: random.whole(4),
    });
    switches.paymentEvents = random.chance(0.5);
  }

  async passSomeTime(): Promise<void> {
    const step = this.random.pick([
      SECOND_MS,
      7 * SECOND_MS,
      MINUTE_MS,
      4 * MINUTE_MS,
      31 * MINUTE_MS,
    ]);
    this.ground.clock.advance(step + this.random.whole(900));
    await this.world.scheduler.fireDue();
  }

  armFault(): void {
    const fault = this.random.pick(FAULTS);
    const path = this.random.pick(PATHS);
    const times = 1 + this.random.whole(2);
    this.faults += 1;
    this.trace.event(`fault ${fault.kind}`, `${path} × ${times}`);
    if ('line' in fault) this.world.line.armed.push({ fault: fault.line, path, times });
    else
      this.ground.emulator.control.faults.add({ path: `*${path}*`, times, effect: fault.effect });
  }

  planCrash(): void {
    const { nodes } = this.world;
    if (nodes.length === 0) return;
    this.faults += 1;
    this.world.scheduler.crashIn(this.random.pick(nodes), 1 + this.random.whole(80));
  }

  startNode(): void {
    if (this.world.nodes.length < 2) this.world.startNode();
  }

  withdrawConsent(): void {
    this.faults += 1;
    this.ground.emulator.control.people.disconnect(this.someDesk().xeroOrgId);
  }

  /** Faults off; time passes until every pause is over and every sweep has been made. */
  async calm(): Promise<void> {
    const { emulator, clock } = this.ground;
    const { world, trace } = this;
    trace.event('calm', '');
    const { faults, webhooks, switches } = emulator.control;
    faults.clear();
    world.line.armed.length = 0;
    Object.assign(webhooks.switches, { dropNext: 0, isReordered: false, repeats: 0 });
    switches.paymentEvents = true;
    for (const node of world.nodes) world.scheduler.crashIn(node, Number.POSITIVE_INFINITY);
    await world.scheduler.drain();
    if (world.nodes.length === 0) world.startNode();
    for (const pause of CALM_MS) {
      clock.advance(pause);
      await world.scheduler.fireDue();
      await this.#settle();
      await this.#reconnect();
    }
  }

  async #settle(): Promise<void> {
    const { world } = this;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      world.freeDeadJobs();
      world.tick(world.anyNode().name);
      await world.scheduler.drain();
      this.deliver();
      await world.scheduler.drain();
      const jobs = world.work(world.anyNode().name);
      await world.scheduler.drain();
      if (jobs === 0 && world.jobsWaiting.length === 0) return;
    }
    this.trace.broken('I9', `not quiet after ${ROUNDS_MAX} rounds`);
  }

  async #reconnect(): Promise<void> {
    for (const party of PARTIES.slice(0, this.desks.length)) {
      const [row] = this.rows('connections', party).filter(
        (one) => one.xero_org_id === party.xeroOrgId,
      );
      if (row?.state === 'active') continue;
      const node = this.world.anyNode();
      this.trace.event('reconnected', party.name);
      this.world.scheduler.start(node.name, 'connect', () =>
        connect(this.ground.emulator, node, party),
      );
      await this.world.scheduler.drain();
    }
  }

  rows(name: string, { providerId }: Party): Row[] {
    const places = [...(this.ground.tables.tables.get(name)?.places ?? [])];
    return places.flatMap(({ committed }) =>
      committed?.provider_id === providerId ? [committed] : [],
    );
  }

  check(): void {
    for (const [index, party] of PARTIES.entries()) {
      const desk = this.desks[index];
      if (!desk) continue;
      const found = findingsOf({
        name: party.name,
        xeroOrgId: party.xeroOrgId,
        books: desk.keeper.books,
        learners: this.rows('learners', party),
        links: this.rows('contact_links', party),
        documents: this.rows('documents', party),
        lanes: this.rows('lanes', party),
        notices: this.rows('notices', party),
        now: this.ground.clock.now(),
      });
      for (const { invariant, what } of found) this.trace.broken(invariant, what);
    }
  }

  outcome(seed: number): Outcome {
    const { lines, violations, counts } = this.trace;
    return {
      seed,
      hash: this.trace.hash(),
      events: lines.length,
      faults: this.faults,
      violations: violations.map(({ invariant, message }) => ({ invariant, message })),
      lines,
      counts,
    };
  }
}

function partiesOf(seed: number): number {
  return seed % SEEDS_PER_NEIGHBOUR === 0 ? 2 : 1;
}

let current: MemoryStorm | null = null;

/** The scheduler of the seed that runs now; timers go by it. */
export function currentScheduler() {
  return current?.world.scheduler ?? null;
}

/** Simulates one seed from the beginning to the end. */
export async function simulate(ground: Ground, seed: number, size: Size): Promise<Outcome> {
  ground.restart(seed, partiesOf(seed));
  const storm = new MemoryStorm(ground, seed);
  current = storm;
  const random = createRandom(seed ^ 0x5eed);
  Math.random = () => random.next();
  try {
    await storm.storm(size);
    await storm.calm();
    storm.check();
  } catch (error) {
    storm.trace.broken(
      'crash',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
  return storm.outcome(seed);
}
