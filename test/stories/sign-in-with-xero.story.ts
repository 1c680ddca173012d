import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { ownScope } from '#platform/scope';
import type { Client } from '../world/client.ts';
import { xeroUsers } from '../world/connect-xero.ts';
import { PASSWORD } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Opens an address of ours that leads to Xero; answers Xero's address. */
async function depart(client: Client, path: string): Promise<string> {
  const answer = await client.fetch(path);
  expect(answer.status).toBe(302);
  return answer.headers.get('location') ?? '';
}

/** Comes back from Xero; answers where the browser stands then. */
async function comeBack(client: Client, callback: string): Promise<string> {
  const answer = await client.fetch(callback);
  expect(answer.status).toBe(302);
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const { pathname, search } = new URL(answer.headers.get('location') ?? '');
  return `${pathname}${search}`;
}

async function throughXero(
  client: Client,
  path: string,
  user: string,
  decision: 'allow' | 'cancel' = 'allow',
): Promise<string> {
  const authorizeUrl = await depart(client, path);
  return comeBack(client, world.emulator.control.people.consent(authorizeUrl, { user, decision }));
}

async function tieAs(client: Client, user: string, password = PASSWORD): Promise<string> {
  const { authorizeUrl } = await client.call(api.beginXeroTie, { body: { password } });
  return comeBack(client, world.emulator.control.people.consent(authorizeUrl, { user }));
}

describe('signing up with Xero', () => {
  test('asks for who somebody is, and for nothing of any organisation', async () => {
    const url = new URL(await depart(world.visitor(), '/sign-up/xero'));
    expect(url.searchParams.get('scope')).toBe('openid profile email');
    expect(url.searchParams.get('nonce')).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('redirect_uri')).toBe(`${world.url}/sign-in/xero/callback`);
  });

  test('prefills the form; once confirmed there are a provider and its Owner; next time they come straight in', async () => {
    const visitor = world.visitor();
    expect(await throughXero(visitor, '/sign-up/xero', xeroUsers.adviser)).toBe('/sign-up/details');
    const said = await visitor.call(api.readXeroSignUp);
    expect(said).toEqual({ name: 'Ada Adviser', email: xeroUsers.adviser });
    expect(await visitor.refusal(api.me)).toMatchObject({ code: 'session.missing' });
    const body = { name: said.name, providerName: 'Tide Skills', country: 'NZ' };
    await visitor.call(api.finishXeroSignUp, { body });
    const me = await visitor.call(api.me);
    expect(me).toMatchObject({
      name: 'Ada Adviser',
      email: xeroUsers.adviser,
      role: 'owner',
      provider: { name: 'Tide Skills', country: 'NZ' },
      secondFactor: { policy: 'required', isStrong: false },
    });
    expect(await visitor.refusal(api.finishXeroSignUp, { body })).toMatchObject({
      code: 'sign-up.ended',
    });
    for (const path of ['/sign-in/xero?next=%2Finvoices', '/sign-up/xero?next=%2Finvoices']) {
      const later = world.visitor();
      const landing = await throughXero(later, path, xeroUsers.adviser);
      expect(landing).toBe(path.startsWith('/sign-in') ? '/invoices' : '/');
      expect(await later.call(api.me)).toMatchObject({ provider: { id: me.provider.id } });
    }
    const all = await world.context.providers.list(100);
    expect(all.filter(({ name }) => name === 'Tide Skills')).toHaveLength(1);
  });

  test('keeps its only way in until there is a password', async () => {
    const ada = world.visitor();
    await throughXero(ada, '/sign-in/xero', xeroUsers.adviser);
    expect(await ada.call(api.security)).toMatchObject({
      hasPassword: false,
      xero: { isOffered: true, isTied: true },
    });
    expect(await ada.refusal(api.untieXero)).toMatchObject({ code: 'sign-in.last-way' });
    const password = 'a password of mine';
    await ada.call(api.changePassword, { body: { password } });
    await ada.call(api.untieXero);
    expect(await ada.refusal(api.untieXero)).toMatchObject({ status: 404 });
    expect(await throughXero(world.visitor(), '/sign-in/xero', xeroUsers.adviser)).toBe(
      '/sign-in?xero=email-known',
    );
    expect(await tieAs(ada, xeroUsers.adviser, password)).toBe('/settings/security?xero=tied');
  });
});

