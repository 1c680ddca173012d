import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { ownScope } from '#platform/scope';
import { PASSWORD } from '../world/people.ts';
import { faultsOf, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  // Whoever may do what others may not has to be there to be named.
  await Promise.all([stage.world.people.owner(), stage.world.people.admin()]);
});
afterAll(() => stage.close());

test('staff see why connecting is not theirs, and whom to ask', async () => {
  const page = await stage.openAs('staff');
  await page.getByRole('link', { name: 'Connected Apps' }).click();
  const connect = page.getByRole('button', { name: 'Connect Xero' });
  await connect.waitFor();
  expect(await connect.getAttribute('aria-disabled')).toBe('true');
  await page
    .getByText('Ask one of these people: Arjun Mehta (Admin), Odile Marchand (Owner).', {
      exact: true,
    })
    .first()
    .waitFor();
  await connect.click({ force: true });
  await heading(page, 'Connected Apps');
});

test('staff see no invoices, and read who does', async () => {
  const page = await stage.openAs('staff');
  await page.getByRole('link', { name: 'Invoices' }).click();
  await page.getByText('Invoices are not shown to you').waitFor();
  await page
    .getByText(/Only an Owner, Admin or Finance may see invoices.*Odile Marchand/)
    .waitFor();
});

test('finance can’t add learners; the button stays and tells its reason by keyboard too', async () => {
  const page = await stage.openAs('finance');
  const add = page.getByRole('button', { name: 'Add learner' }).first();
  // Tooltips follow the focus of a keyboard, not that of a script.
  await page.keyboard.press('Tab');
  await add.focus();
  const reason = /Only an Owner, Admin or Staff may add and edit learners/;
  await page.getByRole('tooltip').filter({ hasText: reason }).waitFor();
  const described = await add.getAttribute('aria-describedby');
  expect(await page.locator(`[id="${described?.split(' ')[0]}"]`).textContent()).toMatch(reason);
  await page.keyboard.press('Enter');
  await heading(page, 'Learners');
  await page.goto('/learners/new');
  await page.getByText('Adding learners is not open to you').waitFor();
});

test('keys are made and revoked by an admin, shown once, and closed to finance', async () => {
  const page = await stage.openAs('admin');
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'Make API key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make API key' });
  await dialog.getByLabel('Name').fill('Web site');
  await dialog.getByRole('button', { name: 'Make API key' }).click();
  await dialog.getByText('Copy the key now').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Revoke Web site' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('No API keys').waitFor();

  const finance = await stage.openAs('finance');
  await finance.getByRole('link', { name: 'API keys' }).click();
  await finance.getByText('API keys are not shown to you').waitFor();
});

test('a visitor is asked to sign in and then stands where they wanted to go', async () => {
  const person = await stage.world.people.owner();
  const page = await stage.open();
  await page.goto('/settings/people');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill('not it');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong' }).waitFor();
  await page.getByLabel('Password', { exact: true }).fill('a quiet harbour');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(page, 'People');
  await page.getByRole('button', { name: /account and appearance/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in');
  await page.goto('/learners');
  await heading(page, 'Sign in');
});

test('staff see neither what is owing nor where webhooks go', async () => {
  const owner = await stage.world.people.owner();
  await owner.call(api.addLearner, { body: { firstName: 'Tane', lastName: 'Mahuta' } });
  await owner.call(api.addWebhookEndpoint, {
    body: { url: 'https://hooks.example.org/in/s3cret', kinds: ['contact.linked'] },
  });
  const page = await stage.openAs('staff');
  await page.goto('/learners');
  await page.getByRole('link', { name: 'Tane Mahuta' }).waitFor();
  expect(await page.getByRole('columnheader', { name: 'Owing' }).count()).toBe(0);
  expect(await page.getByLabel('Balance').count()).toBe(0);
  await page.goto('/settings/webhooks');
  await page.getByText('https://hooks.example.org/…').first().waitFor();
  await page.getByRole('link', { name: 'hooks.example.org' }).first().click();
  await page
    .getByText(/Only an Owner or Admin may connect and disconnect apps/)
    .first()
    .waitFor();
  expect(await page.content()).not.toContain('s3cret');
  expect(await faultsOf(page)).toEqual([]);
});

test('whoever removes somebody reads which API keys ended and which stay', async () => {
  const { providerId } = stage.world.people;
  const person = { email: 'remi@harbour.example', name: 'Remi Tran', role: 'admin' as const };
  const wish = { ...person, password: PASSWORD };
  await stage.world.context.providers.addPerson(ownScope(providerId), wish);
  const leaver = stage.world.visitor();
  await leaver.signIn(person.email, PASSWORD);
  for (const role of ['admin', 'staff'] as const) {
    await leaver.call(api.createApiKey, { body: { name: `Key of ${role}`, role } });
  }
  const page = await stage.openAs('owner');
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Remove Remi Tran' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove Remi Tran?' });
  await dialog.getByText('may do more than Staff are revoked').waitFor();
  await dialog.getByRole('button', { name: 'Remove person' }).click();
  await page
    .getByText('API keys revoked: Key of admin. API keys that stay: Key of staff.')
    .waitFor();
});
