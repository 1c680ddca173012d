import pg from 'pg';
import { api } from '#contract/api';
import type { ProviderId, XeroOrgId } from '#contract/ids';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { Refusal } from '../world/client.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import type { SignedIn } from '../world/people.ts';
import type { Finding } from './agreement.ts';
import type { Desk } from './desk.ts';
import { mergeWayOf } from './merge-ways.ts';
import type { Random } from './random.ts';
import { PEOPLE, raiseCredits, raiseInvoice, STRANGERS } from './settled.ts';
import { createStormLine, type StormLine } from './storm-line.ts';
import { StormNode } from './storm-node.ts';
import { openStormPost, type StormPost } from './storm-post.ts';

/** In Sydney and Auckland summer time ends while a storm is on. */
const START = '2026-04-04T14:30:00.000Z';
const WEBHOOK_KEY = 'emulator-webhook-key';
const NODES = 2;
const ROUNDS_MAX = 50;
/** As in memory: see `ground.ts`. */
const SEEDS_PER_NEIGHBOUR = 4;
const SEEDS_PER_BIG = 5;
/** Of so many seeds, one whose Xero answers the rows of a write in another order. */
const SEEDS_PER_MIXED = 3;
const BIG_ROWS = 3;
const SEEDS_PER_NEWCOMER = 3;
/** One seed in so many has a database that takes its time with what Xero says. */
const SEEDS_PER_SLOW = 6;

/** A provider of the storm with whoever owns it. */
export interface StormParty {
  readonly providerId: ProviderId;
  readonly owner: SignedIn;
  readonly desk: Desk;
}

/**
 * A web process, worker processes that come and go, and Xero, over one real database and one clock
 * that stands still until somebody moves it.
 */
export class StormWorld {
  readonly world: ConnectedWorld;
  readonly line: StormLine;
  readonly post: StormPost;
  readonly database: pg.Pool;
  readonly parties: readonly StormParty[];
  readonly random: Random;
  /** What does not hold, as it was seen while the storm was on. */
  readonly broken: Finding[];
  /** What was done, to be read when a seed fails. */
  readonly log: string[] = [];
  /** Organisations whose limits somebody else uses too, so that Xero may refuse by itself. */
  readonly shared = new Set<string>();
  #nodes: StormNode[] = [];
  readonly #dead: StormNode[] = [];
  readonly #isDead: Set<string>;
  #born = 0;

  private constructor(given: {
    world: ConnectedWorld;
    line: StormLine;
    post: StormPost;
    database: pg.Pool;
    parties: readonly StormParty[];
    random: Random;
    broken: Finding[];
    isDead: Set<string>;
  }) {
    this.world = given.world;
    this.line = given.line;
    this.post = given.post;
    this.database = given.database;
    this.parties = given.parties;
    this.random = given.random;
    this.broken = given.broken;
    this.#isDead = given.isDead;
  }

  static async start(seed: number, random: Random): Promise<StormWorld> {
    const found: Finding[] = [];
    const broken = (invariant: string, what: string) => void found.push({ invariant, what });
    const isDead = new Set<string>();
    let world: ConnectedWorld | null = null;
    let pool: pg.Pool | null = null;
    const there = () => {
      if (!world) throw new Error('The world has not begun');
      return world;
    };
    const line = createStormLine({
      emulator: () => there().emulator,
      clock: () => there().clock,
      isDead: (name) => isDead.has(name),
      placesOf: async (org) => (pool ? placesOf(pool, org) : null),
      broken,
    });
    const web = { name: 'web', isDead: false, pass: () => undefined };
    world = await startConnectedWorld({ startsAt: START, send: line.sendFrom(web) });
    const parties = [partyOf(world, world.people.providerId, world.owner, xeroOrgs.au)];
    if (seed % SEEDS_PER_NEIGHBOUR === 0) parties.push(await connectNeighbours(world));
    if (seed % SEEDS_PER_NEWCOMER !== 0) await settleIn(world, parties);
    const { control } = world.emulator;
    Object.assign(control.switches, {
      ...mergeWayOf(seed),
      answersOutOfOrder: seed % SEEDS_PER_MIXED === 2,
      ...(seed % SEEDS_PER_BIG === 0 ? { highVolumeRows: BIG_ROWS } : {}),
    });
    const database = new pg.Pool({ connectionString: world.config.databaseUrl, max: 3 });
    // A connection that dies idle shows itself at its next use.
    database.on('error', () => undefined);
    database.on('connect', (client) => client.on('error', () => undefined));
    pool = database;
    const post = await openStormPost(database, world.url, {
      isSlow: seed % SEEDS_PER_SLOW === 1,
      broken,
    });
    control.webhooks.configure(post.url, { key: WEBHOOK_KEY });
    const given = { world, line, post, database, parties, random, broken: found, isDead };
    const storm = new StormWorld(given);
    for (let count = 0; count < NODES; count += 1) await storm.startNode();
    return storm;
  }

  get nodes(): readonly StormNode[] {
    return this.#nodes;
  }

  get desks(): readonly Desk[] {
    return this.parties.map(({ desk }) => desk);
  }

  someParty(): StormParty {
    const [first, second] = this.parties;
    return (second && this.random.chance(0.15) ? second : first) as StormParty;
  }

