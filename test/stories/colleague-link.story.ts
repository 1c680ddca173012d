import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Client } from '../world/client.ts';
import { typeCommand } from '../world/command-line.ts';
import { goThroughXero, type Landing, xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;

beforeEach(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterEach(() => world.close());

async function makeLink(client: Client = owner) {
  const { invitation, url } = await client.call(api.makeConnectInvitation, {
    body: { app: 'xero' },
  });
  return { invitation, url, token: url.slice(`${world.url}/connect/`.length) };
}

/** Opens a link in a browser of somebody without an account, and goes on to Xero. */
async function follow(token: string, atXero: Parameters<typeof goThroughXero>[3] = {}) {
  const browser = world.visitor();
  const { authorizeUrl } = await browser.call(api.continueConsent, { params: { token } });
  return goThroughXero(world.emulator, browser, authorizeUrl, atXero);
}

async function links(client: Client = owner) {
  return (await client.call(api.listConnectInvitations)).invitations;
}

async function xeroConnections() {
  const { apps } = await owner.call(api.listApps);
  return apps.find(({ key }) => key === 'xero')?.connections ?? [];
}

describe('when my Xero sign-in can connect nothing', () => {
  test('a colleague finishes it with theirs, without an account here, and it says who', async () => {
    const mine = await world.connectXero(owner, { user: xeroUsers.none, organisations: [] });
    expect(mine.outcome).toBe('no-organisation');
    const { token } = await makeLink();
    expect(await links()).toMatchObject([{ state: 'open', askedBy: owner.name, attempts: 0 }]);
    const landing: Landing = await follow(token, { organisations: [xeroOrgs.au] });
    expect(landing.path).toBe('/connect/done?outcome=connected');
    expect(await xeroConnections()).toMatchObject([
      { state: 'active', connectedBy: owner.name, xeroPerson: 'Ada Adviser' },
    ]);
    expect(await links()).toMatchObject([
      { state: 'used', attempts: 1, lastOutcome: 'connected', lastPerson: 'Ada Adviser' },
    ]);
    await world.settle();
    expect(world.mailbox.to(owner.email)).toMatchObject([
      { subject: 'Xero is connected to Harbour Training' },
    ]);
    expect(world.mailbox.to(owner.email)[0]?.text).toContain('Ada Adviser opened the link');
  });

  test('what is worth a look is decided here, not by the colleague', async () => {
    const { token } = await makeLink();
    const landing = await follow(token, { organisations: [xeroOrgs.nz] });
    expect(landing.path).toBe('/connect/done?outcome=choose');
    expect(await links()).toMatchObject([{ state: 'used', lastOutcome: 'choose' }]);
    await world.settle();
    expect(world.mailbox.to(owner.email)).toMatchObject([
      { subject: 'Xero waits for your choice' },
    ]);
    const [connection] = await xeroConnections();
    if (!connection) throw new Error('Something is to be chosen');
    expect(connection.state).toBe('choosing');
    const params = { connectionId: connection.id };
    const body = { xeroOrgId: xeroOrgs.nz };
    expect(await owner.call(api.chooseOrganisation, { params, body })).toMatchObject({
      state: 'active',
      xeroPerson: 'Ada Adviser',
    });
  });

  test('the link says what went wrong at each try', async () => {
    const { token } = await makeLink();
    await follow(token, { user: xeroUsers.none, organisations: [] });
    expect(await links()).toMatchObject([
      { state: 'open', attempts: 1, lastOutcome: 'no-organisation', lastPerson: 'Nora None' },
    ]);
  });
});

describe('a link', () => {
  test('is sent by e-mail to the same address once', async () => {
    const { invitation, url } = await makeLink();
    const params = { invitationId: invitation.id };
    const body = { url, email: 'ada.adviser@example.com' };
    for (let times = 0; times < 2; times += 1) {
      const sent = await owner.call(api.sendConnectInvitation, { params, body });
      expect(sent.sentTo).toBe(body.email);
    }
    const mails = await world.context.database.asProvider(world.people.providerId, (tx) =>
      tx.selectFrom('mails').select(['recipients', 'subject', 'text']).execute(),
    );
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      recipients: [body.email],
      subject: 'Harbour Training asks you to connect Xero',
    });
    expect(mails[0]?.text).toContain(url);
    expect(mails[0]?.text).toContain(owner.name);
    const foreign = { url: `${world.url}/connect/${'x'.repeat(43)}`, email: body.email };
    const refusal = await owner.refusal(api.sendConnectInvitation, { params, body: foreign });
    expect(refusal.code).toBe('request.not-found');
  });

  test('that was taken back ends at once, also for a browser that is at Xero with it', async () => {
    const { invitation, token } = await makeLink();
    const browser = world.visitor();
    const { authorizeUrl } = await browser.call(api.continueConsent, { params: { token } });
    const params = { invitationId: invitation.id };
    for (let times = 0; times < 2; times += 1) {
      await owner.call(api.revokeConnectInvitation, { params });
    }
    const landing = await goThroughXero(world.emulator, browser, authorizeUrl);
    expect(landing.outcome).toBe('wrong-state');
    const refusal = await browser.refusal(api.getInvitation, { params: { token } });
    expect(refusal).toMatchObject({ code: 'connect-link.ended' });
    expect(refusal.detail).toContain('taken back');
    await world.settle();
    expect(await xeroConnections()).toEqual([]);
    expect(await links()).toMatchObject([{ state: 'revoked' }]);
  });

  test('ends with the right of whoever made it', async () => {
    const admin = await world.people.admin();
    const { token } = await makeLink(admin);
    const browser = world.visitor();
    const { authorizeUrl } = await browser.call(api.continueConsent, { params: { token } });
    await world.context.database.asProvider(world.people.providerId, (tx) =>
      tx
        .updateTable('members')
        .set({ role: 'staff' })
        .where('person_id', '=', admin.personId)
        .execute(),
    );
    const landing = await goThroughXero(world.emulator, browser, authorizeUrl);
    expect(landing.outcome).toBe('wrong-state');
    const refusal = await browser.refusal(api.getInvitation, { params: { token } });
    expect(refusal.detail).toContain('may no longer connect');
  });

  test('is made by Owners and Admins only, and seen by nobody of another provider', async () => {
    for (const person of [await world.people.staff(), await world.people.finance()]) {
      const problem = await person.refusal(api.makeConnectInvitation, { body: { app: 'xero' } });
      expect(problem.code).toBe('permission.missing');
      expect((await person.refusal(api.listConnectInvitations)).code).toBe('permission.missing');
    }
    const { invitation, url } = await makeLink();
    const neighbour = await world.neighbours.owner();
    expect(await links(neighbour)).toEqual([]);
    const params = { invitationId: invitation.id };
    const body = { url, email: 'eve@example.com' };
    const refusals = [
      await neighbour.refusal(api.sendConnectInvitation, { params, body }),
      await neighbour.refusal(api.revokeConnectInvitation, { params }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual(['request.not-found', 'request.not-found']);
    expect(await links()).toMatchObject([{ state: 'open', sentTo: null }]);
  });

  test('is not made for nothing: while Xero is connected another one has to be wanted', async () => {
    await world.connectXero(owner);
    const wish = { app: 'xero' as const };
    const problem = await owner.refusal(api.makeConnectInvitation, { body: wish });
    expect(problem.code).toBe('connection.already-connected');
    const { url } = await owner.call(api.makeConnectInvitation, {
      body: { ...wish, another: true },
    });
    const landing = await follow(url.slice(`${world.url}/connect/`.length), {
      user: xeroUsers.single,
    });
    expect(landing.path).toBe('/connect/done?outcome=choose');
  });
});

describe('a provider that keeps its links to its own people', () => {
  beforeEach(async () => {
    const set = ['--provider', 'Harbour Training', '--colleague-links'];
    const told = await typeCommand(world, 'provider', 'set', ...set, 'members');
    expect(told).toMatchObject({ code: 0 });
    expect(told.out).toContain('only for people who belong to it');
    const wrong = await typeCommand(world, 'provider', 'set', ...set, 'nobody');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain('anybody or members, not “nobody”');
  });

  test('asks whoever follows one to sign in as a person of it first', async () => {
    const { url, token } = await makeLink();
    const params = { token };
    const stranger = await world.neighbours.owner();
    for (const browser of [world.visitor(), stranger]) {
      expect(await browser.call(api.getInvitation, { params })).toMatchObject({ mustSignIn: true });
      const refusal = await browser.refusal(api.continueConsent, { params });
      expect(refusal).toMatchObject({ code: 'connect-link.members-only', remedy: 'sign-in' });
      expect(refusal.detail).toContain('Harbour Training');
    }
    expect(await links()).toMatchObject([{ state: 'open', attempts: 0 }]);

    const finance = await world.people.finance();
    expect(await finance.call(api.getInvitation, { params })).toMatchObject({ mustSignIn: false });
    const { authorizeUrl } = await finance.call(api.continueConsent, { params });
    const landing = await goThroughXero(world.emulator, finance, authorizeUrl);
    expect(landing.path).toBe('/connect/done?outcome=connected');
    expect(url).toContain(token);
  });

  test('says so where links are made and sent, and in the log', async () => {
    const { invitation, url } = await makeLink();
    expect(await owner.call(api.listConnectInvitations)).toMatchObject({ openTo: 'members' });
    const body = { url, email: 'ada.adviser@example.com' };
    await owner.call(api.sendConnectInvitation, { params: { invitationId: invitation.id }, body });
    await world.settle();
    expect(world.mailbox.to(body.email)[0]?.text).toContain('you sign in to Bursar first');
    expect(world.mailbox.to(body.email)[0]?.text).not.toContain('no account');
    const { items } = await owner.call(api.listAudit);
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'connection.link-policy-set',
        facts: [{ name: 'Policy', value: 'members' }],
      }),
    );
  });

  test('and opens them to anybody again, and no other provider is touched', async () => {
    const { token } = await makeLink();
    const neighbour = await world.neighbours.owner();
    expect(await neighbour.call(api.listConnectInvitations)).toMatchObject({ openTo: 'anybody' });
    const set = ['--provider', 'Harbour Training', '--colleague-links', 'anybody'];
    expect(await typeCommand(world, 'provider', 'set', ...set)).toMatchObject({ code: 0 });
    expect((await follow(token)).path).toBe('/connect/done?outcome=connected');
  });
});
