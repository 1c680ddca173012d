import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { startConnectedWorld } from '../world/connected.ts';
import { findingsOf, type Sides } from './agreement.ts';
import { createRandom } from './random.ts';
import { type Storm, somethingHappens } from './storm-acts.ts';

/**
 * Layer B: the same storms over real PostgreSQL and HTTP, see docs/simulation.md.
 * `STORM_FROM=5 STORM_COUNT=1` replays a seed.
 */
const STEPS = 40;
const FROM = Number(process.env.STORM_FROM ?? 1);
const SEEDS = Array.from({ length: Number(process.env.STORM_COUNT ?? 30) }, (_, at) => FROM + at);
/** Enough for the longest pause and a sweep of everything after it. */
const CALM_MS = [MINUTE_MS, 31 * MINUTE_MS, 9 * HOUR_MS, 5 * MINUTE_MS];

describe('after a storm over PostgreSQL both ledgers agree', () => {
  it.each(SEEDS)(
    'seed %i',
    async (seed) => {
      const world = await startConnectedWorld();
      const database = new pg.Client({ connectionString: world.config.databaseUrl });
      await database.connect();
      const storm: Storm = {
        world,
        random: createRandom(seed),
        desk: {
          name: 'Harbour Training',
          xeroOrgId: xeroOrgs.au,
          keeper: world.bookkeeper,
          learnerIds: [],
          workplaceIds: [],
          edited: new Set(),
          relinked: [],
          note: () => undefined,
          call: (route, given) => world.owner.call(route, given as never),
        },
        log: [],
        dropJobs: async () => {
          await database.query('delete from graphile_worker._private_jobs where locked_at is null');
        },
      };
      try {
        for (let step = 0; step < STEPS; step += 1) await somethingHappens(storm);
        await calm(storm);
        const findings = findingsOf(await sidesOf(storm, database));
        expect(findings, `seed ${seed}: ${storm.log.join(' ')}`).toEqual([]);
      } finally {
        await database.end();
        await world.close();
      }
    },
    120_000,
  );
});

async function calm({ world }: Storm): Promise<void> {
  const { faults, webhooks, switches } = world.emulator.control;
  faults.clear();
  Object.assign(webhooks.switches, { dropNext: 0, isReordered: false, repeats: 0 });
  switches.paymentEvents = true;
  for (const pause of CALM_MS) await world.pass(pause);
}

type Row = Record<string, unknown>;

/** The rows as this provider sees them. */
async function sidesOf({ world, desk }: Storm, database: pg.Client): Promise<Sides> {
  await database.query('set role bursar_system');
  const found = await database.query<Row>('select provider_id from lanes limit 1');
  const providerId = found.rows[0]?.provider_id;
  const rows = async (table: string) => {
    const sql = `select * from ${table} where provider_id = $1`;
    return (await database.query<Row>(sql, [providerId])).rows;
  };
  return {
    name: desk.name,
    xeroOrgId: desk.xeroOrgId,
    books: desk.keeper.books,
    edited: desk.edited,
    learners: await rows('learners'),
    workplaces: await rows('workplaces'),
    links: await rows('contact_links'),
    documents: await rows('documents'),
    relinkings: (await rows('events')).filter(({ kind }) => kind === 'contact.relinked'),
    payments: await rows('payments'),
    lanes: await rows('lanes'),
    laneCalls: await rows('lane_calls'),
    notices: await rows('notices'),
    runs: await rows('sync_runs'),
    runItems: await rows('sync_run_items'),
    now: world.clock.now(),
  };
}
