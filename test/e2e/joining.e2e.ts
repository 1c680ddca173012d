import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../world/people.ts';
import { faultsOf, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

test('an Owner invites someone, who chooses a password and works here in that role', async () => {
  const page = await stage.openAs('owner');
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Invite someone' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite someone' });
  await dialog.getByLabel('E-mail').fill('nora@harbour.example');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialog.getByText('An invitation is on its way to nora@harbour.example').waitFor();
  expect(await dialog.getByLabel('Link').count()).toBe(0);
  await stage.world.settle();
  const [mail] = stage.world.mailbox.to('nora@harbour.example');
  const link = /\S+\/invitation\/\S+/.exec(mail?.text ?? '')?.[0] ?? 'no link was mailed';
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('cell', { name: 'nora@harbour.example', exact: true }).waitFor();
  expect(await faultsOf(page)).toEqual([]);

  const nora = await stage.open();
  await nora.goto(link);
  await heading(nora, 'Join Harbour Training');
  await nora.getByText('Odile Marchand invites nora@harbour.example').waitFor();
  await nora.getByLabel('Your name').fill('Nora Hand');
  await nora.getByLabel('Password', { exact: true }).fill('a password of mine');
  expect(await faultsOf(nora)).toEqual([]);
  await nora.getByRole('button', { name: 'Accept invitation' }).click();
  await heading(nora, 'Learners');

  await page.reload();
  await page.getByRole('combobox', { name: 'Role of Nora Hand' }).click();
  await page.getByRole('option', { name: 'Finance' }).click();
  const question = page.getByRole('dialog', { name: 'Make Nora Hand Finance?' });
  await question
    .getByText(/API keys they made that may do more than Finance are revoked/)
    .waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await question.getByRole('button', { name: 'Change role' }).click();
  await page.getByText('Nora Hand is Finance now.').waitFor();
  await page.getByRole('button', { name: 'Remove Nora Hand' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove person' }).click();
  await page.getByText('Nora Hand works here no longer.').waitFor();

  await nora.goto(link);
  await nora.getByText('This invitation has ended').waitFor();
});

test('a stranger signs up with Xero, and comes back the same way', async () => {
  const page = await stage.open();
  await page.goto('/sign-up/xero');
  await atXero(page);
  await heading(page, 'Sign up');
  await expect.poll(() => page.getByLabel('Your name').inputValue()).toBe('Ada Adviser');
  expect(await page.getByLabel('E-mail').inputValue()).toBe('ada.adviser@example.com');
  await page.getByLabel('Training organisation').fill('Tide Skills');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await heading(page, 'Connected Apps');
  await page.getByText('Tide Skills').first().waitFor();

  const later = await stage.open();
  await later.goto('/settings/people');
  await later.getByRole('link', { name: 'Sign in with Xero' }).click();
  await atXero(later);
  await heading(later, 'People');

  const cancelled = await stage.open();
  await cancelled.goto('/sign-in');
  expect(await faultsOf(cancelled)).toEqual([]);
  await cancelled.getByRole('link', { name: 'Sign in with Xero' }).click();
  await cancelled.getByRole('button', { name: 'Cancel' }).click();
  await cancelled.getByText('You stopped at Xero').waitFor();
});

/** Xero's own pages: choose who one is, then allow. There is no organisation to choose. */
async function atXero(page: Page, user = /Ada Adviser/): Promise<void> {
  await page.getByRole('button', { name: user }).click();
  expect(await page.getByText('Choose an organisation').count()).toBe(0);
  await page.getByRole('button', { name: 'Allow access' }).click();
}

test('somebody ties Xero with their password, which opens another way in', async () => {
  const page = await stage.openAs('finance');
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Tie Xero' }).click();
  const dialog = page.getByRole('dialog', { name: 'Tie Xero' });
  await dialog.getByLabel('Your password').fill('not it at all');
  await dialog.getByRole('button', { name: 'Continue to Xero' }).click();
  await dialog.getByText('That is not your present password').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue to Xero' }).click();
  await atXero(page, /Sam Single/);
  await page.getByText('Xero is tied to your account').waitFor();
  await page.getByRole('button', { name: 'Untie Xero' }).click();
  await page.getByRole('button', { name: 'Tie Xero' }).waitFor();
});

test('a forgotten password is replaced by the link that is mailed', async () => {
  const person = await stage.world.people.staff();
  const page = await stage.open();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgotten password' }).click();
  await heading(page, 'Forgotten password');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByText('a link is on its way').waitFor();
  await stage.world.settle();
  const [mail] = stage.world.mailbox.to(person.email);
  const link = /http\S+\/new-password\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
  await page.goto(link);
  await page.getByLabel('New password').fill('quite another harbour');
  await page.getByRole('button', { name: 'Set password' }).click();
  await heading(page, 'Password changed');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill('quite another harbour');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(page, 'Learners');
});
