import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { PersonId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import { DAY_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import type { Client } from '../world/client.ts';
import { PASSWORD, type SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterAll(() => world.close());

/** Invites somebody and reads their mail. */
async function invite(email: string, role: Role = 'staff') {
  const answer = await owner.call(api.invitePerson, { body: { email, role } });
  expect(answer.link).toBe(null);
  await world.settle();
  const mail = world.mailbox.to(email.toLowerCase()).at(-1);
  const link = /\S+\/invitation\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
  return { token: link.split('/').at(-1) ?? '', link, invitation: answer.invitation };
}

async function join(email: string, role: Role): Promise<{ client: Client; personId: PersonId }> {
  const wish = { email, name: `Person ${email}`, role, password: PASSWORD };
  const scope = ownScope(world.people.providerId);
  const { personId } = await world.context.providers.addPerson(scope, wish);
  const client = world.visitor();
  await client.signIn(email, PASSWORD);
  return { client, personId };
}

async function kindsAbout(kind: string, id: string): Promise<string[]> {
  const scope = ownScope(world.people.providerId);
  const logged = await world.context.database.asProvider(scope.providerId, (tx) =>
    world.context.events.of(tx, scope, { kind, id }, { limit: 20 }),
  );
  return logged.map(({ event }) => event.kind);
}

describe('an invitation', () => {
  test('lets someone new in who gives a name and a password, once', async () => {
    const { token, link, invitation } = await invite('New.Hand@harbour.example', 'finance');
    expect(link).toBe(`${world.url}/invitation/${token}`);
    const visitor = world.visitor();
    const params = { token };
    expect(await visitor.call(api.readMemberInvitation, { params })).toMatchObject({
      providerName: 'Harbour Training',
      email: 'new.hand@harbour.example',
      role: 'finance',
      invitedBy: 'Odile Marchand',
      reader: 'nobody',
      isKnown: false,
    });
    expect(await visitor.refusal(api.acceptInvitation, { params, body: {} })).toMatchObject({
      code: 'request.invalid',
      fields: [{ field: 'name' }, { field: 'password' }],
    });
    const body = { name: 'Nora Hand', password: 'a password of mine' };
    await visitor.call(api.acceptInvitation, { params, body });
    expect(await visitor.call(api.me)).toMatchObject({ name: 'Nora Hand', role: 'finance' });
    const again = await world.visitor().refusal(api.acceptInvitation, { params, body });
    expect(again).toMatchObject({ code: 'invitation.ended' });
    const open = await owner.call(api.listInvitations);
    expect(open.items.map(({ id }) => id)).not.toContain(invitation.id);
    expect(await kindsAbout('invitation', invitation.id)).toEqual(['member.invited']);
  });

  test('opens no account that exists to whoever holds the link', async () => {
    const neighbour = await world.neighbours.staff();
    const { token } = await invite(neighbour.email);
    const params = { token };
    const stranger = world.visitor();
    expect(await stranger.call(api.readMemberInvitation, { params })).toMatchObject({
      reader: 'nobody',
      isKnown: true,
    });
    const body = { name: 'Not me', password: 'a password of mine' };
    expect(await stranger.refusal(api.acceptInvitation, { params, body })).toMatchObject({
      code: 'invitation.sign-in-first',
    });
    const other = await world.people.staff();
    expect(await other.refusal(api.acceptInvitation, { params, body: {} })).toMatchObject({
      code: 'invitation.other-person',
    });
    await neighbour.call(api.acceptInvitation, { params, body: {} });
    const me = await neighbour.workingFor(world.people.providerId).call(api.me);
    expect(me).toMatchObject({ role: 'staff', name: neighbour.name });
    expect(me.memberships).toHaveLength(2);
  });

  test('ends after seven days, when it is taken back, and when a newer one is sent', async () => {
    const first = await invite('slow@harbour.example');
    const second = await invite('slow@harbour.example', 'admin');
    const visitor = world.visitor();
    const read = (token: string) =>
      visitor.refusal(api.readMemberInvitation, { params: { token } });
    expect(await read(first.token)).toMatchObject({ code: 'invitation.ended', status: 410 });
    const params = { memberInvitationId: second.invitation.id };
    await owner.call(api.revokeMemberInvitation, { params });
    expect(await read(second.token)).toMatchObject({ code: 'invitation.ended' });
    expect(await owner.refusal(api.revokeMemberInvitation, { params })).toMatchObject({
      status: 404,
    });
    const atOnce = await Promise.all(
      Array.from({ length: 8 }, () => invite('at.once@harbour.example')),
    );
    const { items: open } = await owner.call(api.listInvitations);
    const ids = atOnce.map(({ invitation }) => invitation.id);
    expect(open.filter(({ id, hasEnded }) => ids.includes(id) && !hasEnded)).toHaveLength(1);
    const third = await invite('slow@harbour.example');
    world.clock.advance(7 * DAY_MS);
    expect(await read(third.token)).toMatchObject({ code: 'invitation.ended' });
    expect(await read('A'.repeat(43))).toMatchObject({ code: 'invitation.ended' });
    const { items } = await owner.call(api.listInvitations);
    expect(items.find(({ id }) => id === third.invitation.id)).toMatchObject({ hasEnded: true });
  });

  test('is refused for someone who works here', async () => {
    const staff = await world.people.staff();
    const body = { email: staff.email.toUpperCase(), role: 'admin' as const };
    expect(await owner.refusal(api.invitePerson, { body })).toMatchObject({ code: 'member.known' });
  });

  test('keeps its link out of the database and of later answers', async () => {
    const { token } = await invite('secret@harbour.example');
    const rows = await world.context.database.asSystem((tx) =>
      tx.selectFrom('member_invitations').selectAll().execute(),
    );
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(await owner.call(api.listInvitations))).not.toContain(token);
  });
});

describe('a role', () => {
  test('changes what somebody may do at once', async () => {
    const { client, personId } = await join('riser@harbour.example', 'staff');
    expect(await client.refusal(api.listApiKeys)).toMatchObject({ code: 'permission.missing' });
    const params = { personId };
    await owner.call(api.changeRole, { params, body: { role: 'admin' } });
    await client.call(api.listApiKeys);
    expect(await kindsAbout('person', personId)).toContain('member.role-changed');
    const unknown = { personId: 'nobody' as PersonId };
    expect(
      await owner.refusal(api.changeRole, { params: unknown, body: { role: 'staff' } }),
    ).toMatchObject({ status: 404 });
  });

  test('of another provider’s people is out of reach', async () => {
    const neighbour = await world.neighbours.owner();
    const params = { personId: neighbour.personId };
    expect(await owner.refusal(api.changeRole, { params, body: { role: 'staff' } })).toMatchObject({
      status: 404,
    });
    expect(await owner.refusal(api.removeMember, { params })).toMatchObject({ status: 404 });
  });
});

describe('leaving', () => {
  test('closes the door, and names the API keys that stay', async () => {
    const { client, personId } = await join('leaver@harbour.example', 'admin');
    const wish = { name: 'Timetable', role: 'staff' as const };
    await client.call(api.createApiKey, { body: wish });
    const gone = await owner.call(api.removeMember, { params: { personId } });
    expect(gone).toEqual({ apiKeys: ['Timetable'], revokedKeys: [] });
    expect(await client.refusal(api.me)).toMatchObject({ code: 'session.no-provider' });
    const { items } = await owner.call(api.listApiKeys);
    expect(items.map(({ name }) => name)).toContain('Timetable');
    expect(await kindsAbout('person', personId)).toContain('member.removed');
  });

  test('is open to everyone but the last Owner', async () => {
    const { client, personId } = await join('walker@harbour.example', 'staff');
    expect(await client.call(api.leaveProvider)).toEqual({ apiKeys: [], revokedKeys: [] });
    expect(await kindsAbout('person', personId)).toContain('member.left');
    const last = { code: 'member.last-owner' };
    expect(await owner.refusal(api.leaveProvider)).toMatchObject(last);
    const params = { personId: owner.personId };
    expect(await owner.refusal(api.removeMember, { params })).toMatchObject(last);
    expect(await owner.refusal(api.changeRole, { params, body: { role: 'admin' } })).toMatchObject(
      last,
    );
  });

  test('leaves one Owner when two of them go at the same moment', async () => {
    const second = await join('second@harbour.example', 'owner');
    const third = await join('third@harbour.example', 'owner');
    await owner.call(api.removeMember, { params: { personId: third.personId } });
    const answers = await Promise.all([
      second.client.fetch(api.leaveProvider.path, { method: 'POST' }),
      owner.fetch(api.leaveProvider.path, { method: 'POST' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('is nothing that an API key can do', async () => {
    const program = await world.apiClient('staff');
    expect(await program.refusal(api.leaveProvider)).toMatchObject({
      code: 'sign-in.person-only',
    });
  });
});

test('an invitation’s link is for whoever reads the mail; the inviter sees it only where none is sent', async () => {
  const silent = await startWorld({ hasMailServer: false });
  try {
    const body = { email: 'by.hand@harbour.example', role: 'staff' } as const;
    const { link } = await (await silent.people.owner()).call(api.invitePerson, { body });
    const token = link?.split('/invitation/')[1] ?? '';
    const shown = await silent.visitor().call(api.readMemberInvitation, { params: { token } });
    expect(shown.email).toBe(body.email);
  } finally {
    await silent.close();
  }
});
