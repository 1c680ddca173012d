import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import { EXPORT_PATH } from '#contract/closing';
import type { PersonId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import type { Route } from '#contract/route';
import type { Tx } from '#platform/database';
import { ownScope, type Scope } from '#platform/scope';
import { addressOf, type Client } from '../world/client.ts';
import { PASSWORD, type SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/** Rights end while something is under way that was allowed when it began. */
let world: World;
let owner: SignedIn;
let joined = 0;
beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterAll(() => world.close());

interface Joined {
  client: Client;
  personId: PersonId;
  email: string;
}

async function join(role: Role = 'owner'): Promise<Joined> {
  joined += 1;
  const email = `person${joined}@harbour.example`;
  const wish = { email, name: `Person ${joined}`, role, password: PASSWORD };
  const scope = ownScope(world.people.providerId);
  const { personId } = await world.context.providers.addPerson(scope, wish);
  const client = world.visitor();
  await client.signIn(email, PASSWORD);
  return { client, personId, email };
}

interface Answer {
  status: number;
  body: { code?: string; key?: string };
}

/**
 * Sends the head of a request and waits until the server has let it pass; its body is sent when
 * what this answers with is called.
 */
async function holdBack(
  as: { client: Client; key?: string },
  route: Route,
  given: { params?: Record<string, unknown>; body: unknown },
): Promise<() => Promise<Answer>> {
  const { providers } = world.context;
  const letPass = providers.require;
  const text = JSON.stringify(given.body);
  const url = new URL(addressOf(route.path, given.params), world.url);
  const sent = request(url, {
    method: route.method,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(as.key
        ? { authorization: `Bearer ${as.key}` }
        : { cookie: as.client.jar.headerFor(url.href), origin: world.url }),
    },
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  await new Promise<void>((resolve) => {
    vi.spyOn(providers, 'require').mockImplementationOnce(async (...asked) => {
      await letPass(...asked);
      resolve();
    });
    sent.flushHeaders();
  });
  return async () => {
    sent.end(text);
    const [answer] = await answered;
    return { status: answer.statusCode ?? 0, body: (await json(answer)) as Answer['body'] };
  };
}

const remove = ({ personId }: Joined) => owner.call(api.removeMember, { params: { personId } });
const demote = ({ personId }: Joined) =>
  owner.call(api.changeRole, { params: { personId }, body: { role: 'finance' } });

async function roleOf({ personId }: Joined): Promise<Role | undefined> {
  const { items } = await owner.call(api.listMembers);
  return items.find((one) => one.personId === personId)?.role;
}

async function keyNames(): Promise<string[]> {
  return (await owner.call(api.listApiKeys)).items.map(({ name }) => name);
}

describe('Who is removed while they hold a body back', () => {
  test('makes no API key with it', async () => {
    const leaver = await join();
    const body = { name: 'Back door', role: 'owner' };
    const finish = await holdBack(leaver, api.createApiKey, { body });
    await remove(leaver);
    expect(await finish()).toMatchObject({ status: 403, body: { code: 'session.no-provider' } });
    expect(await keyNames()).not.toContain('Back door');
  });

  test('invites nobody with it', async () => {
    const leaver = await join();
    const body = { email: 'private@elsewhere.example', role: 'owner' };
    const finish = await holdBack(leaver, api.invitePerson, { body });
    await remove(leaver);
    expect(await finish()).toMatchObject({ status: 403, body: { code: 'session.no-provider' } });
    expect((await owner.call(api.listInvitations)).items).toEqual([]);
  });

  test('does not do for another provider of theirs what was meant for this one', async () => {
    const leaver = await join();
    const { email } = leaver;
    const elsewhere = ownScope(world.neighbours.providerId);
    const wish = { email, name: 'Known there too', role: 'owner', password: PASSWORD } as const;
    await world.context.providers.addPerson(elsewhere, wish);
    const body = { name: 'Meant for Harbour', role: 'staff' };
    const finish = await holdBack(leaver, api.createApiKey, { body });
    await remove(leaver);
    expect(await finish()).toMatchObject({ status: 403, body: { code: 'session.no-provider' } });
    expect((await leaver.client.call(api.listApiKeys)).items).toEqual([]);
  });

  test('makes nothing else that lasts either: a webhook endpoint, as any act with a body', async () => {
    const leaver = await join();
    const body = { url: 'https://elsewhere.example/', kinds: ['learner.added'] };
    const finish = await holdBack(leaver, api.addWebhookEndpoint, { body });
    await demote(leaver);
    expect(await finish()).toMatchObject({ status: 403, body: { code: 'permission.missing' } });
  });

  test('takes out no data either', async () => {
    const leaver = await join();
    const route = { ...api.createApiKey, path: EXPORT_PATH };
    const finish = await holdBack(leaver, route, { body: {} });
    await remove(leaver);
    expect(await finish()).toMatchObject({ status: 403, body: { code: 'session.no-provider' } });
  });

  test('acts by no key of theirs that was revoked meanwhile', async () => {
    const leaver = await join();
    const wish = { name: 'Maker', role: 'owner' } as const;
    const { key } = await leaver.client.call(api.createApiKey, { body: wish });
    const body = { name: 'Grandchild', role: 'owner' };
    const finish = await holdBack({ ...leaver, key }, api.createApiKey, { body });
    await remove(leaver);
    expect(await finish()).toMatchObject({ status: 401, body: { code: 'api-key.invalid' } });
    expect(await keyNames()).not.toContain('Grandchild');
  });
});

test('A request that comes whole is looked at once, one with a body held back twice', async () => {
  const { client } = await join();
  const looks = vi.spyOn(world.context.providers, 'authenticate');
  await client.call(api.createApiKey, { body: { name: 'At once', role: 'staff' } });
  expect(looks).toHaveBeenCalledTimes(1);
  const body = { name: 'In two parts', role: 'staff' };
  const finish = await holdBack({ client }, api.createApiKey, { body });
  expect(await finish()).toMatchObject({ status: 200 });
  expect(looks).toHaveBeenCalledTimes(3);
  looks.mockRestore();
});

describe('Who is let through just before their rights end', () => {
  const scopeOf = ({ personId }: Joined): Scope => ({
    providerId: world.people.providerId,
    actor: { kind: 'person', personId, name: 'Was an Owner', role: 'owner' },
  });

  test('makes no key that may do more than they may now', async () => {
    const former = await join();
    await demote(former);
    const { providers } = world.context;
    const wish = { name: 'Too late', role: 'owner' } as const;
    await expect(providers.createApiKey(scopeOf(former), wish)).rejects.toMatchObject({
      code: 'permission.missing',
    });
    await remove(former);
    const lesser = { name: 'Too late', role: 'staff' } as const;
    await expect(providers.createApiKey(scopeOf(former), lesser)).rejects.toMatchObject({
      code: 'permission.missing',
    });
    expect(await keyNames()).not.toContain('Too late');
  });

  test('does not lift themselves again, make another an Owner, remove or invite anybody', async () => {
    const [former, accomplice] = [await join(), await join('staff')];
    const { client, personId } = former;
    const late = await behind(former, () => [
      client.refusal(api.changeRole, { params: { personId }, body: { role: 'owner' } }),
      client.refusal(api.changeRole, {
        params: { personId: accomplice.personId },
        body: { role: 'owner' },
      }),
      client.refusal(api.removeMember, { params: { personId: accomplice.personId } }),
      client.refusal(api.invitePerson, {
        body: { email: 'private@elsewhere.example', role: 'owner' },
      }),
      client.refusal(api.createApiKey, { body: { name: 'Too late', role: 'owner' } }),
    ]);
    expect(late.map(({ code }) => code)).toEqual(Array(5).fill('permission.missing'));
    expect(late[0]?.whoMay).toContainEqual({ name: 'Odile Marchand', role: 'Owner' });
    expect([await roleOf(former), await roleOf(accomplice)]).toEqual(['finance', 'staff']);
    expect((await owner.call(api.listInvitations)).items).toEqual([]);
    expect(await keyNames()).not.toContain('Too late');
  });

  test('leaves all the same', async () => {
    const leaver = await join();
    await demote(leaver);
    await leaver.client.call(api.leaveProvider);
    expect(await roleOf(leaver)).toBeUndefined();
  });
});

/** Has acts of somebody wait behind the change that makes their role less, each let through already. */
async function behind<T>(former: Joined, acts: () => Promise<T>[]): Promise<T[]> {
  const { database } = world.context;
  let demoted: Promise<unknown> | undefined;
  let late: Promise<T>[] = [];
  await database.asProvider(world.people.providerId, async (tx) => {
    await sql`select from members for update`.execute(tx);
    demoted = demote(former);
    await expect.poll(() => countWaiting(tx)).toBe(1);
    late = acts();
    await expect.poll(() => countWaiting(tx)).toBe(1 + late.length);
  });
  await demoted;
  return Promise.all(late);
}

/** How many transactions of this database wait for a lock. */
async function countWaiting(tx: Tx): Promise<number> {
  // Who is connected is else told as it was when the transaction asked first.
  await sql`select pg_stat_clear_snapshot()`.execute(tx);
  const { rows } = await sql<{ count: number }>`select count(distinct pid)::int as count
    from pg_locks join pg_stat_activity using (pid)
    where datname = current_database() and not granted`.execute(tx);
  return rows[0]?.count ?? 0;
}
