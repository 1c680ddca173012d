import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { faultsOf, heading, isTooWide, type Stage, setStage } from './stage.ts';

let stage: Stage;
let page: Page;

beforeEach(async () => {
  stage = await setStage();
  page = await stage.openAs('owner');
  const { world } = stage;
  await world.connectXero(await world.people.owner(), { organisations: [xeroOrgs.au] });
  await world.settle();
  await world.pass(11 * MINUTE_MS);
});
afterEach(() => stage.close());

const softNote = (on: Page) => on.getByText(/may be out of date since/);
const banner = (on: Page) => on.getByRole('region', { name: 'About your connections' });

async function go(name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).first().click();
}

test('trouble stands on every page for those who can act, until Xero is reconnected', async () => {
  const { world } = stage;
  const owner = await world.people.owner();
  await owner.call(api.addLearner, { body: { firstName: 'Aroha', lastName: 'Ngata' } });
  world.emulator.control.people.disconnect(xeroOrgs.au);
  await world.pass(16 * MINUTE_MS);
  for (const place of ['Learners', 'Invoices', 'Imports', 'Connected Apps']) {
    await go(place);
    await banner(page).getByText('Bursar was disconnected in Xero').waitFor();
  }
  // Where the soft note stands, the news has come and made no banner.
  const staff = await stage.openAs('staff');
  await staff.getByRole('link', { name: 'Aroha Ngata' }).click();
  await softNote(staff).waitFor();
  expect(await banner(staff).count()).toBe(0);
  await staff.getByRole('link', { name: 'Learners', exact: true }).first().click();
  await softNote(staff).waitFor({ state: 'detached' });
  expect(await banner(staff).count()).toBe(0);
  const finance = await stage.openAs('finance');
  await finance.getByRole('link', { name: 'Invoices', exact: true }).first().click();
  await softNote(finance).waitFor();
  expect(await banner(finance).count()).toBe(0);

  await banner(page).getByRole('link', { name: 'See and reconnect' }).click();
  await heading(page, 'Harbour Training Pty Ltd');
  await page.getByText('Needs reconnecting').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await takePictures('trouble');
  await page.getByRole('button', { name: 'Reconnect Xero' }).click();
  await page.getByRole('button', { name: new RegExp(xeroUsers.adviser) }).click();
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.waitForURL(/\/settings\/connected-apps/);
  await world.settle();
  await banner(page)
    .getByText(/in step since/)
    .waitFor();
});

test('a connection is tested, paused and resumed on its own page', async () => {
  const { world } = stage;
  await go('Connected Apps');
  await page.getByRole('link', { name: 'Manage' }).first().click();
  await heading(page, 'Harbour Training Pty Ltd');
  await page.getByRole('button', { name: 'Test now' }).click();
  await page.getByText('It works').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  await takePictures('manage');

  await page.getByRole('button', { name: 'Pause' }).click();
  await banner(page)
    .getByText(/paused, so nothing flows/)
    .waitFor();
  await page.getByText('Nothing flows at present').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await banner(page)
    .getByText(/catching up/)
    .waitFor();
  await world.settle();
  await banner(page)
    .getByText(/in step since/)
    .waitFor();

  world.emulator.control.troubles.setOffline(xeroOrgs.au, true);
  await page.getByRole('button', { name: 'Test now' }).click();
  await page.getByText('Xero says that this organisation is offline.').waitFor();
});

/** For a look with one's own eyes, where a folder is named for it. */
async function takePictures(name: string): Promise<void> {
  const folder = process.env.BURSAR_TEST_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
