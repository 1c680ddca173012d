import type { LearnerId, WorkplaceId } from '#contract/ids';
import { HOUR_MS, MINUTE_MS, plus } from '#platform/clock';
import { ActRefused } from '../../emulator/control/bookkeeper.ts';
import { deskActs } from './acts.ts';
import { dueOf, type Finding, findingsOf, type Sides } from './agreement.ts';
import { freshInvoices } from './agreement-papers.ts';
import type { Desk } from './desk.ts';
import { FAULTS, type Fault } from './faults.ts';
import { type Beginning, connect, type Ground, PARTIES, type Party } from './ground.ts';
import { approveMatches, lifeActs, resume } from './life-acts.ts';
import { linkActs } from './link-acts.ts';
import type { Row } from './memory/tables.ts';
import { MemoryWorld } from './memory-world.ts';
import { paperActs } from './paper-acts.ts';
import { peopleActs } from './people-acts.ts';
import { createRandom, type Random } from './random.ts';
import type { Count } from './sides.ts';
import { tightActs } from './tight-acts.ts';
import { Trace } from './trace.ts';
import { unansweredActs } from './unanswered-acts.ts';
import { comeBack, deliver, meetFault, worldActs } from './world-acts.ts';

/** What a seed came to. */
export interface Outcome {
  seed: number;
  hash: string;
  /** Statements, commits, calls and answers, and whatever else happened. */
  events: number;
  violations: readonly { invariant: string; message: string }[];
  lines: readonly string[];
  counts: ReadonlyMap<string, number>;
}

export interface Size {
  /** Things that people and chance do before it gets quiet. */
  acts: number;
}

/** After the storm: time that passes between two looks, until every pause and sweep is over. */
const CALM_MS = [9 * HOUR_MS, 5 * MINUTE_MS];
/** Before that: until lanes have come back and invoices, the most urgent of all, have been swept. */
const FRESH_MS = [MINUTE_MS, 30 * MINUTE_MS, 35 * MINUTE_MS];
/** Then what was held back comes in: more than a day after it was said. */
const LATE_MS = 17 * HOUR_MS;
/** One seed in so many has a second provider, whose rows and calls must stay apart. */
const SEEDS_PER_NEIGHBOUR = 4;
/** One seed in so many begins with nothing in the books; most others with people who have papers. */
const SEEDS_PER_NEWCOMER = 3;
/** Of those that would be newcomers one in so many begins while who is whom waits for a yes. */
const SEEDS_PER_REVIEW = 2 * SEEDS_PER_NEWCOMER + 3;
const ROUNDS_MAX = 40;
/** After so many acts the next call, whichever it is, meets a fault. */
const ACTS_PER_FAULT = 3;

/** Points that others may pass before the next thing happens. */
const POINTS = 30;
/** A tight sequence is let come to its end before that, unless it needs more than so many. */
const POINTS_OF_TIGHT = 900;

const hat = [
  ...actsOf(
    { ...deskActs, ...peopleActs, ...linkActs, ...paperActs, ...lifeActs },
    0,
    (act) => (storm) => act(storm.someDesk(), storm.random),
  ),
  ...actsOf(worldActs, 0, (act) => act),
  ...actsOf({ ...tightActs, ...unansweredActs }, POINTS_OF_TIGHT, (act) => act),
];
const HAT_WEIGHT = hat.reduce((sum, { weight }) => sum + weight, 0);

function actsOf<Act>(
  acts: Record<string, { weight: number; act: Act }>,
  points: number,
  toDo: (act: Act) => (storm: MemoryStorm) => Promise<void> | void,
) {
  return Object.entries(acts).map(([name, { weight, act }]) => ({
    name,
    weight,
    points,
    act: toDo(act),
  }));
}

class MemoryStorm {
  readonly ground: Ground;
  readonly random: Random;
  readonly trace: Trace;
  readonly world: MemoryWorld;
  readonly desks: readonly Desk[];

  constructor(ground: Ground, seed: number) {
    this.ground = ground;
    this.random = createRandom(seed);
    this.trace = new Trace(ground.clock);
    this.world = new MemoryWorld(ground, this.random, this.trace, () => this.desks);
    this.desks = PARTIES.slice(0, partiesOf(seed)).map((party) => this.#deskOf(party));
  }

  #deskOf(party: Party): Desk {
    return {
      name: party.name,
      xeroOrgId: party.xeroOrgId,
      keeper: this.ground.emulator.control.bookkeeper(party.xeroOrgId),
      learnerIds: this.rows('learners', party).map(({ id }) => id as LearnerId),
      workplaceIds: this.rows('workplaces', party).map(({ id }) => id as WorkplaceId),
      edited: new Set(),
      relinked: [],
      note: (text) => this.trace.note(`  ${text}`),
      call: async (route, given) => {
        const answer = await this.world.call(party, route, given);
        if (route.method !== 'GET') this.trace.count(`asked: ${route.method} ${route.path}`);
        return answer;
      },
    };
  }

