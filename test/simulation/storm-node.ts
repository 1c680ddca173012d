import pg from 'pg';
import { type Context, createContext } from '#entry/context';
import type { Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import { drainJobs } from '#platform/jobs/worker';
import { silentLogger } from '#platform/logger';
import { type DatabaseDoor, openDatabaseDoor } from '../world/database-door.ts';
import type { Caller, StormLine } from './storm-line.ts';

/** Connections that a node's jobs have for themselves. */
const JOB_CONNECTIONS = 3;
const ROOM_CONNECTIONS = 6;

/**
 * One worker process of Bursar, as whole as it is in one: rooms and connections of its own on the
 * one database. It dies between two words with the database or with Xero; whatever it still does
 * then reaches neither.
 */
export class StormNode implements Caller {
  readonly name: string;
  isDead = false;
  readonly #context: Context;
  readonly #jobs: pg.Pool;
  readonly #door: DatabaseDoor;
  readonly #death = Promise.withResolvers<void>();
  readonly #onDeath: () => void;
  #pointsLeft = Infinity;

  private constructor(name: string, context: Context, door: DatabaseDoor, onDeath: () => void) {
    this.name = name;
    this.#context = context;
    this.#door = door;
    this.#onDeath = onDeath;
    this.#jobs = new pg.Pool({ connectionString: door.url, max: JOB_CONNECTIONS });
    this.#jobs.on('error', () => undefined);
    this.#jobs.on('connect', (client) => client.on('error', () => undefined));
    hushWhenDead(this.#jobs, () => this.isDead);
  }

  static async start(given: {
    name: string;
    config: Config;
    clock: Clock;
    line: StormLine;
    onDeath: () => void;
  }): Promise<StormNode> {
    const { name, config, clock, line, onDeath } = given;
    let node: StormNode | null = null;
    const caller: Caller = {
      name,
      get isDead() {
        return node?.isDead ?? false;
      },
      pass: () => node?.pass(),
    };
    const door = await openDatabaseDoor(config.databaseUrl, () => node?.pass());
    const context = await createContext(
      { ...config, databaseUrl: door.url },
      { clock, logger: silentLogger, poolSize: ROOM_CONNECTIONS, send: line.sendFrom(caller) },
    );
    node = new StormNode(name, context, door, onDeath);
    return node;
  }

  /** It will die so many words from now. */
  dieIn(points: number): void {
    this.#pointsLeft = points;
  }

  pass(): void {
    this.#pointsLeft -= 1;
    if (this.#pointsLeft <= 0) this.#die();
  }

  #die(): void {
    if (this.isDead) return;
    this.isDead = true;
    void this.#door.shut();
    this.#onDeath();
    this.#death.resolve();
  }

  /** Wakes what is due, if so told, and carries out the jobs that wait; ends at once when it dies. */
  async work({ ticks }: { ticks: boolean }): Promise<void> {
    const working = this.#work(ticks);
    // What still fails in a dead process, nobody hears.
    working.catch(() => undefined);
    await Promise.race([working, this.#death.promise]).catch((error: unknown) => {
      if (!this.isDead) throw error;
    });
  }

  async #work(ticks: boolean): Promise<void> {
    if (ticks) await this.#context.tick();
    await drainJobs(this.#jobs, this.#context.handlers, silentLogger);
  }

  async close(): Promise<void> {
    const closing = Promise.allSettled([this.#jobs.end(), this.#context.close()]);
    // Somebody dead never gives back what they had open.
    if (!this.isDead) await closing;
    await this.#door.close();
  }
}

/** Somebody dead hears nothing, also not that they are cut off: the queue library tells the screen. */
function hushWhenDead(pool: pg.Pool, isDead: () => boolean): void {
  const hush = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      if (isDead()) return new Promise<never>(() => undefined);
      throw error;
    });
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  Object.assign(pool, { connect: () => hush(connect()) });
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    Object.assign(client, {
      query: (...given: unknown[]) => {
        const answer = query(...given);
        return answer instanceof Promise ? hush(answer) : answer;
      },
    });
  });
}
