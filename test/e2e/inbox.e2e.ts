import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import {
  expectCount,
  faultsOf,
  heading,
  isTooWide,
  PHONE,
  type Stage,
  setStage,
  unstyledParts,
} from './stage.ts';

const ARCHIVED = 60;

let stage: Stage;
let page: Page;
let contactIds: string[];

/** Sixty learners whose contacts were archived in Xero: one cause, more than one look shows. */
beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  await world.connectXero(owner);
  await world.settle();
  const numbers: string[] = [];
  for (let n = 10; n < 10 + ARCHIVED; n += 1) {
    const body = { firstName: `Ann${n}`, lastName: 'Boxer', syncToXero: true, saveAnyway: true };
    numbers.push((await owner.call(api.addLearner, { body })).learnerNumber);
  }
  await world.settle();
  await world.pass(2 * SECOND_MS);
  contactIds = numbers.map((number) => world.bookkeeper.findContact(number)?.id ?? '');
  for (const id of contactIds) world.bookkeeper.archiveContact(id);
  await world.pass(2 * SECOND_MS);
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

const problem = (title: string) => page.getByRole('region', { name: title, exact: true });
const TITLE = 'The contact is archived in Xero';

test('the navigation counts what is open; the inbox has one cause once, and leads to all of it', async () => {
  await page.getByRole('link', { name: 'Sync 60 open problems' }).click();
  await heading(page, 'Sync');
  await expectCount(problem(TITLE).getByRole('listitem'), 10);
  expect(await faultsOf(page)).toEqual([]);
  await problem(TITLE).getByRole('link', { name: 'Show all 60' }).click();
  await heading(page, TITLE);
  await expectCount(page.getByRole('row'), 51);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expectCount(page.getByRole('row'), 61);
  await page.getByLabel('Search').fill('ann42');
  await expectCount(page.getByRole('row'), 2);
  expect(await faultsOf(page)).toEqual([]);
});

