import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectXero } from '../world/connect-xero.ts';
import { type Receiver, startReceiver } from '../world/receiver.ts';
import { faultsOf, heading, isTooWide, PHONE, picture, type Stage, setStage } from './stage.ts';

let stage: Stage;
let receiver: Receiver;

beforeAll(async () => {
  [stage, receiver] = await Promise.all([setStage(), startReceiver()]);
  const owner = await stage.world.people.owner();
  await connectXero(stage.world.emulator, owner);
  await stage.world.settle();
});
afterAll(async () => {
  await receiver.close();
  await stage.close();
});

test('an owner adds an endpoint, copies its secret, sends a test and sees what came of it', async () => {
  const page = await stage.openAs('owner');
  await page.goto('/settings/connected-apps');
  await page.getByRole('button', { name: 'Set up Webhooks' }).click();
  await heading(page, 'Webhooks');
  await page.getByText('No endpoints').waitFor();
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add endpoint' });
  await dialog.getByLabel('Address').fill('nowhere');
  await dialog.getByRole('button', { name: 'Add endpoint' }).click();
  await dialog.getByText('An address such as https://hooks.example.org/bursar').waitFor();
  await dialog.getByLabel('Address').fill(receiver.url);
  await dialog.getByLabel('Description').fill('Data warehouse');
  await dialog.getByRole('button', { name: 'Add endpoint' }).click();
  await dialog.getByText('Copy the secret now').waitFor();
  expect(await dialog.locator('pre').textContent()).toMatch(/^whsec_/);
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('link', { name: receiver.url }).click();
  await heading(page, 'Data warehouse');
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByRole('cell', { name: 'Waiting' }).waitFor();
  await stage.world.settle();
  await page.getByRole('cell', { name: 'Delivered' }).waitFor();
  expect(receiver.received.length).toBe(1);
  await page.getByRole('button', { name: 'Open' }).click();
  const message = page.getByRole('dialog', { name: 'Message' });
  await message.getByText(/Attempt 1, .*: answered 204 after \d+ ms/).waitFor();
  await page.keyboard.press('Escape');
  await message.waitFor({ state: 'hidden' });
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'webhooks');

  await page.goto('/settings/connected-apps');
  const connected = page.getByRole('region', { name: 'Connected', exact: true });
  await connected.getByRole('heading', { name: 'Webhooks' }).waitFor();
  await connected.getByText('Turned on').waitFor();
  await page.getByText('Everything is connected.').waitFor();
});

test('the audit log tells who did that, can be narrowed down and checked, also on a phone', async () => {
  const page = await stage.openAs('owner', 'dark', PHONE);
  await page.goto('/settings/audit-log');
  await heading(page, 'Audit log');
  const table = page.getByRole('table', { name: 'Audit log' });
  await table.getByText('Webhook endpoint added').waitFor();
  await table
    .getByText(/Connection: Harbour Training Pty Ltd/)
    .first()
    .waitFor();
  await page.getByRole('combobox', { name: 'Act' }).click();
  await page.getByRole('option', { name: 'Sign-ins, people and keys' }).click();
  await table.getByText('Signed in').first().waitFor();
  await table.getByText('Webhook endpoint added').waitFor({ state: 'detached' });
  await stage.world.settle();
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText(/Verified up to entry \d+ on/).waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await faultsOf(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  expect((await download).suggestedFilename()).toBe('audit-log.csv');
});
