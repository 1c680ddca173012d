import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import { DAY_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import type { Client } from '../world/client.ts';
import { typeCommand } from '../world/command-line.ts';
import { xeroUsers } from '../world/connect-xero.ts';
import { createPasskeyDevice } from '../world/passkey-device.ts';
import { PASSWORD } from '../world/people.ts';
import { signUp, throughXero, tieXero } from '../world/through-xero.ts';
import { startWorld, type World } from '../world/world.ts';

const NEW_PASSWORD = 'quite another harbour';

let world: World;

beforeAll(async () => {
  // The age of a session goes by the machine's clock.
  vi.useFakeTimers({ toFake: ['Date'] });
  world = await startWorld();
});
afterAll(async () => {
  await world.close();
  vi.useRealTimers();
});

let people = 0;
async function newPerson(): Promise<{ email: string; client: Client }> {
  people += 1;
  const email = `person${people}@harbour.example`;
  const wish = { email, name: `Person ${people}`, role: 'admin' as const, password: PASSWORD };
  await world.context.providers.addPerson(ownScope(world.people.providerId), wish);
  const client = world.visitor();
  await client.signIn(email, PASSWORD);
  return { email, client };
}

function makeOld(): void {
  vi.setSystemTime(Date.now() + DAY_MS);
}

async function askForLinks(email: string): Promise<[string, string]> {
  world.mailbox.empty();
  for (let n = 0; n < 2; n += 1) {
    await world.visitor().call(api.forgotPassword, { body: { email } });
    await world.settle();
  }
  const texts = world.mailbox.to(email).map(({ text }) => text);
  const tokens = texts.flatMap((text) => /\/new-password\/(\S+)/.exec(text)?.[1] ?? []);
  const [first = '', second = ''] = tokens;
  expect(second).not.toBe('');
  return [first, second];
}

async function expectEnded(token: string): Promise<void> {
  const body = { token, password: 'a third harbour here' };
  expect(await world.visitor().refusal(api.resetPassword, { body })).toMatchObject({
    code: 'password.link-ended',
  });
}

describe('tying a sign-in at Xero', () => {
  test('asks for the password, and guesses at it are bounded', async () => {
    const { client } = await newPerson();
    for (const body of [{}, { password: 'not it at all' }]) {
      expect(await client.refusal(api.beginXeroTie, { body })).toMatchObject({
        code: 'sign-in.password-wrong',
      });
    }
    for (let n = 0; n < 8; n += 1) {
      await client.refusal(api.beginXeroTie, { body: { password: `guess number ${n}` } });
    }
    const right = { password: PASSWORD };
    expect(await client.refusal(api.beginXeroTie, { body: right })).toMatchObject({
      code: 'session.too-many-attempts',
    });
  });

  test('asks for a sign-in of today, with the password too', async () => {
    const { client } = await newPerson();
    makeOld();
    const body = { password: PASSWORD };
    expect(await client.refusal(api.beginXeroTie, { body })).toMatchObject({
      code: 'sign-in.too-old',
    });
    expect(await client.call(api.me)).toMatchObject({ kind: 'person' });
  });

  test('is told by mail, and so is a new passkey', async () => {
    const { client, email } = await newPerson();
    expect(await tieXero(world, client, xeroUsers.single, PASSWORD)).toBe(
      '/settings/security?xero=tied',
    );
    await createPasskeyDevice().add(client, 'Desk');
    await world.settle();
    const mails = world.mailbox.to(email);
    expect(mails.map(({ subject }) => subject).sort()).toEqual([
      'A passkey was added to your sign-in at Bursar',
      'Your sign-in at Bursar was tied to Xero',
    ]);
    for (const { text } of mails) expect(text).toContain('If it was not you');
    expect(mails.map(({ text }) => text).join()).toContain('“Desk”');
  });
});

test('by a session that was left open nobody gets a first password or an app; a first password ends links', async () => {
  const client = world.visitor();
  await signUp(world, client, xeroUsers.adviser, 'Tide Skills');
  makeOld();
  const body = { password: NEW_PASSWORD };
  expect(await client.refusal(api.changePassword, { body })).toMatchObject({
    code: 'sign-in.too-old',
  });
  expect(await client.refusal(api.beginAuthenticator, { body: {} })).toMatchObject({
    code: 'sign-in.too-old',
  });
  const fresh = world.visitor();
  await throughXero(world, fresh, '/sign-in/xero', xeroUsers.adviser);
  const [link] = await askForLinks(xeroUsers.adviser);
  await fresh.call(api.changePassword, { body });
  await expectEnded(link);
});

describe('taking somebody’s second factors away', () => {
  test('takes the sign-in with Xero away too', async () => {
    const { client, email } = await newPerson();
    const user = xeroUsers.readOnly;
    await tieXero(world, client, user, PASSWORD);
    const told = await typeCommand(world, 'person', 'reset-second-factor', '--email', email);
    expect(told.out).toContain('the sign-in with Xero are gone, and every session has ended.');
    expect(told.out).toContain(`${email} signs in by password alone now.`);
    expect(await throughXero(world, world.visitor(), '/sign-in/xero', user)).toBe(
      '/sign-in?xero=unknown',
    );
  });

  test('says so where no way in is left', async () => {
    const client = world.visitor();
    const email = xeroUsers.none;
    await signUp(world, client, email, 'Nora Skills');
    const told = await typeCommand(world, 'person', 'reset-second-factor', '--email', email);
    expect(told.out).toContain(`${email} has no password yet`);
    const person = ['person', 'create', '--email', email, '--name', 'Nora', '--role', 'owner'];
    const given = await typeCommand(world, ...person, '--provider', 'Nora Skills', '--json');
    const { password } = JSON.parse(given.out);
    await world.visitor().signIn(email, password);
  });
});

describe('links for a new password', () => {
  test('all end when one of them is used', async () => {
    const [{ email }, other] = [await newPerson(), await newPerson()];
    const [first, second] = await askForLinks(email);
    const [, ofOther] = await askForLinks(other.email);
    await world.visitor().call(api.resetPassword, { body: { token: second, password: PASSWORD } });
    await expectEnded(first);
    const body = { token: ofOther, password: NEW_PASSWORD };
    await world.visitor().call(api.resetPassword, { body });
  });

  test('all end when the password is changed', async () => {
    const { client, email } = await newPerson();
    const [first, second] = await askForLinks(email);
    await client.call(api.changePassword, { body: { current: PASSWORD, password: NEW_PASSWORD } });
    await expectEnded(first);
    await expectEnded(second);
  });
});
