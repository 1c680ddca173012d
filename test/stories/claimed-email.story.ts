import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import { setUpApp } from '../world/authenticator.ts';
import type { Client } from '../world/client.ts';
import { typeCommand } from '../world/command-line.ts';
import { xeroUsers } from '../world/connect-xero.ts';
import { createPasskeyDevice, type PasskeyDevice } from '../world/passkey-device.ts';
import { PASSWORD } from '../world/people.ts';
import { signUp, throughXero, tieXero } from '../world/through-xero.ts';
import { startWorld, type World } from '../world/world.ts';

const CLAIMED_PASSWORD = 'a password of the claimer';

/** Makes a person out of an invitation. */
async function accept(client: Client, token: string, name: string, password: string) {
  const body = { name, password };
  await client.call(api.acceptInvitation, { params: { token }, body });
}

describe('where no mail is sent, an e-mail that a stranger has claimed', () => {
  const email = 'vera@harbour.example';
  const ownersPasskey = createPasskeyDevice();
  const passkey = createPasskeyDevice();
  const person = ['person', 'create', '--email', email, '--name', 'Vera Vale', '--role', 'owner'];
  const wish = [...person, '--provider', 'Harbour Training'];
  let world: World;
  let claimer: Client;

  beforeAll(async () => {
    world = await startWorld({ hasMailServer: false });
    const stranger = world.visitor();
    await signUp(world, stranger, xeroUsers.adviser, 'Claimed Skills');
    await ownersPasskey.add(stranger, 'Desk');
    const { link } = await stranger.call(api.invitePerson, { body: { email, role: 'staff' } });
    claimer = world.visitor();
    await accept(claimer, link?.split('/').at(-1) ?? '', 'Not Vera', CLAIMED_PASSWORD);
    await passkey.add(claimer, 'Phone');
    expect(await tieXero(world, claimer, xeroUsers.single, CLAIMED_PASSWORD)).toBe(
      '/settings/security?xero=tied',
    );
  });
  afterAll(() => world.close());

  async function placesOfClaimer(): Promise<string[]> {
    const { memberships } = await claimer.call(api.me);
    return memberships.map(({ providerName }) => providerName);
  }

  test('is given no rights by "person create", which says whose it is', async () => {
    const told = await typeCommand(world, ...wish);
    expect(told).toMatchObject({ code: 1, out: '' });
    expect(told.err).toBe(
      'Somebody has an account with this e-mail already: vera@harbour.example is “Not Vera” of Claimed Skills (Staff). Nobody has shown that this address is theirs. Ask the person whether the account is theirs. If it is, repeat this with --existing; if not, have them choose a new password at “Forgotten password” first: the mailed link takes the account over.',
    );
    expect(await placesOfClaimer()).toEqual(['Claimed Skills']);
    expect(JSON.parse((await typeCommand(world, ...wish, '--json')).out)).toMatchObject({
      code: 'person.known',
      remedy: 'ask',
    });
  });

  test('is its reader’s again by a link for a new password: all other ways in are gone', async () => {
    await world.visitor().call(api.forgotPassword, { body: { email } });
    await world.settle();
    // Without a mail server those who run Bursar pass the mail on by hand.
    const token = await readResetLink();
    const reset = { token, password: PASSWORD };
    await world.visitor().call(api.resetPassword, { body: reset });

    expect(await claimer.refusal(api.me)).toMatchObject({ code: 'session.missing' });
    expect(await signInRefusal(passkey)).toMatchObject({ code: 'sign-in.passkey-refused' });
    expect(await throughXero(world, world.visitor(), '/sign-in/xero', xeroUsers.single)).toBe(
      '/sign-in?xero=unknown',
    );
    const old = { email, password: CLAIMED_PASSWORD };
    expect(await world.visitor().refusal(api.signIn, { body: old })).toMatchObject({
      code: 'session.bad-credentials',
    });
    const vera = world.visitor();
    await vera.signIn(email, PASSWORD);
    expect(await vera.call(api.security)).toMatchObject({ passkeys: [], xero: { isTied: false } });
  });

  test('may then be given rights, once it is said that the account is meant', async () => {
    const told = await typeCommand(world, ...wish);
    expect(told.code).toBe(1);
    expect(told.err).not.toContain('Nobody has shown');
    expect(await typeCommand(world, ...wish, '--existing')).toEqual({
      code: 0,
      out: 'Not Vera is now Owner at Harbour Training, and keeps name, password and every other way in.',
      err: '',
    });
    expect((await typeCommand(world, ...wish)).out).toContain(
      'belongs to Harbour Training already',
    );
    const vera = world.visitor();
    await vera.signIn(email, PASSWORD);
    const me = await vera.workingFor(world.people.providerId).call(api.me);
    expect(me).toMatchObject({ role: 'owner' });
  });

  test('is told of when rights are given all the same', async () => {
    const stranger = world.visitor();
    await ownersPasskey.signIn(stranger);
    const other = 'otto@harbour.example';
    const body = { email: other, role: 'staff' as const };
    const { link } = await stranger.call(api.invitePerson, { body });
    await accept(world.visitor(), link?.split('/').at(-1) ?? '', 'Not Otto', CLAIMED_PASSWORD);
    const typed = wish.map((word) => (word === email ? other : word));
    const told = await typeCommand(world, ...typed, '--existing');
    expect(told.code).toBe(0);
    expect(told.out).toContain('Not Otto is now Owner');
    expect(told.out).toContain(`Nobody has shown that ${other} is theirs`);
  });

  async function signInRefusal(device: PasskeyDevice) {
    const visitor = world.visitor();
    const response = device.answer(await visitor.call(api.beginPasskeySignIn));
    return visitor.refusal(api.signInWithPasskey, { body: { response } });
  }

  async function readResetLink(): Promise<string> {
    const at = ['--provider', 'Claimed Skills'];
    const { mails } = JSON.parse((await typeCommand(world, 'mail', 'list', ...at, '--json')).out);
    const reset = mails.find(({ subject }: { subject: string }) => /new password/.test(subject));
    const { out } = await typeCommand(world, 'mail', 'show', '--mail', reset.id, ...at);
    return /\/new-password\/(\S+)/.exec(out)?.[1] ?? '';
  }
});

