import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { PersonId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import { ownScope } from '#platform/scope';
import { type Client, createClient } from '../world/client.ts';
import { PASSWORD, type SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;
beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterAll(() => world.close());

async function join(name: string): Promise<{ client: Client; personId: PersonId }> {
  const email = `${name}@harbour.example`;
  const scope = ownScope(world.people.providerId);
  const wish = { email, name, role: 'owner' as const, password: PASSWORD };
  const { personId } = await world.context.providers.addPerson(scope, wish);
  const client = world.visitor();
  await client.signIn(email, PASSWORD);
  return { client, personId };
}

async function invite(by: Client, email: string): Promise<string> {
  await by.call(api.invitePerson, { body: { email, role: 'owner' } });
  await world.settle();
  const text = world.mailbox.to(email).at(-1)?.text ?? '';
  return /\/invitation\/(\S+)/.exec(text)?.[1] ?? '';
}

async function withKey(by: Client, name: string, role: Role): Promise<Client> {
  const { key } = await by.call(api.createApiKey, { body: { name, role } });
  return createClient(world.url, { key });
}

const readRefusal = (token: string) =>
  world.visitor().refusal(api.readMemberInvitation, { params: { token } });

describe('An Owner who is removed', () => {
  test('comes back by no invitation of their own, nor by one a key of theirs has sent', async () => {
    const { client, personId } = await join('remi');
    const mine = await invite(client, 'remi.private@elsewhere.example');
    const key = await withKey(client, 'Backstairs', 'owner');
    const byKey = await invite(key, 'remi.other@elsewhere.example');
    const others = await invite(owner, 'welcome@elsewhere.example');
    await owner.call(api.removeMember, { params: { personId } });
    expect(await readRefusal(mine)).toMatchObject({ code: 'invitation.ended' });
    expect(await readRefusal(byKey)).toMatchObject({ code: 'invitation.ended' });
    const params = { token: others };
    expect(await world.visitor().call(api.readMemberInvitation, { params })).toMatchObject({
      role: 'owner',
    });
    expect(
      await client.refusal(api.acceptInvitation, { params: { token: mine }, body: {} }),
    ).toMatchObject({
      code: 'invitation.ended',
    });
  });

  test('acts on by no key of theirs that may do more than Staff; the others are named', async () => {
    const { client, personId } = await join('kim');
    const strong = await withKey(client, 'Reports', 'finance');
    const made = await withKey(client, 'Maker', 'owner');
    const grandchild = await withKey(made, 'Grandchild', 'owner');
    const weak = await withKey(client, 'Timetable', 'staff');
    await strong.call(api.listLearners, { query: {} });
    expect(await owner.call(api.removeMember, { params: { personId } })).toEqual({
      apiKeys: ['Timetable'],
      revokedKeys: ['Grandchild', 'Maker', 'Reports'],
    });
    for (const key of [strong, made, grandchild]) {
      expect(await key.refusal(api.listLearners, { query: {} })).toMatchObject({ status: 401 });
    }
    await weak.call(api.listLearners, { query: {} });
  });
});

describe('Somebody whose role becomes less', () => {
  test('keeps the keys that may do no more than they may now', async () => {
    const { client, personId } = await join('dana');
    const strong = await withKey(client, 'Back to the top', 'owner');
    const books = await withKey(client, 'Books', 'finance');
    const token = await invite(client, 'dana.private@elsewhere.example');
    const params = { personId };
    expect(await owner.call(api.changeRole, { params, body: { role: 'finance' } })).toEqual({
      apiKeys: ['Books'],
      revokedKeys: ['Back to the top'],
    });
    expect(await strong.refusal(api.changeRole, { params, body: { role: 'owner' } })).toMatchObject(
      { status: 401 },
    );
    await books.call(api.listLearners, { query: {} });
    expect(await readRefusal(token)).toMatchObject({ code: 'invitation.ended' });
  });
});
