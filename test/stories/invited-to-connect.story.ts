import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { INVITATION_ATTEMPTS_MAX } from '#contract/connect-invitations';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import type { Client } from '../world/client.ts';
import { comeBack, goThroughXero, xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let program: Client;

beforeEach(async () => {
  world = await startWorld();
  program = await world.apiClient('admin');
});
afterEach(() => world.close());

async function invite(): Promise<string> {
  const begun = await program.call(api.beginConsent, { body: { app: 'xero' } });
  expect(begun.authorizeUrl).toBeNull();
  const [, token = ''] = (begun.startUrl ?? '').split(`${world.url}/connect/`);
  return token;
}

describe('a program with a key', () => {
  test('gets an address that any browser can open to carry on', async () => {
    const token = await invite();
    const browser = world.visitor();
    expect(await browser.call(api.getInvitation, { params: { token } })).toEqual({
      providerName: 'Harbour Training',
      askedBy: 'admin key',
      mustSignIn: false,
      appName: 'Xero',
      expiresAt: new Date(world.clock.now().getTime() + 7 * DAY_MS).toISOString(),
    });
    const { authorizeUrl } = await browser.call(api.continueConsent, { params: { token } });
    const landing = await goThroughXero(world.emulator, browser, authorizeUrl, {
      organisations: [xeroOrgs.au],
    });
    expect(landing.path).toBe('/connect/done?outcome=connected');
    const [connection] = (await program.call(api.listApps)).apps[0]?.connections ?? [];
    expect(connection).toMatchObject({
      state: 'active',
      connectedBy: 'admin key',
      xeroPerson: 'Ada Adviser',
    });
  });

  test('chooses among several organisations by itself', async () => {
    const token = await invite();
    const browser = world.visitor();
    const { authorizeUrl } = await browser.call(api.continueConsent, { params: { token } });
    const landing = await goThroughXero(world.emulator, browser, authorizeUrl, {
      organisations: 'all',
    });
    expect(landing.path).toBe('/connect/done?outcome=choose');
    const [connection] = (await program.call(api.listApps)).apps[0]?.connections ?? [];
    if (!connection) throw new Error('Nothing is to be chosen');
    const params = { connectionId: connection.id };
    const body = { xeroOrgId: xeroOrgs.nz };
    expect(await program.call(api.chooseOrganisation, { params, body })).toMatchObject({
      state: 'active',
      organisation: body,
    });
  });

  test('of too small a role is refused', async () => {
    const staff = await world.apiClient('staff');
    const problem = await staff.refusal(api.beginConsent, { body: { app: 'xero' } });
    expect(problem.code).toBe('permission.missing');
  });
});

describe('an invitation', () => {
  test('that was never given out leads nowhere', async () => {
    const params = { token: 'x'.repeat(43) };
    const browser = world.visitor();
    for (const route of [api.getInvitation, api.continueConsent]) {
      expect((await browser.refusal(route, { params })).code).toBe('request.not-found');
    }
  });

  test('works for seven days; each browser that sets out has ten minutes', async () => {
    const token = await invite();
    const browser = world.visitor();
    world.clock.advance(7 * DAY_MS - MINUTE_MS);
    const { authorizeUrl } = await browser.call(api.continueConsent, { params: { token } });
    world.clock.advance(10 * MINUTE_MS);
    const landing = await goThroughXero(world.emulator, browser, authorizeUrl);
    expect(landing.path).toBe('/connect/done?outcome=expired');
    for (const route of [api.getInvitation, api.continueConsent]) {
      const refusal = await browser.refusal(route, { params: { token } });
      expect(refusal).toMatchObject({ status: 410, code: 'connect-link.ended', remedy: 'ask' });
      expect(refusal.detail).toContain('seven days');
    }
  });

  test('may be tried again after someone cancelled or had the wrong sign-in', async () => {
    const token = await invite();
    const browser = world.visitor();
    for (const atXero of [
      { decision: 'cancel' as const },
      { user: xeroUsers.none, organisations: [] },
      { organisations: [xeroOrgs.au] },
    ]) {
      const { authorizeUrl } = await browser.call(api.continueConsent, { params: { token } });
      await goThroughXero(world.emulator, browser, authorizeUrl, atXero);
    }
    const [connection] = (await program.call(api.listApps)).apps[0]?.connections ?? [];
    expect(connection?.state).toBe('active');
    expect((await browser.refusal(api.getInvitation, { params: { token } })).detail).toContain(
      'was used',
    );
  });

  test('ends after ten tries', async () => {
    const token = await invite();
    const browser = world.visitor();
    for (let tries = 0; tries < INVITATION_ATTEMPTS_MAX; tries += 1) {
      await browser.call(api.continueConsent, { params: { token } });
    }
    const refusal = await browser.refusal(api.continueConsent, { params: { token } });
    expect(refusal.detail).toContain('too many times');
  });

  test('of a key that was revoked meanwhile ends with it', async () => {
    const token = await invite();
    const owner = await world.people.owner();
    const { items } = await owner.call(api.listApiKeys);
    for (const { id } of items) {
      await owner.call(api.revokeApiKey, { params: { apiKeyId: id } });
    }
    const refusal = await world.visitor().refusal(api.getInvitation, { params: { token } });
    expect(refusal.code).toBe('connect-link.ended');
  });

  test('belongs to the browser that carried on last', async () => {
    const token = await invite();
    const [first, second] = [world.visitor(), world.visitor()];
    const overtaken = await first.call(api.continueConsent, { params: { token } });
    await second.call(api.continueConsent, { params: { token } });
    const callback = world.emulator.control.people.consent(overtaken.authorizeUrl, {
      user: xeroUsers.adviser,
    });
    expect((await comeBack(first, callback)).path).toBe('/connect/done?outcome=wrong-state');
  });
});
