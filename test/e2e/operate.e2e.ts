import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '#platform/clock';
import { typeCommand } from '../world/command-line.ts';
import { DESKTOP, faultsOf, heading, isTooWide, PHONE, type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage({ hasMailServer: false });
  await Promise.all([stage.world.people.owner(), stage.world.people.admin()]);
});
afterAll(() => stage.close());

/** What every page must be, in both looks and on a phone. */
async function expectSound(page: Page): Promise<void> {
  expect(await faultsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await faultsOf(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await isTooWide(page)).toBe(false);
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function licence(verb: 'grant' | 'withdraw'): Promise<void> {
  const provider = ['--provider', stage.world.people.providerId];
  await typeCommand(stage.world, 'licence', verb, '--product', 'xero', ...provider);
}

test('the page of an app tells everything before one connects', async () => {
  const page = await stage.openAs('staff');
  await page.getByRole('link', { name: 'Connected Apps' }).click();
  await page.getByRole('link', { name: 'All about Xero' }).click();
  await heading(page, 'Xero');
  for (const part of ['What it does', 'Which data goes which way']) {
    await page.getByRole('heading', { level: 2, name: part }).waitFor();
  }
  await page.getByText('offline_access', { exact: true }).waitFor();
  await page.getByText('Arjun Mehta (Admin), Odile Marchand (Owner)', { exact: true }).waitFor();
  await page.getByText(/Included in every package/).waitFor();
  await expectSound(page);
  await page.goto('/settings/connected-apps/no-such-app');
  await page.getByRole('heading', { level: 1, name: /nothing here/i }).waitFor();
});

test('a withdrawn licence greys the row; one click asks for it, and the answer arrives live', async () => {
  await licence('withdraw');
  const page = await stage.openAs('staff');
  await page.getByRole('link', { name: 'Package', exact: true }).click();
  await page.getByText('Withdrawn', { exact: true }).first().waitFor();
  await expectSound(page);
  await page.getByRole('link', { name: 'Connected Apps' }).click();
  await page.getByText('Your package does not include this app', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Ask for Xero' }).click();
  const dialog = page.getByRole('dialog', { name: 'Ask the people who run Bursar' });
  expect(await dialog.getByLabel('What you need').inputValue()).toContain(
    'Asked by Sione Vaka (Staff) of Harbour Training.',
  );
  await dialog.getByRole('button', { name: 'Send request' }).click();
  await heading(page, 'Please open Xero for Harbour Training');
  await expectSound(page);

  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const answer = ['--request', id, '--text', 'Xero is back in your package.'];
  await typeCommand(stage.world, 'support', 'reply', ...answer);
  await page.getByText('Xero is back in your package.').waitFor();
  await page.getByText('Answered', { exact: true }).waitFor();
  await page.getByLabel('Write more').fill('Thank you.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('article').filter({ hasText: 'Thank you.' }).waitFor();
  await page.getByRole('button', { name: 'Close request' }).click();
  await page.getByRole('button', { name: 'Open it again' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Support' }).click();
  await page.getByRole('cell', { name: 'Closed' }).waitFor();
  await expectSound(page);
  await licence('grant');
});

test('an Owner reads the mails that could not be sent', async () => {
  const page = await stage.openAs('owner');
  await page.getByRole('link', { name: 'Outgoing mail' }).click();
  await page.getByText('No mail server is configured').waitFor();
  await page.getByText('Sione Vaka of Harbour Training writes:').first().waitFor();
  await expectSound(page);
});

test('an Owner takes everything out, closes the provider, and undoes it', async () => {
  const page = await stage.openAs('owner');
  await page.getByRole('link', { name: 'Provider', exact: true }).click();
  await heading(page, 'Harbour Training');
  await expectSound(page);
  await page.getByRole('button', { name: 'Close this provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Close Harbour Training?' });
  await dialog.getByLabel(/to go on/).fill('Harbour Training');
  await dialog.getByRole('button', { name: 'Close provider' }).click();
  await dialog.getByText('Your data has not been taken out yet').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download everything' }).click();
  expect((await download).suggestedFilename()).toBe('harbour-training-2026-03-02.zip');
  await page.getByText(/Last downloaded/).waitFor();

  await page.getByRole('button', { name: 'Close this provider' }).click();
  await dialog.getByLabel(/to go on/).fill('Harbour');
  await dialog.getByRole('button', { name: 'Close provider' }).click();
  await dialog.getByText('That is not the name of this provider').waitFor();
  await dialog.getByLabel(/to go on/).fill('Harbour Training');
  await dialog.getByRole('button', { name: 'Close provider' }).click();
  await page.getByRole('alert').filter({ hasText: 'This provider is closed' }).waitFor();
  await expectSound(page);
  await stage.world.pass(DAY_MS);
  await page.getByRole('link', { name: 'Learners', exact: true }).click();
  await page.getByText('This training provider is closed').waitFor();
  await page.getByRole('link', { name: 'Provider', exact: true }).click();
  await page.getByRole('button', { name: 'Undo closing' }).click();
  await page.getByText('This provider is open again', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Close this provider' }).waitFor();
});
