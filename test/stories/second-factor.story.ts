import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import { ownScope } from '#platform/scope';
import { type AuthenticatorApp, setUpApp } from '../world/authenticator.ts';
import { type Client, createClient } from '../world/client.ts';
import { xeroUsers } from '../world/connect-xero.ts';
import { PASSWORD } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  world = await startWorld({ secondFactor: 'required' });
});
afterAll(async () => {
  await world.close();
  vi.useRealTimers();
});

let people = 0;
async function newAdmin(): Promise<{ email: string; personId: string; client: Client }> {
  people += 1;
  const email = `admin${people}@harbour.example`;
  const wish = { email, name: `Admin ${people}`, role: 'admin' as const, password: PASSWORD };
  const scope = ownScope(world.people.providerId);
  const { personId } = await world.context.providers.addPerson(scope, wish);
  const client = world.visitor();
  await client.signIn(email, PASSWORD);
  return { email, personId, client };
}

async function signInWithCode(email: string, code: string): Promise<Client> {
  const client = world.visitor();
  const answer = await client.call(api.signIn, { body: { email, password: PASSWORD } });
  expect(answer).toEqual({ step: 'second-factor' });
  await client.call(api.proveSecondFactor, { body: { code } });
  return client;
}

const connect = { body: { app: 'xero' as const } };

describe('an Admin without a second factor', () => {
  test('is told why connecting waits, and where to go', async () => {
    const { client } = await newAdmin();
    const problem = await client.refusal(api.beginConsent, connect);
    expect(problem).toMatchObject({
      status: 403,
      code: 'sign-in.second-factor-required',
      detail: 'Who may connect and disconnect apps signs in with a second factor here.',
      way: expect.stringContaining('Settings, Security'),
    });
    expect(await client.refusal(api.listApiKeys)).toMatchObject({ code: problem.code });
    const wish = { name: 'Backdoor', role: 'admin' as const };
    expect(await client.refusal(api.createApiKey, { body: wish })).toMatchObject({
      code: problem.code,
    });
    const owner = await world.people.owner();
    expect(await owner.refusal(api.listMails, { query: {} })).toMatchObject({ code: problem.code });
  });

  test('still does everything else, and reads that it is required', async () => {
    const { client } = await newAdmin();
    await client.call(api.addLearner, { body: { firstName: 'Mia', lastName: 'Tran' } });
    expect(await client.call(api.me)).toMatchObject({
      secondFactor: { policy: 'required', isStrong: false },
    });
    expect(await client.call(api.security)).toMatchObject({
      policy: 'required',
      isStrong: false,
      authenticator: { isOn: false, recoveryCodesLeft: 0 },
    });
  });

  test('is let through where the provider does not ask for one', async () => {
    const neighbour = await world.neighbours.owner();
    expect(await neighbour.call(api.me)).toMatchObject({ secondFactor: { policy: 'optional' } });
    await neighbour.call(api.listApiKeys);
  });

  test('needs none for what an API key does, which was made with one', async () => {
    const program = await world.apiClient('admin');
    await program.call(api.beginConsent, connect);
    expect(await program.refusal(api.security)).toMatchObject({ code: 'sign-in.person-only' });
  });
});

describe('setting up an authenticator app', () => {
  test('opens what was closed, at once, and ends the other sessions', async () => {
    const { client, email } = await newAdmin();
    const elsewhere = world.visitor();
    await elsewhere.signIn(email, PASSWORD);
    const { recoveryCodes } = await setUpApp(client, PASSWORD);
    expect(recoveryCodes).toHaveLength(10);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await client.call(api.security)).toMatchObject({
      isStrong: true,
      authenticator: { isOn: true, recoveryCodesLeft: 10 },
    });
    await client.call(api.beginConsent, connect);
    expect(await elsewhere.refusal(api.me)).toMatchObject({ code: 'session.missing' });
  });

  test('asks for the password and a right code first', async () => {
    const { client } = await newAdmin();
    const wrong = { body: { password: 'not it at all' } };
    expect(await client.refusal(api.beginAuthenticator, wrong)).toMatchObject({
      code: 'sign-in.password-wrong',
    });
    expect(
      await client.refusal(api.confirmAuthenticator, { body: { code: '000000' } }),
    ).toMatchObject({ code: 'sign-in.second-factor-state' });
    const { uri, secret } = await client.call(api.beginAuthenticator, {
      body: { password: PASSWORD },
    });
    expect(uri).toContain(`secret=${secret}`);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Bursar:admin/);
    expect(
      await client.refusal(api.confirmAuthenticator, { body: { code: '000000' } }),
    ).toMatchObject({ code: 'sign-in.code-wrong' });
    expect(await client.call(api.me)).toMatchObject({ secondFactor: { isStrong: false } });
  });
});

