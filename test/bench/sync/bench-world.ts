import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { api } from '#contract/api';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { type Context, createContext } from '#entry/context';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { drainJobs } from '#platform/jobs/worker';
import { silentLogger } from '#platform/logger';
import type { Answer } from '../../../emulator/coverage/watch.ts';
import { approveMatches } from '../../world/approve-matches.ts';
import { xeroOrgs } from '../../world/connect-xero.ts';
import type { SignedIn } from '../../world/people.ts';
import { startWorld, type World } from '../../world/world.ts';
import { createLatency, GATHER_MS, type Latency } from './latency.ts';

/** Workers look by the clock this often, as they do for people. */
const TICK_MS = 2 * SECOND_MS;
/** Real time between two looks at the tables, so that short steps of hours don't add up. */
const STATISTICS_PAUSE_MS = 5 * SECOND_MS;
/** Real time between two looks for notices to deliver. */
const DELIVERY_PAUSE_MS = 10;
/** Counted by the real minute, into which a benchmark puts hours: no limit at all. */
const NO_REQUEST_LIMITS = {
  perAddress: Number.MAX_SAFE_INTEGER,
  perAddressOutside: Number.MAX_SAFE_INTEGER,
  perCaller: Number.MAX_SAFE_INTEGER,
};
/** A job that is not done after so many looks is taken to be stuck. */
const LOOKS_MAX = 20_000;

/**
 * A world whose calls to Xero take time on its clock, with as many nodes on its one database as
 * wished. Nothing waits in real time.
 */
export interface BenchWorld extends World {
  readonly owner: SignedIn;
  readonly latency: Latency;
  /** The database as its owner sees it. */
  readonly sql: pg.Pool;
  readonly nodes: readonly Context[];
  readonly xeroOrgId: XeroOrgId;
  /** Connects and lets Bursar read who is there; proposals are approved. */
  connect(): Promise<void>;
  /** Lets all nodes work, and time pass where nothing is due, until this holds. */
  until(isDone: () => Promise<boolean>): Promise<void>;
  /** Lets all nodes work until nothing is due now. */
  rest(): Promise<void>;
  /** Calls that reached Xero since they were last counted anew, by method and the list they ask. */
  calls(method?: string, list?: RegExp): number;
  /** Counts calls anew. */
  recount(): void;
}

export interface BenchOptions {
  /** Processes at work; one unless said. Each has a pool, a budget and a cache of tokens of its own. */
  nodes?: number;
  /** Contacts that a call carries at most. */
  rowsPerWrite?: number;
}

