import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { expectCount, faultsOf, heading, isTooWide, PHONE, type Stage, setStage } from './stage.ts';

const LEARNERS = 120;

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const lines = Array.from({ length: LEARNERS }, (_, n) => `P${n},Herder,p${n}@herder.example`);
  const content = Buffer.from(['First name,Last name,Email', ...lines].join('\n'));
  const scope = ownScope(world.people.providerId);
  await world.context.learners.importFromFiles(scope, [{ name: 'people.csv', content }]);
  await world.connectXero(await world.people.owner());
  await world.settle();
  page = await stage.openAs('finance');
});
afterAll(async () => {
  expect(stage.complaints).toEqual([]);
  await stage.close();
});

const status = () => page.getByRole('status').filter({ hasText: `of ${LEARNERS}` });

async function startForAllThatMatch(act: string): Promise<void> {
  await page.goto('/learners?search=herder');
  await page.getByText('Herder').first().waitFor();
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: act }).click();
}

function contactsInXero(): number {
  return stage.world.bookkeeper.books.contacts.all().filter(({ name }) => /Herder/.test(name))
    .length;
}

test('all that match go to Xero in one run: paused, resumed, finished, told on whatever page', async () => {
  await startForAllThatMatch('Turn Sync to Xero on');
  await heading(page, 'Sync to Xero on');
  await page.getByText('Running', { exact: true }).waitFor();
  await status().getByText('0 of 120').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await stage.world.settle();
  expect(contactsInXero()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Running', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Learners' }).first().click();
  await heading(page, 'Learners');
  await stage.world.settle();
  await page.getByText('Sync to Xero on: finished.').waitFor();
  expect(contactsInXero()).toBe(LEARNERS);
  await page.goBack();
  await status().getByText('120 of 120').waitFor();
  await expectCount(page.getByText('Added', { exact: true }), 51);
});

test('a run that is cancelled leaves those whose turn has not come', async () => {
  await startForAllThatMatch('Turn Sync to Xero off');
  await heading(page, 'Sync to Xero off');
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await stage.world.settle();
  await page.getByText('Skipped', { exact: true }).first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('a resync of everything counts what it did, and its report is a file', async () => {
  await stage.world.pass(MINUTE_MS);
  await page.goto('/sync');
  await page.getByRole('link', { name: 'Runs' }).click();
  await heading(page, 'Runs');
  await expectCount(page.getByRole('row'), 3);
  await page.getByRole('button', { name: 'Resync' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Papers').click();
  await dialog.getByLabel('From').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByLabel('Everything').click();
  await dialog.getByRole('button', { name: 'Start resync' }).click();
  await heading(page, 'Resync of everything');
  await stage.world.settle();
  await page.getByText('Finished', { exact: true }).first().waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Report' }).click();
  expect((await saved).suggestedFilename()).toBe('bursar-resync-everything-2026-03-02.csv');
  await page.getByLabel('Outcome').click();
  await page.getByRole('option', { name: 'Unchanged' }).click();
  await page.getByRole('row').filter({ hasText: 'Herder' }).first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('one learner is synced by hand from the profile, and one sees that it worked', async () => {
  const { world } = stage;
  await page.goto('/learners?search=P7%20Herder');
  await page.getByRole('link', { name: 'P7 Herder' }).click();
  await heading(page, 'P7 Herder');
  const learners = await page.evaluate(() => globalThis.location.pathname.split('/').at(-1));
  const params = { learnerId: learners as never };
  const owner = await world.people.owner();
  const { learnerNumber } = await owner.call(api.getLearner, { params });
  const contact = world.bookkeeper.findContact(learnerNumber);
  world.emulator.control.webhooks.switches.dropNext = 5;
  const lines = [{ description: 'Course fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];
  const invoice = world.bookkeeper.createInvoice({ contactId: contact?.id ?? '', lines });
  await page.getByRole('button', { name: 'Sync now' }).click();
  await world.settle();
  await page.getByRole('tab', { name: 'Invoices' }).click();
  await page.getByText(invoice.number).waitFor();
});

test('on a phone and in the dark a run reads as well', async () => {
  const phone = await stage.openAs('admin', 'dark', PHONE);
  await phone.goto('/sync/runs');
  await heading(phone, 'Runs');
  await phone.getByRole('link', { name: 'Resync of everything' }).waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});
