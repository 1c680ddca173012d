import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import { EXPORT_PATH, GRACE_DAYS } from '#contract/closing';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { typeCommand } from '../world/command-line.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { PASSWORD } from '../world/people.ts';

/** What may name a provider that was erased: its id, an instant and counts, nobody's data. */
const TOMBSTONES = ['audit_erasures', 'erased_providers'];

let world: ConnectedWorld;

beforeEach(async () => {
  world = await startConnectedWorld();
  const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Wong' });
  await world.settle();
  const contact = world.bookkeeper.findContact(learner.learnerNumber);
  world.bookkeeper.createInvoice({
    contactId: contact?.id ?? '',
    lines: [{ description: 'Course fee', quantity: 1, unitAmount: 500 }],
    status: 'AUTHORISED',
  });
  await world.apiClient('staff');
  await world.people.staff();
  const body = { subject: 'Goodbye', text: 'We are leaving.' };
  await world.owner.call(api.openSupportRequest, { body });
  await world.settle();
});
afterEach(() => world.close());

async function close(): Promise<void> {
  expect((await world.owner.fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(200);
  await world.owner.call(api.closeProvider, { body: { name: 'Harbour Training' } });
}

/** Every table of the schema that holds rows of a provider, with how many. */
async function rowsOf(providerId: string): Promise<Record<string, number>> {
  return asOwner(async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id'
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int as n from ${name} where provider_id = $1`,
        [providerId],
      );
      if (rows[0]?.n) counts[name] = rows[0].n;
    }
    return counts;
  });
}

function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: world.config.databaseUrl });
  return client
    .connect()
    .then(() => work(client))
    .finally(() => client.end());
}

/** Everything that any column of any table holds, as text. */
function everything(): Promise<string> {
  return asOwner(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('public', 'auth', 'graphile_worker')`,
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const found = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      texts.push(...found.rows.map(({ row }) => row));
    }
    return texts.join('\n');
  });
}

test('after thirty days nothing of the provider is left in any table, and nobody of it alone', async () => {
  const { providerId } = world.people;
  const neighbour = await world.neighbours.owner();
  const finance = await world.people.finance();
  const elsewhere = ownScope(world.neighbours.providerId);
  const { email, name } = finance;
  const wish = { email, name, role: 'finance', password: PASSWORD } as const;
  await world.context.providers.addPerson(elsewhere, wish);
  expect(Object.keys(await rowsOf(providerId))).toEqual(
    expect.arrayContaining(['learners', 'contact_links', 'documents', 'events', 'mails']),
  );

  await close();
  await world.settle();
  await world.pass(GRACE_DAYS * DAY_MS - HOUR_MS);
  expect(await rowsOf(providerId)).toHaveProperty('learners');
  await world.pass(HOUR_MS);
  await world.pass(MINUTE_MS);

  await expectErased();
  const text = await everything();
  for (const trace of ['Sione Vaka', 'owner@harbour.example', 'Wong', 'Harbour Training']) {
    expect(text).not.toContain(trace);
  }
  const gone = world.visitor();
  await expect(gone.signIn('owner@harbour.example', PASSWORD)).rejects.toThrow(/bad-credentials/);
  await neighbour.signIn(neighbour.email, PASSWORD);
  expect((await neighbour.call(api.me)).provider.name).toBe('Kea Skills Institute');
  const spared = world.visitor();
  await spared.signIn(email, PASSWORD);
  const { memberships } = await spared.call(api.me);
  expect(memberships.map(({ providerName }) => providerName)).toEqual(['Kea Skills Institute']);
});

test('whoever runs Bursar erases at once what an Owner has closed, once Xero has confirmed', async () => {
  const erase = ['provider', 'erase', '--provider', world.people.providerId];
  expect(await typeCommand(world, ...erase)).toMatchObject({ code: 2 });
  expect(await typeCommand(world, ...erase, '--now')).toMatchObject({
    code: 1,
    err: 'This training provider is open. One of its Owners closes it first, under Settings, Provider.',
  });
  world.emulator.control.faults.add({
    path: '/connections/*',
    times: 3,
    effect: { kind: 'reset', when: 'before' },
  });
  await close();
  await world.settle();
  expect(await typeCommand(world, ...erase, '--now')).toMatchObject({
    code: 1,
    err: expect.stringContaining('still connected'),
  });
  expect(await connectionsLeft()).toBe(1);
  for (let again = 0; again < 3; again += 1) await world.pass(10 * MINUTE_MS);
  expect(await connectionsLeft()).toBe(0);
  expect(world.emulator.control.people.connections()).toEqual([]);
  expect(await typeCommand(world, ...erase, '--now')).toMatchObject({ code: 0 });
  await world.settle();
  await expectErased();
});

test('whoever had left the provider before goes with it, unless they work elsewhere', async () => {
  const left = await world.people.staff();
  const removed = await world.people.finance();
  const elsewhere = await world.people.admin();
  const { email, name } = elsewhere;
  const wish = { email, name, role: 'staff', password: PASSWORD } as const;
  await world.context.providers.addPerson(ownScope(world.neighbours.providerId), wish);
  await left.call(api.leaveProvider);
  for (const { personId } of [removed, elsewhere]) {
    await world.owner.call(api.removeMember, { params: { personId } });
  }
  const neighbour = await world.neighbours.staff();
  await neighbour.call(api.leaveProvider);
  await close();
  await world.settle();
  const erase = ['provider', 'erase', '--provider', world.people.providerId, '--now'];
  expect(await typeCommand(world, ...erase)).toMatchObject({ code: 0 });
  const text = await everything();
  for (const person of [left, removed]) {
    expect(text).not.toContain(person.email);
    await expect(world.visitor().signIn(person.email, PASSWORD)).rejects.toThrow(/bad-credentials/);
  }
  expect(text).toContain(neighbour.email);
  const spared = world.visitor();
  await spared.signIn(email, PASSWORD);
  expect((await spared.call(api.me)).provider.name).toBe('Kea Skills Institute');
});

async function connectionsLeft(): Promise<number | undefined> {
  const { closing } = await world.owner.call(api.getProviderStanding);
  return closing?.connectionsLeft;
}

async function expectErased(): Promise<void> {
  const left = Object.keys(await rowsOf(world.people.providerId));
  expect(left.filter((table) => !TOMBSTONES.includes(table))).toEqual([]);
}
