import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { expectCount, faultsOf, heading, isTooWide, PHONE, type Stage, setStage } from './stage.ts';

const WORKPLACES = 8;

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  for (let one = 1; one <= WORKPLACES; one += 1) {
    const body = { name: `Bakery ${one}`, saveAnyway: true };
    await owner.call(api.addWorkplace, { body });
  }
  await world.connectXero(owner);
  await world.settle();
  page = await stage.openAs('finance');
});
afterAll(() => stage.close());

const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const status = () => page.getByRole('status').filter({ hasText: `of ${WORKPLACES}` });

function contactsInXero(): number {
  return stage.world.bookkeeper.books.contacts.all().filter(({ name }) => /^Bakery/.test(name))
    .length;
}

async function startForAllThatMatch(act: string): Promise<void> {
  await page.goto('/workplaces?search=bakery');
  await page.getByText('Bakery 1').waitFor();
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: act }).click();
  const question = page.getByRole('dialog', { name: `${act} for all workplaces that match?` });
  await question.getByRole('button', { name: act }).click();
}

test('ticked workplaces are turned at once, and back', async () => {
  await page.goto('/workplaces');
  await page.getByRole('checkbox', { name: 'Select Bakery 1' }).check();
  await page.getByRole('checkbox', { name: 'Select Bakery 2' }).check();
  await page.getByText('2 workplaces selected').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Turn Sync to Xero on' }).click();
  await page.getByText('Sync to Xero turned on for 2 workplaces.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Sync to Xero turned off for 2 workplaces.').waitFor();
});

test('all that match go to Xero in one run: paused, resumed, finished, told on whatever page', async () => {
  await startForAllThatMatch('Turn Sync to Xero on');
  await heading(page, 'Sync to Xero on');
  await page.getByText('All workplaces that match: “bakery”').waitFor();
  await status().getByText('0 of 8').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await stage.world.settle();
  expect(contactsInXero()).toBe(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Running', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Workplaces' }).first().click();
  await heading(page, 'Workplaces');
  await stage.world.settle();
  await page.getByText('Sync to Xero on: finished.').waitFor();
  expect(contactsInXero()).toBe(WORKPLACES);
  await page.getByRole('button', { name: 'See the run' }).click();
  await status().getByText('8 of 8').waitFor();
  await expectCount(row('Added'), WORKPLACES);
  expect(await faultsOf(page)).toEqual([]);
});

test('a run that is cancelled leaves those whose turn has not come', async () => {
  await startForAllThatMatch('Turn Sync to Xero off');
  await heading(page, 'Sync to Xero off');
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await stage.world.settle();
  await expectCount(row('Skipped'), WORKPLACES);
});

test('a run that turned them on by mistake calls back whoever is not in Xero yet', async () => {
  const { world } = stage;
  const owner = await world.people.owner();
  for (const name of ['Wrong Mill', 'Wrong Forge']) {
    await owner.call(api.addWorkplace, { body: { name } });
  }
  await page.goto('/workplaces?search=wrong');
  await page.getByText('Wrong Mill').waitFor();
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: 'Turn Sync to Xero on' }).click();
  const question = page.getByRole('dialog');
  await question.getByText('whoever is in Xero by then stays there').waitFor();
  await question.getByRole('button', { name: 'Turn Sync to Xero on' }).click();
  await heading(page, 'Sync to Xero on');
  await world.context.tick();
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByText('is turned off again').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
  await page.getByText('Sync to Xero on: cancelled, 2 left as they were.').waitFor();
  await expectCount(row('Sync to Xero is off again.'), 2);
  expect(await faultsOf(page)).toEqual([]);
  await world.settle();
  await page.goto('/workplaces?search=wrong');
  await expectCount(row('Sync off'), 2);
});

test('they are compared with Xero again, those that match and all of them', async () => {
  await page.goto('/workplaces?search=bakery');
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: 'Resync with Xero' }).click();
  await heading(page, 'Resync of workplaces');
  await stage.world.settle();
  await page.getByText('Resync of workplaces: finished.').waitFor();
  await expectCount(row('Unchanged'), WORKPLACES);
  await page.goto('/sync/runs');
  await page.getByRole('button', { name: 'Resync' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resync with Xero' });
  await dialog.getByRole('radio', { name: 'Workplaces' }).click();
  await dialog.getByRole('button', { name: 'Start resync' }).click();
  await heading(page, 'Resync of workplaces');
  await page.getByText('8 workplaces').waitFor();
  await stage.world.settle();
  await expectCount(row('Unchanged'), WORKPLACES);
});

test('on a phone and in the dark ticking workplaces reads as well', async () => {
  const phone = await stage.openAs('admin', 'dark', PHONE);
  await phone.goto('/workplaces');
  await phone.getByRole('checkbox', { name: 'Select Bakery 3' }).check();
  await phone.getByText('1 workplace selected').waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});