describe('signing in with a code', () => {
  let email: string;
  let app: AuthenticatorApp;
  let recoveryCodes: string[];

  beforeAll(async () => {
    const admin = await newAdmin();
    email = admin.email;
    ({ app, recoveryCodes } = await setUpApp(admin.client, PASSWORD));
  });

  test('opens nothing between password and code', async () => {
    const client = world.visitor();
    await client.call(api.signIn, { body: { email, password: PASSWORD } });
    expect(await client.refusal(api.me)).toMatchObject({ code: 'session.missing' });
  });

  test('works with the code that the app shows, once', async () => {
    const code = app.nextCode();
    const client = await signInWithCode(email, code);
    expect(await client.call(api.me)).toMatchObject({ secondFactor: { isStrong: true } });
    const other = world.visitor();
    await other.call(api.signIn, { body: { email, password: PASSWORD } });
    expect(await other.refusal(api.proveSecondFactor, { body: { code } })).toMatchObject({
      code: 'sign-in.code-wrong',
      detail: 'This code has been used already.',
    });
  });

  test('works with a recovery code, once, however it is typed', async () => {
    const [first = ''] = recoveryCodes;
    const client = await signInWithCode(email, first.toUpperCase().replace('-', ' '));
    expect(await client.call(api.security)).toMatchObject({
      isStrong: true,
      authenticator: { recoveryCodesLeft: 9 },
    });
    const again = world.visitor();
    await again.call(api.signIn, { body: { email, password: PASSWORD } });
    expect(await again.refusal(api.proveSecondFactor, { body: { code: first } })).toMatchObject({
      code: 'sign-in.code-wrong',
    });
  });

  test('can’t be answered without the password before it', async () => {
    const code = app.nextCode();
    const stranger = world.visitor();
    expect(await stranger.refusal(api.proveSecondFactor, { body: { code } })).toMatchObject({
      code: 'sign-in.step-ended',
    });
    const jar = 'bursar.two_factor=2fa-aaaaaaaaaaaaaaaaaaaa.forged';
    const forged = await fetch(`${world.url}${api.proveSecondFactor.path}`, {
      method: 'POST',
      headers: { cookie: jar, origin: world.url, 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(forged.status).toBe(410);
  });

  test('new recovery codes end the old ones', async () => {
    const client = await signInWithCode(email, app.nextCode());
    const body = { code: app.nextCode() };
    const renewed = await client.call(api.renewRecoveryCodes, { body });
    expect(renewed.recoveryCodes).toHaveLength(10);
    const [, second = ''] = recoveryCodes;
    expect(renewed.recoveryCodes).not.toContain(second);
    const other = world.visitor();
    await other.call(api.signIn, { body: { email, password: PASSWORD } });
    expect(await other.refusal(api.proveSecondFactor, { body: { code: second } })).toMatchObject({
      code: 'sign-in.code-wrong',
    });
    const [fresh = ''] = renewed.recoveryCodes;
    await other.call(api.proveSecondFactor, { body: { code: fresh } });
  });

  test('is turned off by a code, and then connecting waits again', async () => {
    const client = await signInWithCode(email, app.nextCode());
    expect(
      await client.refusal(api.turnOffAuthenticator, { body: { code: '123123' } }),
    ).toMatchObject({ code: 'sign-in.code-wrong' });
    await client.call(api.turnOffAuthenticator, { body: { code: app.nextCode() } });
    expect(await client.refusal(api.beginConsent, connect)).toMatchObject({
      code: 'sign-in.second-factor-required',
    });
    const plain = world.visitor();
    const answer = await plain.call(api.signIn, { body: { email, password: PASSWORD } });
    expect(answer).toEqual({ step: 'signed-in' });
  });
});

test('guesses at codes are bounded, over all challenges and addresses', async () => {
  const { client, email } = await newAdmin();
  const { app } = await setUpApp(client, PASSWORD);
  const guess = async (code: string) => {
    const guesser = world.visitor();
    await guesser.call(api.signIn, { body: { email, password: PASSWORD } });
    return guesser.refusal(api.proveSecondFactor, { body: { code } });
  };
  for (let n = 0; n < 10; n += 1) {
    expect(await guess(`00000${n}`)).toMatchObject({ code: 'sign-in.code-wrong' });
  }
  expect(await guess('000010')).toMatchObject({
    code: 'session.too-many-attempts',
    retryAfterSeconds: 900,
  });
  expect(await client.call(api.me)).toMatchObject({ kind: 'person' });
  world.clock.advance(15 * 60_000);
  await signInWithCode(email, app.nextCode());
});

describe('a passkey', () => {
  test('that no device has made is refused, and adds nothing', async () => {
    const { client } = await newAdmin();
    const options = await client.call(api.beginPasskey);
    expect(options).toMatchObject({
      rp: { name: 'Bursar', id: 'localhost' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const forged = { id: 'x', rawId: 'x', type: 'public-key', response: { transports: [] } };
    for (const response of [forged, {}]) {
      const body = { name: 'Desk', response };
      expect(await client.refusal(api.addPasskey, { body })).toMatchObject({
        code: 'sign-in.passkey-refused',
      });
    }
    expect(await client.call(api.security)).toMatchObject({ passkeys: [], isStrong: false });
    const params = { passkeyId: 'nothing' };
    expect(await client.refusal(api.removePasskey, { params })).toMatchObject({ status: 404 });
    const body = { name: 'Mine' };
    expect(await client.refusal(api.renamePasskey, { params, body })).toMatchObject({
      status: 404,
    });
  });

  test('that is unknown lets nobody in', async () => {
    const visitor = world.visitor();
    const options = await visitor.call(api.beginPasskeySignIn);
    expect(options).toMatchObject({ userVerification: 'required' });
    expect(options).not.toHaveProperty('allowCredentials');
    const response = { id: 'x', rawId: 'x', type: 'public-key', response: {} };
    for (let n = 0; n < 2; n += 1) {
      expect(await visitor.refusal(api.signInWithPasskey, { body: { response } })).toMatchObject({
        code: 'sign-in.passkey-refused',
      });
    }
    expect(await visitor.refusal(api.me)).toMatchObject({ code: 'session.missing' });
  });
});

test('a second factor is asked for after Sign in with Xero and after a new password too', async () => {
  const { client, email } = await newAdmin();
  const { app } = await setUpApp(client, PASSWORD);
  const { people: atXero } = world.emulator.control;
  const { authorizeUrl } = await client.call(api.beginXeroTie, { body: { password: PASSWORD } });
  await client.fetch(atXero.consent(authorizeUrl, { user: xeroUsers.single }));

  const byXero = world.visitor();
  const away = await byXero.fetch('/sign-in/xero?next=%2Finvoices');
  const back = atXero.consent(away.headers.get('location') ?? '', { user: xeroUsers.single });
  const landing = await byXero.fetch(back);
  expect(landing.headers.get('location')).toBe(`${world.url}/sign-in?step=code&next=%2Finvoices`);
  expect(await byXero.refusal(api.me)).toMatchObject({ code: 'session.missing' });
  await byXero.call(api.proveSecondFactor, { body: { code: app.nextCode() } });
  expect(await byXero.call(api.me)).toMatchObject({ secondFactor: { isStrong: true } });

  await world.visitor().call(api.forgotPassword, { body: { email } });
  await world.settle();
  const texts = world.mailbox.to(email).map(({ text }) => text);
  const token = /\/new-password\/(\S+)/.exec(texts.join())?.[1] ?? '';
  const password = 'quite another harbour';
  await world.visitor().call(api.resetPassword, { body: { token, password } });
  const afterwards = world.visitor();
  const answer = await afterwards.call(api.signIn, { body: { email, password } });
  expect(answer).toEqual({ step: 'second-factor' });
  await afterwards.call(api.proveSecondFactor, { body: { code: app.nextCode() } });
});

test('who lost phone and codes is helped by those who run Bursar', async () => {
  const { client, email, personId } = await newAdmin();
  await setUpApp(client, PASSWORD);
  expect(await world.context.providers.resetSecondFactor(email)).toEqual({ hasPassword: true });
  expect(await client.refusal(api.me)).toMatchObject({ code: 'session.missing' });
  const again = world.visitor();
  const step = await again.call(api.signIn, { body: { email, password: PASSWORD } });
  expect(step).toEqual({ step: 'signed-in' });
  expect(await kindsAbout(personId)).toContain('second-factor.reset');
});

describe('a person’s own sessions', () => {
  test('are listed with what they are, and ended one by one or together', async () => {
    const { client, email } = await newAdmin();
    const [second, third] = [world.visitor(), world.visitor()];
    await second.signIn(email, PASSWORD);
    await third.signIn(email, PASSWORD);
    const { sessions } = await client.call(api.security);
    expect(sessions.map(({ isThis }) => isThis)).toEqual([true, false, false]);
    const [mine, other] = sessions;
    const params = { sessionId: other?.id ?? '' };
    await client.call(api.endSession, { params });
    expect(await client.refusal(api.endSession, { params })).toMatchObject({ status: 404 });
    const own = { sessionId: mine?.id ?? '' };
    expect(await client.refusal(api.endSession, { params: own })).toMatchObject({ status: 404 });
    await client.call(api.endOtherSessions);
    expect(await second.refusal(api.me)).toMatchObject({ code: 'session.missing' });
    expect(await third.refusal(api.me)).toMatchObject({ code: 'session.missing' });
    expect((await client.call(api.security)).sessions).toHaveLength(1);
  });

  test('of somebody else can’t be ended', async () => {
    const [one, other] = [await newAdmin(), await newAdmin()];
    const [theirs] = (await other.client.call(api.security)).sessions;
    const params = { sessionId: theirs?.id ?? '' };
    expect(await one.client.refusal(api.endSession, { params })).toMatchObject({ status: 404 });
    await other.client.call(api.me);
  });

  test('end elsewhere when the password changes; this one stays as strong as it was', async () => {
    const { client, email } = await newAdmin();
    const { app } = await setUpApp(client, PASSWORD);
    const elsewhere = await signInWithCode(email, app.nextCode());
    const password = 'another quiet harbour';
    const wrong = { body: { current: 'not it at all', password } };
    expect(await client.refusal(api.changePassword, wrong)).toMatchObject({
      code: 'sign-in.password-wrong',
    });
    await client.call(api.changePassword, { body: { current: PASSWORD, password } });
    expect(await elsewhere.refusal(api.me)).toMatchObject({ code: 'session.missing' });
    expect(await client.call(api.me)).toMatchObject({ secondFactor: { isStrong: true } });
    const old = { email, password: PASSWORD };
    expect(await world.visitor().refusal(api.signIn, { body: old })).toMatchObject({
      code: 'session.bad-credentials',
    });
  });
});

test('what people do with their sign-in stands in the log', async () => {
  const { client, personId } = await newAdmin();
  const { app } = await setUpApp(client, PASSWORD);
  await client.call(api.turnOffAuthenticator, { body: { code: app.nextCode() } });
  expect(await kindsAbout(personId)).toEqual(
    expect.arrayContaining(['second-factor.on', 'second-factor.off']),
  );
});

async function kindsAbout(personId: string): Promise<string[]> {
  const scope = ownScope(world.people.providerId);
  const logged = await world.context.database.asProvider(scope.providerId, (tx) =>
    world.context.events.of(tx, scope, { kind: 'person', id: personId }, { limit: 20 }),
  );
  return logged.map(({ event }) => event.kind);
}

test('a browser of someone else can’t be asked for with an invented session', async () => {
  const stranger = createClient(world.url);
  for (const route of [api.security, api.beginPasskey, api.endOtherSessions]) {
    expect(await stranger.refusal(route)).toMatchObject({ code: 'session.missing' });
  }
});