export async function startBenchWorld(options: BenchOptions = {}): Promise<BenchWorld> {
  let hear: (answer: Answer) => void | Promise<void> = () => undefined;
  const world = await startWorld({
    onXeroAnswer: (answer) => hear(answer),
    requestLimits: NO_REQUEST_LIMITS,
    ...(options.rowsPerWrite === undefined ? {} : { contactsPerCall: options.rowsPerWrite }),
  });
  const { clock, config, emulator } = world;
  const latency = createLatency(clock, GATHER_MS);
  hear = latency.hear;
  const sql = new pg.Pool({ connectionString: config.databaseUrl, max: 8 });
  // A connection that dies idle shows itself at its next use.
  sql.on('error', () => undefined);
  sql.on('connect', (client) => client.on('error', () => undefined));
  const nodes = [world.context];
  while (nodes.length < (options.nodes ?? 1)) {
    nodes.push(await createContext(config, { clock, logger: silentLogger, poolSize: 8 }));
  }
  let analyzedAt = { emulated: clock.now().getTime(), real: 0 };
  const { webhooks } = emulator.control;
  const owner = await world.people.owner();

  async function drain(): Promise<void> {
    await Promise.all(nodes.map((node) => drainJobs(sql, node.handlers, node.logger)));
  }

  /** Notices come while lanes are at work, as they do in life. */
  async function deliverUntil(draining: Promise<void>): Promise<number> {
    let isDrained = false;
    const drained = draining.finally(() => {
      isDrained = true;
    });
    let delivered = await webhooks.deliverDue();
    while (!isDrained) {
      await Promise.race([drained, setTimeout(DELIVERY_PAUSE_MS)]);
      delivered += await webhooks.deliverDue();
    }
    await drained;
    return delivered;
  }

  async function work(): Promise<void> {
    for (;;) {
      await Promise.all(nodes.map((node) => node.tick()));
      const waiting = await waitingJobs(sql);
      const draining = waiting > 0 ? drain() : Promise.resolve();
      const delivered = await deliverUntil(draining);
      await refuseFailures(sql);
      if (waiting === 0 && delivered === 0) return;
    }
  }

  /** What PostgreSQL does by itself each minute where data are to last. */
  async function keepStatistics(): Promise<void> {
    const now = clock.now().getTime();
    const isDue = now - analyzedAt.emulated >= MINUTE_MS;
    if (!isDue || performance.now() - analyzedAt.real < STATISTICS_PAUSE_MS) return;
    await sql.query('analyze');
    analyzedAt = { emulated: now, real: performance.now() };
  }

  async function until(isDone: () => Promise<boolean>): Promise<void> {
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      await work();
      await keepStatistics();
      if (await isDone()) return;
      clock.advance(await idleMs(sql, clock.now()));
    }
    throw new Error(`Not done after ${LOOKS_MAX} looks`);
  }

  return {
    ...world,
    owner,
    latency,
    sql,
    nodes,
    xeroOrgId: xeroOrgs.au,
    rest: work,
    until,
    async connect() {
      const landing = await world.connectXero(owner, { leavesMatchesOpen: true });
      const { connectionId } = landing;
      if (connectionId === null) throw new Error(`Connecting ended with ${landing.outcome}`);
      await until(() => isMatched(owner, connectionId));
    },
    calls: (method, list = /./) =>
      emulator.control.log
        .calls('/api.xro/2.0/')
        .filter((call) => method === undefined || call.method === method)
        .filter((call) => list.test(call.path)).length,
    recount: () => emulator.control.log.clear(),
    async close() {
      for (const node of nodes.slice(1)) await node.close();
      await sql.end();
      await world.close();
    },
  };
}

async function isMatched(owner: SignedIn, connectionId: ConnectionId): Promise<boolean> {
  const params = { connectionId };
  const { state } = await owner.call(api.getMatching, { params });
  if (state === 'open') await approveMatches(owner, connectionId);
  return state === 'none' || state === 'approved';
}

async function waitingJobs(sql: pg.Pool): Promise<number> {
  const { rows } = await sql.query<{ waiting: number }>(
    `select count(*)::int as waiting from graphile_worker._private_jobs
      where locked_at is null and run_at <= clock_timestamp() and attempts < max_attempts`,
  );
  return rows[0]?.waiting ?? 0;
}

async function refuseFailures(sql: pg.Pool): Promise<void> {
  const { rows } = await sql.query<{ last_error: string }>(
    'select last_error from graphile_worker._private_jobs where last_error is not null limit 1',
  );
  if (rows[0]) throw new Error(`A job failed: ${rows[0].last_error}`);
}

/**
 * How long nothing happens: up to the workers' first look after a lane is due. While a run is on,
 * each look takes it further.
 */
async function idleMs(sql: pg.Pool, now: Date): Promise<number> {
  const { rows } = await sql.query<{ wake_at: Date | null; running: boolean }>(
    `select min(wake_at) as wake_at,
       exists (select from sync_runs where state = 'running' and not lane_work) as running
     from lanes where state = 'running'`,
  );
  const [row] = rows;
  if (!row?.wake_at || row.running) return TICK_MS;
  const waitMs = row.wake_at.getTime() - now.getTime();
  return Math.max(1, Math.ceil(waitMs / TICK_MS)) * TICK_MS;
}