test('one of them is put aside alone, the others with a note, and brought back', async () => {
  await page.getByRole('button', { name: /Put aside Ann42 Boxer/ }).click();
  await page.getByRole('button', { name: /Bring back Ann42 Boxer/ }).waitFor();
  await page.goto('/sync');
  await problem(TITLE).getByRole('button', { name: 'Put aside' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Note').fill('Ask Priya on Monday');
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Put aside' }).click();
  const aside = page.getByRole('region', { name: 'Put aside', exact: true });
  await aside.getByText('“Ask Priya on Monday”').first().waitFor();
  await expectCount(page.getByLabel(/open problems/), 0);
  await aside.getByRole('button', { name: 'Bring back' }).click();
  await page.getByLabel('60 open problems').waitFor();
});

test('what is fixed in Xero is looked at again, and the inbox empties itself', async () => {
  const { world } = stage;
  const { switches } = world.emulator.control.webhooks;
  switches.dropNext = ARCHIVED;
  for (const id of contactIds) world.bookkeeper.restoreContact(id);
  await world.settle();
  switches.dropNext = 0;
  await page.getByLabel('60 open problems').waitFor();
  await problem(TITLE).getByRole('button', { name: 'It is fixed in Xero' }).click();
  await page.getByText('Looking again at 60.').waitFor();
  await world.settle();
  await page.getByText('Nothing needs you').waitFor();
  await expectCount(page.getByLabel(/open problems/), 0);
});

test('Xero’s own words stand under ours, and trying again is a button', async () => {
  const { world } = stage;
  refuseOnce('/api.xro/2.0/Contacts', 'Country must contain letters only');
  const owner = await world.people.owner();
  const body = { firstName: 'Cora', lastName: 'Curtis', syncToXero: true };
  const { learnerNumber } = await owner.call(api.addLearner, { body });
  await world.settle();
  const refused = problem('Xero did not accept the contact: Country must contain letters only');
  await refused.getByRole('link', { name: `Cora Curtis (${learnerNumber})` }).waitFor();
  await refused.getByRole('blockquote').getByText('Country must contain letters only').waitFor();
  expect(await unstyledParts(page)).toEqual([]);
  expect(await faultsOf(page)).toEqual([]);
  await refused.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Looking again.').waitFor();
  await world.settle();
  await page.getByText('Nothing needs you').waitFor();
  expect(world.bookkeeper.findContact(learnerNumber)).toBeDefined();
});

test('each failed run is told with Xero’s reason and reached by its name', async () => {
  const { world } = stage;
  const owner = await world.people.owner();
  for (const kind of ['resync-papers', 'resync-everything'] as const) {
    refuseOnce('/api.xro/2.0/Invoices', 'Too wide');
    await owner.call(api.startSyncRun, { body: { kind } });
    await world.settle();
    await world.pass(MINUTE_MS);
  }
  const failed = problem('A run has failed');
  await expectCount(failed.getByText('Too wide'), 2);
  await failed.getByRole('link', { name: /^The resync of papers/ }).click();
  await page.getByText('This run could not be finished').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('on a phone and in the dark it reads as well; staff see why they may not act', async () => {
  const { world } = stage;
  for (const id of contactIds) world.bookkeeper.archiveContact(id);
  await world.pass(MINUTE_MS);
  const phone = await stage.openAs('staff', 'dark', PHONE);
  await phone.goto('/sync');
  await heading(phone, 'Sync');
  await phone.getByRole('region', { name: 'A run has failed' }).waitFor();
  const again = phone.getByRole('button', { name: 'It is fixed in Xero' });
  expect(await again.getAttribute('aria-disabled')).toBe('true');
  await again.focus();
  await phone.getByRole('tooltip').getByText(/may/).waitFor();
  await again.blur();
  await expectCount(phone.getByRole('tooltip'), 0);
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
  await phone.getByRole('link', { name: 'Show all 60' }).click();
  await heading(phone, TITLE);
  await phone.getByText('Ann10 Boxer').first().waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});

test('contacts that were merged in Xero lead to merging the learners, or to another contact', async () => {
  const { world } = stage;
  const owner = await world.people.owner();
  const numbers: string[] = [];
  for (const firstName of ['Mila', 'Milla']) {
    const body = { firstName, lastName: 'Merger', syncToXero: true, saveAnyway: true };
    numbers.push((await owner.call(api.addLearner, { body })).learnerNumber);
  }
  await world.settle();
  await world.pass(MINUTE_MS);
  const [from = '', into = ''] = numbers.map((n) => world.bookkeeper.findContact(n)?.id ?? '');
  world.bookkeeper.mergeContacts(from, into);
  await world.pass(MINUTE_MS);
  await page.goto('/sync');
  const merged = problem('Two contacts that are linked here were merged in Xero');
  await merged.getByRole('link', { name: 'Merge the learners' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await merged.getByRole('link', { name: 'Link to another contact' }).click();
  await heading(page, 'Mila Merger');
  const picker = page.getByRole('dialog', { name: /Mila Merger/ });
  await picker.waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expectCount(picker, 0);
  await page.goto('/sync');
  await merged.getByRole('link', { name: 'Merge the learners' }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge with another learner' });
  await dialog.getByLabel('Name, number or e-mail').fill('Milla');
  await page.getByRole('option', { name: /^Milla Merger/ }).click();
  await dialog.getByText('Which record stays?').waitFor();
  await dialog.getByRole('button', { name: /^Merge into/ }).click();
  await page
    .getByText(/was merged into/)
    .first()
    .waitFor();
  await world.settle();
  await page.goto('/sync');
  await problem(TITLE).waitFor();
  await expectCount(merged, 0);
});

/** Xero answers one call to this path with a 400. */
function refuseOnce(path: string, message: string): void {
  stage.world.emulator.control.faults.add({
    path,
    times: 1,
    effect: {
      kind: 'status',
      status: 400,
      body: JSON.stringify({ Message: message }),
      contentType: 'application/json',
    },
  });
}