  readonly someDesk = (): Desk => {
    const [harbour, kea] = this.desks;
    return (this.random.chance(0.85) ? harbour : kea) ?? (this.desks[0] as Desk);
  };

  readonly #deck: Fault[] = [];

  /** Faults as cards are dealt: none again before each has come once. */
  readonly dealFault = (): Fault => {
    if (this.#deck.length === 0) this.#deck.push(...FAULTS);
    const [fault] = this.#deck.splice(this.random.whole(this.#deck.length), 1);
    if (!fault) throw new Error('There are no faults');
    return fault;
  };

  async storm({ acts }: Size): Promise<void> {
    this.world.startNode();
    this.world.startNode();
    this.#skewClock();
    for (let done = 0; done < acts; done += 1) {
      const { points, isOver } = this.#oneAct();
      if (done % ACTS_PER_FAULT === 0) meetFault(this);
      await this.world.scheduler.run(points, isOver);
      await this.world.scheduler.run(this.random.whole(POINTS));
    }
  }

  /** Xero's clock and ours may be minutes apart, for as long as a seed lasts. */
  #skewClock(): void {
    if (!this.random.chance(0.2)) return;
    const milliseconds = this.random.whole(600_000) - 300_000;
    this.trace.event('clock-skewed', `${milliseconds} ms`);
    this.ground.emulator.control.clock.advance(milliseconds);
  }