describe('where mail is sent', () => {
  let world: World;
  beforeAll(async () => {
    // Codes go by the machine's clock.
    vi.useFakeTimers({ toFake: ['Date'] });
    world = await startWorld();
  });
  afterAll(async () => {
    await world.close();
    vi.useRealTimers();
  });

  async function invite(email: string, by?: Client): Promise<string> {
    const owner = by ?? (await world.people.owner());
    await owner.call(api.invitePerson, { body: { email, role: 'staff' } });
    return tokenMailedTo(email, 'invitation');
  }

  async function resetPassword(email: string): Promise<void> {
    await world.visitor().call(api.forgotPassword, { body: { email } });
    const token = await tokenMailedTo(email, 'new-password');
    await world.visitor().call(api.resetPassword, { body: { token, password: PASSWORD } });
    await world.settle();
  }

  async function tokenMailedTo(email: string, kind: string): Promise<string> {
    await world.settle();
    const texts = world.mailbox.to(email).map(({ text }) => text);
    const tokens = texts.flatMap((text) => new RegExp(`/${kind}/(\\S+)`).exec(text)?.[1] ?? []);
    return tokens.at(-1) ?? '';
  }

  test('whoever accepted a mailed invitation keeps passkeys when they forget the password', async () => {
    const email = 'mia@harbour.example';
    const mia = world.visitor();
    await accept(mia, await invite(email), 'Mia Moor', PASSWORD);
    const passkey = createPasskeyDevice();
    await passkey.add(mia, 'Phone');
    await resetPassword(email);
    const later = world.visitor();
    await passkey.signIn(later);
    expect(await later.call(api.me)).toMatchObject({ name: 'Mia Moor' });
  });

  /** As links were that the inviter saw, before there was a mail server. */
  async function showLinks(email: string): Promise<void> {
    await world.context.database.asSystem((tx) =>
      tx
        .updateTable('member_invitations')
        .set({ was_mailed: false })
        .where('email', '=', email)
        .execute(),
    );
  }

  test('a link that the inviter was shown before proves nothing: the first mail that is read does', async () => {
    const email = 'leo@harbour.example';
    const token = await invite(email);
    await showLinks(email);
    const leo = world.visitor();
    await accept(leo, token, 'Leo Low', CLAIMED_PASSWORD);
    await setUpApp(leo, CLAIMED_PASSWORD);
    await createPasskeyDevice().add(leo, 'Phone');
    await tieXero(world, leo, xeroUsers.single, CLAIMED_PASSWORD);
    await resetPassword(email);
    const texts = world.mailbox.to(email).map(({ text }) => text);
    expect(texts.find((text) => text.includes('/new-password/'))).toContain('yours alone');
    expect(texts.at(-1)).toContain('authenticator app and the sign-in with Xero were removed');
    const later = world.visitor();
    const step = await later.call(api.signIn, { body: { email, password: PASSWORD } });
    expect(step).toEqual({ step: 'signed-in' });
    expect(await later.call(api.security)).toMatchObject({
      isStrong: false,
      authenticator: { isOn: false },
      passkeys: [],
      xero: { isTied: false },
    });
    const owner = await world.people.owner();
    const { items } = await owner.call(api.listAudit, { query: { area: 'access' } });
    const noted = ['password.reset', 'passkey.removed', 'second-factor.off', 'xero-sign-in.untied'];
    expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(noted));

    await createPasskeyDevice().add(later, 'Tablet');
    await resetPassword(email);
    expect(world.mailbox.to(email).at(-1)?.text).toContain('see under Settings, Security');
    const again = world.visitor();
    await again.signIn(email, PASSWORD);
    expect((await again.call(api.security)).passkeys).toHaveLength(1);
  });

  test('somebody who accepts a mailed invitation, signed in, shows that the e-mail is theirs', async () => {
    const email = 'pia@harbour.example';
    const token = await invite(email);
    await showLinks(email);
    const pia = world.visitor();
    await accept(pia, token, 'Pia Pond', PASSWORD);
    await createPasskeyDevice().add(pia, 'Phone');
    const params = { token: await invite(email, await world.neighbours.owner()) };
    await pia.call(api.acceptInvitation, { params, body: {} });
    await resetPassword(email);
    const later = world.visitor();
    await later.signIn(email, PASSWORD);
    expect((await later.call(api.security)).passkeys).toHaveLength(1);
  });

  test('whoever signed up with Xero keeps it: Xero mails a link to each e-mail it takes', async () => {
    const email = xeroUsers.none;
    await signUp(world, world.visitor(), email, 'Nora Skills');
    await resetPassword(email);
    expect(await throughXero(world, world.visitor(), '/sign-in/xero', email)).toBe('/');
  });

  test('whoever works nowhere but is invited gets a link for a new password', async () => {
    const email = 'ina@harbour.example';
    const ina = world.visitor();
    await accept(ina, await invite(email), 'Ina Ives', CLAIMED_PASSWORD);
    await ina.call(api.leaveProvider);
    const token = await invite(email);
    await resetPassword(email);
    const later = world.visitor();
    await later.signIn(email, PASSWORD);
    await later.call(api.acceptInvitation, { params: { token }, body: {} });
    expect(await later.call(api.me)).toMatchObject({ name: 'Ina Ives' });
  });
});
