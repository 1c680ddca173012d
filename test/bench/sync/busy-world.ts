import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { api } from '#contract/api';
import type { LearnerId, ProviderId, XeroOrgId } from '#contract/ids';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import type { Bookkeeper } from '../../../emulator/control/bookkeeper.ts';
import { type Client, createClient } from '../../world/client.ts';
import { connectXero } from '../../world/connect-xero.ts';
import { PASSWORD, type SignedIn } from '../../world/people.ts';
import {
  type ProcessWorld,
  type ProcessWorldOptions,
  startProcessWorld,
} from '../../world/processes.ts';

/** One of many organisations, each of a provider of its own, with one learner in step. */
export interface BusyOrg {
  readonly providerId: ProviderId;
  readonly xeroOrgId: XeroOrgId;
  readonly learnerId: LearnerId;
  readonly bookkeeper: Bookkeeper;
  readonly contactId: string;
}

/** Bursar as real processes on real time, with many organisations connected. */
export interface BusyWorld extends ProcessWorld {
  /** The database as its owner sees it. */
  readonly sql: pg.Pool;
  /** Works at the provider of the first organisation alone. */
  readonly owner: SignedIn;
  readonly orgs: readonly [BusyOrg, ...BusyOrg[]];
}

/** People who connect at once, so that none asks too often. */
const OWNERS = 8;
const AT_REST_WITHIN_MS = 15 * MINUTE_MS;
const APP = 'emulator-client-id';

/** Connects so many organisations through the front door and waits until all are at rest. */
export async function startBusyWorld(
  count: number,
  options: ProcessWorldOptions,
): Promise<BusyWorld> {
  const world = await startProcessWorld(options);
  const sql = new pg.Pool({ connectionString: world.context.config.databaseUrl, max: 2 });
  const close = async () => {
    await sql.end();
    await world.close();
  };
  try {
    await Promise.all([world.startWeb(), world.startWorker()]);
    world.emulator.control.putApp({ id: APP, tier: 'ADVANCED' });
    const owner = await world.people.owner();
    const first = await connect(world, owner, world.people.providerId, 0);
    const owners = await Promise.all(
      Array.from({ length: Math.min(OWNERS, count - 1) }, (_, index) => addOwner(world, index)),
    );
    const others = await Promise.all(
      owners.map((one, index) => connectSome(world, one, index + 1, count, owners.length)),
    );
    // Whoever is there before the contacts are read would have to be approved.
    await untilAtRest(sql);
    const connected = [[first], ...others];
    const added = await Promise.all(connected.map(addLearners));
    await untilAtRest(sql);
    // A fresh connection has no limits for half an hour; that time is over for this tier.
    world.emulator.control.putApp({ id: APP, tier: 'CORE' });
    await spreadSweeps(sql);
    const orgs = added.flat().map((org) => withContact(world, org));
    const [measured, ...rest] = orgs;
    if (!measured) throw new Error('There is no organisation');
    return { ...world, sql, owner, orgs: [measured, ...rest], close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Connected = Pick<BusyOrg, 'providerId' | 'xeroOrgId'> & { client: Client };
type WithLearner = Omit<BusyOrg, 'bookkeeper' | 'contactId'>;

interface Owner {
  email: string;
  client: Client;
}

async function addOwner({ context, url, people }: ProcessWorld, index: number): Promise<Owner> {
  const email = `owner${index}@busy.example`;
  const wish = { email, name: `Owner ${index}`, role: 'owner', password: PASSWORD } as const;
  await context.providers.addPerson(ownScope(people.providerId), wish);
  const client = createClient(url);
  await client.signIn(email, PASSWORD);
  return { email, client };
}

/** One after the other: a browser goes through one consent at a time. */
async function connectSome(
  world: ProcessWorld,
  { email, client }: Owner,
  from: number,
  count: number,
  step: number,
): Promise<Connected[]> {
  const orgs: Connected[] = [];
  for (let index = from; index < count; index += step) {
    const { providers } = world.context;
    const name = `Provider ${index}`;
    const { id } = await providers.create({ name, country: 'AU', secondFactor: 'optional' });
    const wish = { email, name: 'Owner', role: 'owner', password: PASSWORD } as const;
    await providers.addPerson(ownScope(id), wish);
    orgs.push(await connect(world, client.workingFor(id), id, index));
  }
  return orgs;
}

async function connect(
  { emulator }: ProcessWorld,
  client: Client,
  providerId: ProviderId,
  index: number,
): Promise<Connected> {
  const { people } = emulator.control;
  const xeroOrgId = people.addOrganisation(`Organisation ${index}`, 'AU') as XeroOrgId;
  const email = `adviser${index}@example.com`;
  const user = people.addUser({ email, givenName: 'Adviser', familyName: String(index) });
  people.setRole(user.id, xeroOrgId, 'ADVISER');
  const landing = await connectXero(emulator, client, { user: email, confirm: true });
  if (landing.outcome !== 'connected') throw new Error(`Connecting ended with ${landing.outcome}`);
  return { client, providerId, xeroOrgId };
}

async function addLearners(orgs: readonly Connected[]): Promise<WithLearner[]> {
  const added: WithLearner[] = [];
  for (const { client, providerId, xeroOrgId } of orgs) {
    const body = { firstName: 'Lena', lastName: 'Lind', syncToXero: true };
    const { id: learnerId } = await client.call(api.addLearner, { body });
    added.push({ providerId, xeroOrgId, learnerId });
  }
  return added;
}

function withContact({ emulator }: ProcessWorld, org: WithLearner): BusyOrg {
  const bookkeeper = emulator.control.bookkeeper(org.xeroOrgId);
  const [contact] = bookkeeper.books.contacts.all();
  if (!contact) throw new Error(`The learner of organisation ${org.xeroOrgId} has no contact`);
  return { ...org, bookkeeper, contactId: contact.id };
}

/** Everything was read once, and every learner is in step. */
async function untilAtRest(sql: pg.Pool): Promise<void> {
  const until = performance.now() + AT_REST_WITHIN_MS;
  while (performance.now() < until) {
    const { rows } = await sql.query<{ open: number }>(
      `select (select count(*)::int from lanes
          where catching_up_since is not null or contacts_known_at is null or lease_owner is not null)
        + (select count(*)::int from contact_links where standing <> 'in-step') as open`,
    );
    if (rows[0]?.open === 0) return;
    await sleep(SECOND_MS);
  }
  throw new Error('The organisations did not come to rest');
}

/** As after days of work: the next sweeps lie anywhere in their time, and not all at once. */
async function spreadSweeps(sql: pg.Pool): Promise<void> {
  await sql.query(
    `update cursors set next_at = clock_timestamp() + random() * (next_at - clock_timestamp())
      where next_at > clock_timestamp()`,
  );
  await sql.query(
    `update lanes set wake_at = least(wake_at, (select min(next_at) from cursors
        where cursors.provider_id = lanes.provider_id
          and cursors.xero_org_id = lanes.xero_org_id))`,
  );
  await sql.query('analyze');
}