  /** Starts a worker process, as long as there are not two. */
  async startNode(): Promise<void> {
    if (this.#nodes.length >= NODES) return;
    this.#born += 1;
    const name = `node-${this.#born}`;
    const { config, clock } = this.world;
    const node = await StormNode.start({
      name,
      config,
      clock,
      line: this.line,
      onDeath: () => this.#onDeath(name),
    });
    this.#nodes.push(node);
  }

  #onDeath(name: string): void {
    this.log.push(`${name}-died`);
    this.#isDead.add(name);
    const dead = this.#nodes.find((one) => one.name === name);
    if (dead) this.#dead.push(dead);
    this.#nodes = this.#nodes.filter((one) => one.name !== name);
  }

  /** The queue is lost: every job that waits is gone. */
  async dropJobs(): Promise<void> {
    await this.database.query('delete from graphile_worker._private_jobs where locked_at is null');
  }

  /**
   * All nodes work at once, and Xero delivers, until nothing is left to do at this time. Whoever
   * died leaves its jobs locked: while nobody works, they are freed, as others do after seconds.
   */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      if (this.#nodes.length === 0) await this.startNode();
      await this.#freeDeadJobs();
      const living = this.#nodes.length;
      // First all at once; then one is enough to see what has become due.
      await Promise.all(
        this.#nodes.map((node, at) => node.work({ ticks: round === 0 || at === round % living })),
      );
      const delivered = await this.world.emulator.control.webhooks.deliverDue();
      const waiting = await this.#jobsWaiting();
      if (this.#nodes.length === living && delivered === 0 && waiting === 0) return;
    }
    this.broken.push({ invariant: 'I9', what: `not quiet after ${ROUNDS_MAX} rounds` });
  }

  async #freeDeadJobs(): Promise<void> {
    await this.database.query(
      `select graphile_worker.force_unlock_workers(array(
        select distinct locked_by from graphile_worker._private_jobs where locked_by is not null))`,
    );
  }

  async #jobsWaiting(): Promise<number> {
    const { rows } = await this.database.query<{ waiting: number; error: string | null }>(
      `select count(*) filter (where attempts < max_attempts)::int as waiting,
        min(last_error) as error from graphile_worker._private_jobs where run_at <= clock_timestamp()
        or last_error is not null`,
    );
    const [{ waiting, error } = { waiting: 0, error: null }] = rows;
    if (error !== null) throw new Error(`A job failed: ${error}`);
    return waiting;
  }

  /** Somebody goes through Xero once more. Where that fails, they are told to try again. */
  async connect({ owner, desk }: StormParty): Promise<void> {
    const organisations = [desk.xeroOrgId as XeroOrgId];
    try {
      const { outcome } = await this.world.connectXero(owner, { organisations, confirm: true });
      this.log.push(`connect:${outcome}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.log.push('connect:refused');
    }
  }

  /** Whether Bursar works with the organisation, as far as people see. */
  async isConnected({ providerId, desk }: StormParty): Promise<boolean> {
    const sql = `select 1 from connections
      where provider_id = $1 and xero_org_id = $2 and state = 'active'`;
    const { rowCount } = await this.database.query(sql, [providerId, desk.xeroOrgId]);
    return rowCount === 1;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#nodes, ...this.#dead].map((node) => node.close()));
    await this.post.close();
    await this.database.end();
    await this.world.close();
  }
}

function partyOf(
  world: ConnectedWorld,
  providerId: ProviderId,
  owner: SignedIn,
  xeroOrgId: XeroOrgId,
): StormParty {
  const desk: Desk = {
    name: owner.email,
    xeroOrgId,
    keeper: world.emulator.control.bookkeeper(xeroOrgId),
    learnerIds: [],
    workplaceIds: [],
    edited: new Set(),
    relinked: [],
    note: () => undefined,
    call: (route, given) => owner.call(route, given as never),
  };
  return { providerId, owner, desk };
}

async function connectNeighbours(world: ConnectedWorld): Promise<StormParty> {
  const owner = await world.neighbours.owner();
  const atXero = { organisations: [xeroOrgs.nz], confirm: true };
  const { outcome } = await world.connectXero(owner, atXero);
  if (outcome !== 'connected') throw new Error(`Connecting ended with ${outcome}`);
  await world.settle();
  return partyOf(world, world.neighbours.providerId, owner, xeroOrgs.nz);
}

/** Providers that have been at it for a while: learners with contacts and papers, and strangers. */
async function settleIn(world: ConnectedWorld, parties: readonly StormParty[]): Promise<void> {
  for (const { desk } of parties) {
    for (const Name of STRANGERS) raiseCredits(desk.keeper, desk.keeper.createContact({ Name }).id);
    for (const person of PEOPLE) {
      const body = { ...person, syncToXero: true, saveAnyway: true };
      desk.learnerIds.push((await desk.call(api.addLearner, { body })).id);
    }
  }
  await world.settle();
  world.clock.advance(10 * MINUTE_MS);
  for (const { keeper } of parties.map(({ desk }) => desk)) {
    const all = keeper.books.contacts.all();
    const ours = all.filter(({ createdByApp }) => createdByApp !== undefined);
    for (const { id } of ours) raiseInvoice(keeper, id);
    for (const { id } of ours.slice(0, 1)) raiseCredits(keeper, id);
  }
  await world.pass(4 * HOUR_MS);
}

async function placesOf(database: pg.Pool, org: string): Promise<number> {
  const sql = 'select count(*)::int as taken from xero_call_leases where xero_org_id = $1';
  return (await database.query<{ taken: number }>(sql, [org])).rows[0]?.taken ?? 0;
}
