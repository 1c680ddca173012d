import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ownScope } from '#platform/scope';
import { type AuthenticatorApp, holdSecret } from '../world/authenticator.ts';
import { PASSWORD } from '../world/people.ts';
import { faultsOf, heading, isTooWide, PHONE, picture, type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  // Codes go by the machine's clock: the test takes it in hand to have a fresh one each time.
  vi.useFakeTimers({ toFake: ['Date'] });
  stage = await setStage({ secondFactor: 'required' });
});
afterAll(async () => {
  await stage.close();
  vi.useRealTimers();
});

async function newOwner(label: string): Promise<string> {
  const email = `${label}@harbour.example`;
  const wish = { email, name: `Olga ${label}`, role: 'owner' as const, password: PASSWORD };
  await stage.world.context.providers.addPerson(ownScope(stage.world.people.providerId), wish);
  return email;
}

async function typePassword(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code' }).fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('an Owner sets up an app, and Connect opens; later the code and each recovery code let them in', async () => {
  const email = await newOwner('app');
  const page = await stage.open();
  await typePassword(page, email);
  await heading(page, 'Learners');

  await page.getByRole('link', { name: 'Connected Apps' }).click();
  const connect = page.getByRole('button', { name: 'Connect Xero' });
  await connect.waitFor();
  expect(await connect.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('A second factor comes first').first().waitFor();
  await page.getByRole('link', { name: 'Open Security' }).first().click();
  await heading(page, 'Security');
  await page.getByText('A second factor is required').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  const { app, recoveryCodes } = await setUp(page);
  await page.getByText('Signed in with a second factor').waitFor();
  await picture(page, 'security');
  await page.getByRole('link', { name: 'Connected Apps' }).click();
  await connect.waitFor();
  expect(await connect.getAttribute('aria-disabled')).toBeNull();

  const next = await stage.open();
  await typePassword(next, email);
  await typeCode(next, '000000');
  await next.getByRole('alert').filter({ hasText: 'That code is not right' }).waitFor();
  await typeCode(next, app.nextCode());
  await heading(next, 'Learners');

  const [recovery = ''] = recoveryCodes;
  const lost = await stage.open();
  await typePassword(lost, email);
  await typeCode(lost, recovery);
  await heading(lost, 'Learners');
  await lost.goto('/settings/security');
  await lost.getByText('9 of 10 recovery codes are unused').waitFor();
  const again = await stage.open();
  await typePassword(again, email);
  await typeCode(again, recovery);
  await again.getByRole('alert').filter({ hasText: 'That code is not right' }).waitFor();
});

async function setUp(page: Page): Promise<{ app: AuthenticatorApp; recoveryCodes: string[] }> {
  await page.getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' });
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('img', { name: /Picture to scan/ }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const key = await dialog.getByLabel('Key').textContent();
  const app = holdSecret((key ?? '').replaceAll(' ', ''));
  await dialog.getByRole('textbox', { name: 'Code' }).fill(app.nextCode());
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const codes = dialog.getByRole('list', { name: 'Recovery codes' });
  await codes.waitFor();
  const recoveryCodes = await codes.getByRole('listitem').allTextContents();
  expect(recoveryCodes).toHaveLength(10);
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  return { app, recoveryCodes };
}

test('a passkey is added, named, lets its person in strongly, and is removed', async () => {
  const email = await newOwner('passkey');
  const page = await stage.open();
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await typePassword(page, email);
  await heading(page, 'Learners');
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Add passkey' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Desk');
  await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Signed in with a second factor').waitFor();
  await page.getByRole('button', { name: 'Rename Desk' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Work laptop');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename passkey' }).click();
  await page.getByRole('cell', { name: 'Work laptop', exact: true }).waitFor();

  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await heading(page, 'Learners');
  await page.goto('/settings/api-keys');
  await page.getByText('No API keys').waitFor();

  await signOut(page);
  await typePassword(page, email);
  await heading(page, 'Learners');
  await page.goto('/settings/security');
  await page.getByText('You have one: sign out').waitFor();
  await page.getByRole('button', { name: 'Remove Work laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove passkey' }).click();
  await page.getByText('This needs a sign-in with a second factor').waitFor();

  await signOut(page);
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  const refused = await deviceAnswers(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  // Until the device has said no, it would say yes to whom it knows again by the next line.
  expect(await refused()).toBe(false);
  await heading(page, 'Sign in');
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await heading(page, 'Learners');
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Remove Work laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove passkey' }).click();
  await page.getByText('A second factor is required').waitFor();
});

/** Listens to the device; the answer tells whether it gave a passkey when next asked for one. */
async function deviceAnswers(page: Page): Promise<() => Promise<boolean>> {
  const said = await page.evaluateHandle(() => {
    const { credentials } = navigator;
    const ask = credentials.get.bind(credentials);
    const answer = Promise.withResolvers<boolean>();
    credentials.get = (options) => {
      const asked = ask(options);
      asked.then(
        () => answer.resolve(true),
        () => answer.resolve(false),
      );
      return asked;
    };
    return { answered: answer.promise };
  });
  return () => said.evaluate(({ answered }) => answered);
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /account and appearance/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in');
}

test('the Security page fits a phone and reads well in the dark', async () => {
  const email = await newOwner('phone');
  const page = await stage.open('dark', PHONE);
  await typePassword(page, email);
  await heading(page, 'Learners');
  await page.goto('/settings/security');
  await page.getByText('Where you are signed in').waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await faultsOf(page)).toEqual([]);
});
