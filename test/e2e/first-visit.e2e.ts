import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { heading, type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  const owner = await stage.world.people.owner();
  await owner.call(api.addLearner, { body: { firstName: 'Aroha', lastName: 'Ngata' } });
});
afterAll(() => stage.close());

/** A first visit of the learners on which nothing that opens over a page has come yet. */
async function visitWithoutPopups() {
  const window = (await stage.openAs('owner')).context();
  const page = await window.newPage();
  const { promise: come, resolve: letCome } = Promise.withResolvers<void>();
  await page.route(/assets\/popups-.*\.js/, async (route) => {
    await come;
    await route.continue();
  });
  await page.goto('/learners');
  await heading(page, 'Learners');
  await page.getByRole('link', { name: 'Aroha Ngata' }).waitFor();
  return { page, letCome };
}

test('a filter that is pressed before its list has come opens as soon as it is there', async () => {
  const { page, letCome } = await visitWithoutPopups();
  await page.getByLabel('Active', { exact: true }).click();
  letCome();
  await page.getByRole('option', { name: 'Inactive only' }).click();
  await page.getByRole('heading', { name: 'No learner fits' }).waitFor();
});

test('whoever had reached a filter by keyboard stays on it when its list comes', async () => {
  const { page, letCome } = await visitWithoutPopups();
  await page.getByLabel('Active', { exact: true }).focus();
  letCome();
  // A field that opens a list says so.
  const filter = page.getByRole('combobox', { name: 'Active', exact: true });
  await filter.waitFor();
  expect(await filter.evaluate((field) => field === document.activeElement)).toBe(true);
});

test('so does the menu of the person, with the way out', async () => {
  const { page, letCome } = await visitWithoutPopups();
  await page.getByRole('button', { name: /account and appearance/ }).click();
  letCome();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in');
});

test('so does the list of what can be done with all, and what it asks before', async () => {
  const { page, letCome } = await visitWithoutPopups();
  await page.getByRole('button', { name: 'All learners' }).click();
  letCome();
  await page.getByRole('menuitem', { name: 'Turn Sync to Xero on' }).click();
  await page.getByRole('dialog', { name: 'Turn Sync to Xero on for all learners?' }).waitFor();
});
