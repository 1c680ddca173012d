import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { EXPORT_PATH } from '#contract/closing';
import type { Role } from '#contract/permissions';
import type { Client } from '../world/client.ts';
import { comeBack, goThroughXero, xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;

beforeEach(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterEach(() => world.close());

async function begin(client: Client): Promise<string> {
  const { authorizeUrl } = await client.call(api.beginConsent, { body: { app: 'xero' } });
  return authorizeUrl ?? '';
}

/** Xero's answer to an address, as the adviser of the Australian organisation gives it. */
function answerTo(authorizeUrl: string): URL {
  const at = { user: xeroUsers.adviser, organisations: [xeroOrgs.au] };
  return new URL(world.emulator.control.people.consent(authorizeUrl, at));
}

/** A member's role from now on; null: they no longer belong here. */
function giveRole({ personId }: SignedIn, role: Role | null): Promise<void> {
  return world.context.database.asProvider(world.people.providerId, async (tx) => {
    if (role === null) await tx.deleteFrom('members').where('person_id', '=', personId).execute();
    else await tx.updateTable('members').set({ role }).where('person_id', '=', personId).execute();
  });
}

async function closeProvider(): Promise<void> {
  expect((await owner.fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(200);
  await owner.call(api.closeProvider, { body: { name: 'Harbour Training' } });
  await world.settle();
}

async function expectNothingConnected(): Promise<void> {
  await world.settle();
  const states = await world.context.database.asProvider(world.people.providerId, (tx) =>
    tx.selectFrom('connections').select('state').where('state', '!=', 'disconnected').execute(),
  );
  expect(states).toEqual([]);
}

describe('Xero’s answer is not acted on', () => {
  test.each([
    ['was made Staff', 'staff'],
    ['was removed', null],
  ] as const)('when whoever began %s and has signed out meanwhile', async (_, role) => {
    const admin = await world.people.admin();
    const callback = answerTo(await begin(admin)).href;
    await giveRole(admin, role);
    await admin.call(api.signOut);
    expect((await comeBack(admin, callback)).outcome).toBe('wrong-state');
    await expectNothingConnected();
  });

  test('when the provider was closed meanwhile, signed in or out', async () => {
    const callbacks = [answerTo(await begin(owner)), answerTo(await begin(owner))];
    await closeProvider();
    expect((await comeBack(owner, callbacks[0]?.href ?? '')).outcome).toBe('wrong-state');
    await owner.call(api.signOut);
    expect((await comeBack(owner, callbacks[1]?.href ?? '')).outcome).toBe('wrong-state');
    await expectNothingConnected();
  });

  test('when it carries a code that was given to somebody else', async () => {
    const thief = await world.people.admin();
    const stolen = answerTo(await begin(owner)).searchParams.get('code') ?? '';
    const own = answerTo(await begin(thief));
    own.searchParams.set('code', stolen);
    expect((await comeBack(thief, own.href)).outcome).toBe('refused-by-xero');
    await expectNothingConnected();
  });

  test('when it carries the state of another request that is under way in another browser', async () => {
    const [mine, theirs] = [await begin(owner), await begin(await world.people.admin())];
    const crossed = answerTo(mine);
    crossed.searchParams.set('state', answerTo(theirs).searchParams.get('state') ?? '');
    expect((await comeBack(owner, crossed.href)).outcome).toBe('wrong-state');
    await expectNothingConnected();
  });

  test('when it comes to the way back of signing in, and the other way round', async () => {
    const connecting = answerTo(await begin(owner));
    const asked = `/sign-in/xero/callback${connecting.search}`;
    const astray = await world.visitor().fetch(asked);
    expect(astray.headers.get('location')).toBe(`${world.url}/sign-in?xero=expired`);
    const visitor = world.visitor();
    const leaving = (await visitor.fetch('/sign-in/xero')).headers.get('location') ?? '';
    const { search } = new URL(
      world.emulator.control.people.consent(leaving, { user: 'ada.adviser@example.com' }),
    );
    expect((await comeBack(visitor, `/connect/xero/callback${search}`)).outcome).toBe(
      'wrong-state',
    );
    await expectNothingConnected();
  });
});

describe('a link for a colleague', () => {
  test('of a provider that was closed connects nothing, not even from a browser that is at Xero with it', async () => {
    const { url } = await owner.call(api.makeConnectInvitation, { body: { app: 'xero' } });
    const params = { token: url.slice(`${world.url}/connect/`.length) };
    const browser = world.visitor();
    const { authorizeUrl } = await browser.call(api.continueConsent, { params });
    await closeProvider();
    expect((await goThroughXero(world.emulator, browser, authorizeUrl)).outcome).toBe(
      'wrong-state',
    );
    expect(await browser.refusal(api.getInvitation, { params })).toMatchObject({
      code: 'connect-link.ended',
    });
    await expectNothingConnected();
  });
});
