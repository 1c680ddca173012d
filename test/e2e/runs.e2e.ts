import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
afterAll(() => stage.close());

const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const status = () => page.getByRole('status').filter({ hasText: `of ${LEARNERS}` });

async function startForAllThatMatch(act: string): Promise<void> {
  await page.goto('/learners?search=herder');
  await page.getByText('Herder').first().waitFor();
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: act }).click();
  const question = page.getByRole('dialog', { name: `${act} for all learners that match?` });
  await question.getByRole('button', { name: act }).click();
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
  expect(await faultsOf(page)).toEqual([]);
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
  await page.getByRole('button', { name: 'See the run' }).click();
  await heading(page, 'Sync to Xero on');
  await status().getByText('120 of 120').waitFor();
  await expectCount(row('Added'), 50);
});

test('a run that is cancelled leaves those whose turn has not come', async () => {
  await startForAllThatMatch('Turn Sync to Xero off');
  await heading(page, 'Sync to Xero off');
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await stage.world.settle();
  await status().getByText('120 of 120').waitFor();
  await expectCount(row('Skipped'), 50);
  await row('P0 Herder').getByText('The run was cancelled before this one’s turn.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('those who match are compared with Xero again', async () => {
  await page.goto('/learners?search=P11');
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: 'Resync with Xero' }).click();
  await heading(page, 'Resync of learners');
  await stage.world.settle();
  await page.getByText('Resync of learners: finished.').waitFor();
  await expectCount(row('Unchanged'), 11);
});

test('papers are resynced by their dates', async () => {
  const { world } = stage;
  await unheard(async () => {
    for (const date of ['2026-01-15', '2026-02-15']) invoiceFor('P1 Herder', date);
  });
  await page.goto('/sync');
  await page.getByRole('link', { name: 'Runs' }).click();
  await heading(page, 'Runs');
  await expectCount(page.getByRole('row'), 4);
  const dialog = await askForResync('Papers');
  await dialog.getByLabel('From', { exact: true }).fill('2026-02-01');
  await dialog.getByLabel('To', { exact: true }).fill('2026-02-28');
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Start resync' }).click();
  await heading(page, 'Resync of papers');
  await page.getByText('Papers from 1 Feb 2026 to 28 Feb 2026').waitFor();
  await world.settle();
  await page.getByText('1 of 1').waitFor();
  await expectCount(row('Added'), 1);
});

test('a resync of everything counts what it did with reasons, and its report is a file', async () => {
  const { world } = stage;
  await world.pass(MINUTE_MS);
  const archived = world.bookkeeper.findContact('P2 Herder');
  world.bookkeeper.archiveContact(archived?.id ?? '');
  await world.pass(MINUTE_MS);
  await page.goto('/sync/runs');
  const dialog = await askForResync('Everything');
  await dialog.getByRole('button', { name: 'Start resync' }).click();
  await heading(page, 'Resync of everything');
  await world.settle();
  await page.getByText('Resync of everything: finished, 1 failed.').waitFor();
  await factOf('Failed').getByText('1', { exact: true }).waitFor();
  // The others, and the paper that was met before.
  await factOf('Unchanged').getByText('120', { exact: true }).waitFor();
  await factOf('Added').getByText('1', { exact: true }).waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Report' }).click();
  const report = await saved;
  expect(report.suggestedFilename()).toBe('bursar-resync-everything-2026-03-02.csv');
  const lines = (await readFile(await report.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(1 + LEARNERS + 1);
  expect(lines.find((line) => line.includes('P2 Herder'))).toMatch(/Failed|failed.*archived/);
  await page.getByRole('combobox', { name: 'Outcome' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await expectCount(page.getByRole('row'), 2);
  await row('P2 Herder')
    .getByText(/archived/)
    .waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

/** Xero's webhooks of what happens meanwhile are lost. */
async function unheard<Made>(act: () => Promise<Made>): Promise<Made> {
  const { switches } = stage.world.emulator.control.webhooks;
  switches.dropNext = 10;
  const made = await act();
  await stage.world.settle();
  switches.dropNext = 0;
  return made;
}

function factOf(label: string) {
  return page.locator('dl > div').filter({ has: page.getByText(label, { exact: true }) });
}

test('no resync starts by a day that is none', async () => {
  await page.goto('/sync/runs');
  const dialog = await askForResync('Papers');
  const start = dialog.getByRole('button', { name: 'Start resync' });
  await dialog.getByLabel('From').fill('1/7/26');
  await page.keyboard.press('Tab');
  await dialog.getByText('Write a day such as 3 Apr 2026').waitFor();
  expect(await start.getAttribute('aria-disabled')).toBe('true');
  await dialog.getByLabel('From').fill('1 Jul 2026');
  await expect.poll(() => start.getAttribute('aria-disabled')).toBeNull();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

async function askForResync(what: string) {
  await page.getByRole('button', { name: 'Resync' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resync with Xero' });
  await dialog.getByRole('radio', { name: what }).click();
  return dialog;
}

function invoiceFor(name: string, date: string) {
  const { bookkeeper } = stage.world;
  const contactId = bookkeeper.findContact(name)?.id ?? '';
  const lines = [{ description: 'Course fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];
  return bookkeeper.createInvoice({ contactId, date, lines });
}

test('one learner is synced by hand from the profile, and one sees that it worked', async () => {
  const { world } = stage;
  await world.pass(MINUTE_MS);
  await page.goto('/learners?search=P7%20Herder');
  await page.getByRole('link', { name: 'P7 Herder', exact: true }).click();
  await heading(page, 'P7 Herder');
  await page.getByText('Xero has everything that is written here').waitFor();
  const invoice = await unheard(async () => invoiceFor('P7 Herder', '2026-03-02'));
  await page.getByRole('button', { name: 'Sync now' }).click();
  await page.getByText('Reading the papers from Xero.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await world.settle();
  await page.getByText('Synced: Xero has what is written here, and the papers are here.').waitFor();
  await expectCount(page.getByText('Reading the papers from Xero.'), 0);
  await page.getByRole('tab', { name: 'Invoices' }).click();
  await page.getByText(invoice.number).waitFor();
});

test('on a phone and in the dark runs read as well', async () => {
  const phone = await stage.openAs('admin', 'dark', PHONE);
  await phone.goto('/sync/runs');
  await heading(phone, 'Runs');
  await phone.getByRole('link', { name: 'Resync of everything' }).waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
  await phone.getByRole('link', { name: 'Resync of everything' }).click();
  await heading(phone, 'Resync of everything');
  await phone.getByText('P0 Herder').first().waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});
