import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { SECOND_MS } from '#platform/clock';
import { expectCount, faultsOf, heading, isTooWide, PHONE, type Stage, setStage } from './stage.ts';

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
afterAll(async () => {
  expect(stage.complaints).toEqual([]);
  await stage.close();
});

const problem = (title: string) => page.getByRole('region', { name: title });
const TITLE = 'The contact is archived in Xero';

test('the navigation counts what is open; the inbox has one cause once, and leads to all of it', async () => {
  await page.getByRole('link', { name: /^Sync/ }).getByText('60').waitFor();
  await page.getByRole('link', { name: /^Sync/ }).click();
  await heading(page, 'Sync');
  await expectCount(problem(TITLE).getByRole('listitem'), 50);
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
  await page.getByRole('button', { name: /Put Ann42 Boxer .* aside/ }).click();
  await page.getByRole('button', { name: /Bring back Ann42 Boxer/ }).waitFor();
  await page.goto('/sync');
  await problem(TITLE).getByRole('button', { name: 'Put aside' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Note').fill('Ask Priya on Monday');
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Put aside' }).click();
  const aside = page.getByRole('region', { name: 'Put aside' });
  await aside.getByText('“Ask Priya on Monday”').first().waitFor();
  await expectCount(page.getByLabel(/open problems/), 0);
  await aside.getByRole('button', { name: 'Bring back' }).click();
  await page.getByLabel('60 open problems').waitFor();
});

test('what is fixed in Xero is looked at again, and the inbox empties itself', async () => {
  const { world } = stage;
  world.emulator.control.webhooks.switches.dropNext = ARCHIVED;
  for (const id of contactIds) world.bookkeeper.restoreContact(id);
  await world.settle();
  await problem(TITLE).getByRole('button', { name: 'It is fixed in Xero' }).click();
  await page.getByText('Looking again at 60.').waitFor();
  await world.settle();
  await page.getByText('Nothing needs you').waitFor();
  await expectCount(page.getByLabel(/open problems/), 0);
});

test('Xero’s own words stand under ours, and trying again is a button', async () => {
  const { world } = stage;
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Invoices',
    times: 1,
    effect: {
      kind: 'status',
      status: 400,
      body: '{"Message":"Too wide"}',
      contentType: 'application/json',
    },
  });
  const owner = await world.people.owner();
  await owner.call(api.startSyncRun, { body: { kind: 'resync-papers' } });
  await world.settle();
  const failed = problem('A run has failed');
  await failed.getByText('Too wide').waitFor();
  await failed.getByRole('link', { name: 'Open the run' }).click();
  await page.getByText('This run could not be finished').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('on a phone and in the dark it reads as well; staff see why they may not act', async () => {
  const phone = await stage.openAs('staff', 'dark', PHONE);
  await phone.goto('/sync');
  await heading(phone, 'Sync');
  await phone.getByRole('region', { name: 'A run has failed' }).waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});
