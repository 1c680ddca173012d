import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import { expectCount, faultsOf, heading, isTooWide, PHONE, type Stage, setStage } from './stage.ts';

let stage: Stage;
let learnerId: LearnerId;

beforeAll(async () => {
  stage = await setStage();
  const owner = await stage.world.people.owner();
  const body = { firstName: 'Aroha', lastName: 'Ngata' };
  learnerId = (await owner.call(api.addLearner, { body })).id;
});
afterAll(() => stage.close());

/** The profile in a window in which what messages are drawn by can't be loaded. */
async function profileWithoutOverlays() {
  const window = (await stage.openAs('owner')).context();
  const page = await window.newPage();
  await page.route(/assets\/overlays-.*\.js/, (route) => route.abort());
  await page.goto(`/learners/${learnerId}`);
  await heading(page, 'Aroha Ngata');
  return page;
}

test('a message is shown and can be closed where what draws it can’t be loaded', async () => {
  const page = await profileWithoutOverlays();
  await page.getByRole('switch', { name: 'Sync to Xero' }).click();
  const message = page
    .getByRole('alert')
    .filter({ hasText: 'Sync to Xero is on for Aroha Ngata.' });
  await message.waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await isTooWide(page)).toBe(false);
  await page.getByRole('button', { name: 'Close message' }).click();
  await expectCount(message, 0);
});

test('so is what it offers, and why something failed', async () => {
  const page = await profileWithoutOverlays();
  const sync = page.getByRole('switch', { name: 'Sync to Xero' });
  await sync.click();
  await page.getByText('Sync to Xero is off for Aroha Ngata.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Sync to Xero is on for Aroha Ngata.').waitFor();
  await page.route('**/api/v1/learners/*/sync-to-xero', (route) => route.abort());
  await sync.click();
  await page.getByRole('alert').filter({ hasText: 'It may have been done' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
});