  /** Begins something; answers for how many points it is to have the stage, and whether it is over. */
  #oneAct(): { points: number; isOver: () => boolean } {
    let at = this.random.next() * HAT_WEIGHT;
    const chosen = hat.find(({ weight }) => {
      at -= weight;
      return at < 0;
    });
    let isOver = false;
    if (!chosen) return { points: 0, isOver: () => true };
    this.trace.event(chosen.name, '');
    if (this.world.nodes.length === 0) this.world.startNode();
    this.world.scheduler.start('desk', chosen.name, async () => {
      try {
        await chosen.act(this);
        this.trace.count(`done: ${chosen.name}`);
      } catch (error) {
        if (!(error instanceof ActRefused)) throw error;
      } finally {
        isOver = true;
      }
    });
    return { points: chosen.points, isOver: () => isOver };
  }

  /** Faults off; time passes until every pause is over and every sweep has been made. */
  async calm(): Promise<void> {
    const { emulator } = this.ground;
    const { world, trace } = this;
    trace.event('calm', '');
    const { faults, webhooks, switches } = emulator.control;
    faults.clear();
    world.line.armed.length = 0;
    Object.assign(webhooks.switches, { dropNext: 0, isReordered: false, repeats: 0 });
    switches.paymentEvents = true;
    comeBack(this);
    this.#letLive();
    await world.scheduler.drain();
    // An act that was under way may have planned another death.
    this.#letLive();
    if (world.nodes.length === 0) world.startNode();
    world.held.next = 0;
    const calmSince = this.ground.clock.now();
    for (const pause of FRESH_MS) await this.#pass(pause);
    this.check((sides) => {
      const wasBackEarly =
        (this.#backAt.get(sides.name) ?? calmSince) <= plus(calmSince, MINUTE_MS);
      return wasBackEarly ? freshInvoices({ ...sides, calmSince }) : [];
    });
    for (const pause of CALM_MS) await this.#pass(pause);
    this.check(findingsOf);
    if (world.held.posts.length > 0) await this.#hearLate();
  }

  #letLive(): void {
    for (const node of this.world.nodes) this.world.scheduler.crashIn(node, Infinity);
  }

  /** Time passes, and whatever is due then is done. */
  async #pass(pause: number, meanwhile: () => void = () => {}): Promise<void> {
    this.ground.clock.advance(pause);
    await this.world.scheduler.fireDue();
    meanwhile();
    await this.#settle();
    this.check(dueOf);
    await this.#reconnect();
  }

  /** Notices come in that speak of what was read long ago, or is gone. */
  async #hearLate(): Promise<void> {
    const { world, trace } = this;
    trace.event('heard-late', '');
    await this.#pass(LATE_MS, () => {
      for (const { body, signature } of world.held.posts) {
        world.scheduler.start('xero', 'late delivery', () => world.post(body, signature));
      }
    });
    this.check(findingsOf);
  }

  async #settle(): Promise<void> {
    const { world } = this;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      world.freeDeadJobs();
      world.tick(world.anyNode().name);
      await world.scheduler.drain();
      deliver(this);
      await world.scheduler.drain();
      const jobs = world.work(world.anyNode().name);
      await world.scheduler.drain();
      if (jobs === 0 && world.jobsWaiting.length === 0) return;
    }
    this.trace.broken('I9', `not quiet after ${ROUNDS_MAX} rounds`);
  }

  /** When data began to flow again for a provider in the calm. */
  readonly #backAt = new Map<string, Date>();

  #back(what: string, { name }: Party): void {
    this.trace.event(what, name);
    this.#backAt.set(name, this.ground.clock.now());
  }

  /** Whoever lost the consent, paused or has to say who is whom does what people do then. */
  async #reconnect(): Promise<void> {
    const { scheduler } = this.world;
    for (const desk of this.desks) {
      const party = PARTIES.find(({ xeroOrgId }) => xeroOrgId === desk.xeroOrgId);
      if (!party) continue;
      const states = this.rows('connections', party)
        .filter((one) => one.xero_org_id === party.xeroOrgId)
        .map(({ state }) => state);
      const node = this.world.anyNode();
      if (states.includes('paused')) {
        this.#back('resumed', party);
        scheduler.start('calm', 'resume', () => resume(desk));
      } else if (!states.includes('active')) {
        this.#back('reconnected', party);
        scheduler.start(node.name, 'connect', () => connect(this.ground.emulator, node, party));
      }
      await scheduler.drain();
      const [matching] = this.rows('matchings', party);
      if (matching?.state !== 'open') continue;
      this.#back('approved', party);
      // Where something has changed in that moment the person looks, and says yes, again.
      scheduler.start('desk', 'approve', () => approveMatches(desk));
      await scheduler.drain();
    }
  }

  rows(name: string, { providerId }: Party): Row[] {
    const places = [...(this.ground.tables.tables.get(name)?.places ?? [])];
    return places.flatMap(({ committed }) =>
      committed?.provider_id === providerId ? [committed] : [],
    );
  }

  #sides(): Sides[] {
    return this.desks.flatMap((desk) => {
      const party = PARTIES.find(({ xeroOrgId }) => xeroOrgId === desk.xeroOrgId);
      if (!party) return [];
      return {
        name: desk.name,
        xeroOrgId: desk.xeroOrgId,
        books: desk.keeper.books,
        edited: desk.edited,
        learners: this.rows('learners', party),
        workplaces: this.rows('workplaces', party),
        links: this.rows('contact_links', party),
        documents: this.rows('documents', party),
        relinkings: this.rows('events', party).filter(({ kind }) => kind === 'contact.relinked'),
        payments: this.rows('payments', party),
        allocations: this.rows('allocations', party),
        matchings: this.rows('matchings', party),
        lanes: this.rows('lanes', party),
        laneCalls: this.rows('lane_calls', party),
        notices: this.rows('notices', party),
        runs: this.rows('sync_runs', party),
        runItems: this.rows('sync_run_items', party),
        now: this.ground.clock.now(),
      };
    });
  }

  check(findings: (sides: Sides, count: Count) => Finding[]): void {
    const found = this.#sides().flatMap((sides) => findings(sides, this.#count));
    for (const { invariant, what } of found) this.trace.broken(invariant, what);
  }

  readonly #count: Count = (what, times = 1) => this.trace.count(`compared: ${what}`, times);

  outcome(seed: number): Outcome {
    const { lines, violations, counts } = this.trace;
    return {
      seed,
      hash: this.trace.hash(),
      events: lines.length + this.world.scheduler.passed,
      violations: violations.map(({ invariant, message }) => ({ invariant, message })),
      lines,
      counts,
    };
  }
}

function beginningOf(seed: number): Beginning['as'] {
  if (seed % SEEDS_PER_REVIEW === 0) return 'reviewing';
  return seed % SEEDS_PER_NEWCOMER === 0 ? 'new' : 'settled';
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
  ground.restart(seed, { parties: partiesOf(seed), as: beginningOf(seed) });
  const storm = new MemoryStorm(ground, seed);
  current = storm;
  const random = createRandom(seed ^ 0x5eed);
  Math.random = () => random.next();
  try {
    await storm.storm(size);
    await storm.calm();
  } catch (error) {
    storm.trace.broken(
      'crash',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
  return storm.outcome(seed);
}