describe('signing in with Xero', () => {
  test('never joins accounts by e-mail: the person ties Xero themselves, signed in', async () => {
    const email = xeroUsers.single;
    const wish = { email, name: 'Sam Here', role: 'staff' as const, password: PASSWORD };
    const scope = ownScope(world.people.providerId);
    const { personId } = await world.context.providers.addPerson(scope, wish);
    for (const path of ['/sign-in/xero', '/sign-up/xero']) {
      const visitor = world.visitor();
      expect(await throughXero(visitor, path, email)).toBe('/sign-in?xero=email-known');
      expect(await visitor.refusal(api.me)).toMatchObject({ code: 'session.missing' });
    }
    const sam = world.visitor();
    await sam.signIn(email, PASSWORD);
    expect(await tieAs(sam, email)).toBe('/settings/security?xero=tied');
    const later = world.visitor();
    expect(await throughXero(later, '/sign-in/xero', email)).toBe('/');
    expect(await later.call(api.me)).toMatchObject({ name: 'Sam Here' });
    const logged = await world.context.database.asProvider(scope.providerId, (tx) =>
      world.context.events.of(tx, scope, { kind: 'person', id: personId }, { limit: 10 }),
    );
    expect(logged.map(({ event }) => event.kind)).toContain('xero-sign-in.tied');
    const other = await world.people.finance();
    expect(await tieAs(other, email)).toBe('/settings/security?xero=taken');
  });

  test('tells who is unknown, cancelled or late what to do', async () => {
    const unknown = world.visitor();
    expect(await throughXero(unknown, '/sign-in/xero', xeroUsers.none)).toBe(
      '/sign-in?xero=unknown',
    );
    expect(await throughXero(unknown, '/sign-in/xero', xeroUsers.none, 'cancel')).toBe(
      '/sign-in?xero=cancelled',
    );
    const authorizeUrl = await depart(unknown, '/sign-in/xero');
    const callback = world.emulator.control.people.consent(authorizeUrl, {
      user: xeroUsers.none,
    });
    world.clock.advance(10 * 60_000);
    expect(await comeBack(unknown, callback)).toBe('/sign-in?xero=expired');
  });

  test('takes an answer only in the browser that asked, and only once', async () => {
    const asker = world.visitor();
    const authorizeUrl = await depart(asker, '/sign-in/xero');
    const callback = world.emulator.control.people.consent(authorizeUrl, {
      user: xeroUsers.single,
    });
    expect(await comeBack(world.visitor(), callback)).toBe('/sign-in?xero=expired');
    const other = world.visitor();
    await depart(other, '/sign-in/xero');
    expect(await comeBack(other, callback)).toBe('/sign-in?xero=failed');
    expect(await comeBack(asker, callback)).toBe('/');
    expect(await comeBack(asker, callback)).toBe('/sign-in?xero=expired');
  });

  test('goes nowhere but to our own pages', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'evil']) {
      const visitor = world.visitor();
      const path = `/sign-in/xero?${new URLSearchParams({ next })}`;
      expect(await throughXero(visitor, path, xeroUsers.single)).toBe('/');
    }
  });

  test('leaves the connection to Xero as it is', async () => {
    const owner = await world.people.owner();
    await world.connectXero(owner, { user: xeroUsers.adviser });
    await world.settle();
    await throughXero(world.visitor(), '/sign-in/xero', xeroUsers.adviser);
    await world.pass(60 * 60_000);
    const { apps } = await owner.call(api.listApps);
    const states = apps.flatMap(({ connections }) => connections.map(({ state }) => state));
    expect(states).toEqual(['active']);
  });
});

test('without a Xero app there is no way in by Xero, and nothing offers it', async () => {
  const bare = await startWorld({ hasXeroApp: false, signUp: 'closed' });
  try {
    const visitor = bare.visitor();
    expect(await visitor.call(api.signInOptions)).toMatchObject({ xero: false, signUp: false });
    for (const path of ['/sign-in/xero', '/sign-up/xero']) {
      const answer = await visitor.fetch(path);
      expect(answer.headers.get('location')).toBe(`${bare.url}/sign-in`);
    }
    expect(await visitor.refusal(api.readXeroSignUp)).toMatchObject({ code: 'sign-up.ended' });
  } finally {
    await bare.close();
  }
});
