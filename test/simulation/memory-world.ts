import type { z } from 'zod';
import type { PersonId } from '#contract/ids';
import type { Route } from '#contract/route';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import type { Given } from '../world/client.ts';
import type { Desk } from './desk.ts';
import { type Ground, type Party, WEBHOOK_URL } from './ground.ts';
import { createLine, type Line } from './line.ts';
import { openMemory } from './memory/database.ts';
import type { Place, Row } from './memory/tables.ts';
import { createGate } from './memory/watch.ts';
import { createNode, type SimulatedNode } from './node.ts';
import type { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';
import { createWatch, type Watch } from './watch.ts';

/** Whoever talked to a process that died hears no answer. */
export class NodeDied extends Error {}

interface Posted {
  body: Buffer;
  signature: string | undefined;
}

interface Living {
  node: SimulatedNode;
  /** Rejects when it dies. */
  death: Promise<never>;
  die(): void;
  rollBackAll(): void;
}

/** Under this name people's acts are begun; and what a person begins at Xero, under that. */
const DESK = 'desk';
const CONNECT = 'connect';
/** How many jobs one node carries out at once. */
const JOBS_AT_ONCE = 4;

/** Nodes over tables in memory, one Xero, one clock, and chance that decides who goes on. */
export class MemoryWorld {
  readonly ground: Ground;
  readonly random: Random;
  readonly trace: Trace;
  readonly scheduler: Scheduler;
  readonly line: Line;
  readonly #nodes = new Map<string, Living>();
  #born = 0;
  readonly #watch: Watch;
  /** Deliveries that were made, to be repeated much later. */
  readonly posted: Posted[] = [];
  /** Deliveries that are on their way for a day and longer, and how many of the next will be. */
  readonly held = { posts: [] as Posted[], next: 0 };

  constructor(
    ground: Ground,
    random: Random,
    trace: Trace,
    desks: () => readonly Desk[] = () => [],
  ) {
    this.ground = ground;
    this.random = random;
    this.trace = trace;
    const { clock, emulator } = ground;
    this.scheduler = new Scheduler(clock, random);
    this.scheduler.onCrash = (name) => this.crash(name);
    this.scheduler.onFailure = ({ node, what }, error) => {
      if (error instanceof NodeDied) return trace.note(`${node} ${what} hears no answer`);
      // A person is told why; of what a process does by itself nothing may be left to fail.
      if (error instanceof AppError && (node === DESK || what === CONNECT))
        return trace.note(`${node} ${what} refused: ${error.code}`);
      trace.broken('crash', `${node} ${what} failed: ${wordsOf(error)}`);
    };
    const broken = (invariant: string, what: string) => trace.broken(invariant, what);
    const isDead = (name: string) => this.scheduler.isDead(name);
    this.#watch = createWatch({ ground, desks, isDead, broken });
    this.line = createLine({
      watch: this.#watch,
      emulator,
      clock,
      scheduler: this.scheduler,
      note: (text) => trace.note(text),
      met: (kind) => trace.count(`fault ${kind}`),
      broken,
    });
    globalThis.fetch = (url, init) => this.#fetch(String(url), init);
  }

  /** The names of the nodes that live. */
  get nodes(): string[] {
    return [...this.#nodes.keys()];
  }

  node(name: string): SimulatedNode {
    const living = this.#nodes.get(name);
    if (!living) throw new Error(`${name} does not live`);
    return living.node;
  }

  anyNode(): SimulatedNode {
    return this.#anyLiving().node;
  }

  #anyLiving(): Living {
    const name = this.nodes.length > 0 ? this.random.pick(this.nodes) : this.startNode();
    const living = this.#nodes.get(name);
    if (!living) throw new Error(`${name} does not live`);
    return living;
  }

  /** Starts a process; what a dead one had locked stays locked until it is noticed. */
  startNode(): string {
    this.#born += 1;
    const name = `node-${this.#born}`;
    const { ground, scheduler, line } = this;
    const { gate, rollBackAll } = createGate(name, scheduler, ground.tables, (_node, written) => {
      for (const place of written) this.#watch.onWrite(name, place);
      this.trace.count('done: pages of contacts in runs', written.filter(isPageOfContacts).length);
      this.trace.note(`${name} commits ${summary(written)}`);
    });
    const database = openMemory(ground.tables, name, gate);
    const { clock, config, secrets } = ground;
    const node = createNode({ name, database, clock, config, secrets, send: line.sendFrom(name) });
    const { promise: death, reject } = Promise.withResolvers<never>();
    death.catch(() => undefined);
    const die = () => reject(new NodeDied(`${name} died`));
    this.#nodes.set(name, { node, rollBackAll, death, die });
    this.trace.note(`${name} starts`);
    return name;
  }

  /** A process dies where it stands: nothing of it goes on, what it had open is rolled back. */
  crash(name: string): void {
    const living = this.#nodes.get(name);
    if (!living) return;
    this.trace.event('crash', `${name} dies during ${this.scheduler.tasksOf(name).join(', ')}`);
    this.#nodes.delete(name);
    this.scheduler.kill(name);
    living.rollBackAll();
    living.die();
  }

  /** Other workers notice that a process is silent, and free its jobs. */
  freeDeadJobs(): void {
    this.#changeJobs((row) => {
      const owner = row.locked_by as string | null;
      return owner !== null && !this.#nodes.has(owner) ? { ...row, locked_by: null } : row;
    });
  }

  /** The queue is lost: every job that waits is gone. */
  dropJobs(): void {
    this.#changeJobs((row) => (row.locked_by === null ? null : row));
  }

  #changeJobs(change: (row: Row) => Row | null): void {
    const { tables } = this.ground;
    const table = tables.tables.get('jobs');
    if (!table) return;
    for (const place of [...table.places]) {
      if (place.owner || !place.committed) continue;
      const tx = tables.begin('queue');
      tx.role = 'system';
      const after = change(place.committed);
      if (after !== place.committed) {
        tables.lock(place, tx);
        if (after) tables.write(place, after, tx);
        else tables.remove(place, tx);
      }
      tables.end(tx, 'commit');
    }
  }

  get jobsWaiting(): Row[] {
    const places = [...(this.ground.tables.tables.get('jobs')?.places ?? [])];
    return places.flatMap(({ committed }) => (committed?.locked_by === null ? [committed] : []));
  }

  /** Lets a node take some of the jobs that wait, without waiting for them. */
  work(name: string, atMost = JOBS_AT_ONCE): number {
    const mine = this.jobsWaiting.slice(0, atMost);
    for (const job of mine) {
      this.#changeJobs((row) => (row.id === job.id ? { ...row, locked_by: name } : row));
      const handler = this.node(name).handlers.find(({ job: { name: task } }) => task === job.task);
      if (!handler) {
        this.#changeJobs((row) => (row.id === job.id ? null : row));
        continue;
      }
      this.scheduler.start(name, `job ${String(job.task)}`, async () => {
        await handler.handle(job.payload);
        this.#changeJobs((row) => (row.id === job.id ? null : row));
      });
    }
    return mine.length;
  }

  /** What a worker does every few seconds. */
  tick(name: string): void {
    for (const tick of this.node(name).ticks) this.scheduler.start(name, 'tick', tick);
  }

  /** Calls a route as the owner of a provider would, on any node. @throws AppError */
  async call<R extends Route>(
    party: Party,
    route: R,
    given: Given<R>,
  ): Promise<z.output<R['answer']>> {
    const living = this.#anyLiving();
    const { node } = living;
    const endpoint = node.endpoints.find((one) => one.route === route);
    if (!endpoint) throw new Error(`Nobody answers ${route.path}`);
    const { params = {}, query = {}, body } = given as Record<string, unknown>;
    const scope: Scope = {
      providerId: party.providerId,
      actor: {
        kind: 'person',
        personId: `owner of ${party.name}` as PersonId,
        name: 'Olive Owner',
        role: 'owner',
      },
    };
    const answered = endpoint.handle({
      params: route.params.parse(params),
      query: route.query.parse(query),
      body: route.body.parse(body),
      scope,
      exchange: noExchange,
    } as never);
    const answer = await Promise.race([answered, living.death]);
    return answer as z.output<R['answer']>;
  }

  /** Xero's webhooks come in here: the emulator posts by fetch. */
  async #fetch(url: string, init: RequestInit = {}): Promise<Response> {
    if (url !== WEBHOOK_URL || this.nodes.length === 0) throw new TypeError('fetch failed');
    const body = Buffer.from(init.body as Uint8Array);
    const signature = new Headers(init.headers).get('x-xero-signature') ?? undefined;
    if (this.held.next > 0) {
      this.held.next -= 1;
      this.held.posts.push({ body, signature });
      // Xero repeats it by itself; here it is left to whoever lets it come in.
      return new Response(null, { status: 200 });
    }
    this.posted.push({ body, signature });
    return new Response(null, { status: await this.post(body, signature) });
  }

  /** A delivery comes in at some node; answers with the status. */
  async post(body: Buffer, signature: string | undefined): Promise<number> {
    const { node, death } = this.#anyLiving();
    const delivery = this.#watch.onDelivery(body.toString('utf8'));
    const status = await Promise.race([node.receive(body, signature), death]);
    this.trace.note(`${node.name} answers a webhook ${status}`);
    if (status === 200) delivery.acked();
    return status;
  }
}

const noExchange = {
  ip: '127.0.0.1',
  origin: { address: '127.0.0.1', agent: 'simulated' },
  cookie: () => undefined,
  setCookie: () => undefined,
  clearCookie: () => undefined,
};

/** A run has read a page of contacts, and others are left. */
function isPageOfContacts({ table, committed, pending }: Place): boolean {
  if (table.name !== 'sync_runs' || pending?.step !== 'contacts' || !pending.walk) return false;
  return JSON.stringify(pending.walk) !== JSON.stringify(committed?.walk);
}

function summary(written: readonly Place[]): string {
  const counts = new Map<string, number>();
  for (const { table } of written) counts.set(table.name, (counts.get(table.name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name}:${count}`).join(' ');
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
