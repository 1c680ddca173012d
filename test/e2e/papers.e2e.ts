import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { faultsOf, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;
let learner: Learner;
let page: Page;

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  await world.connectXero(owner);
  await world.settle();
  learner = await owner.call(api.addLearner, {
    body: { firstName: 'Paula', lastName: 'Papers', syncToXero: true, saveAnyway: true },
  });
  await world.settle();
  const { bookkeeper } = world;
  const contactId = bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  const lines = (unitAmount: string) => [
    { description: 'Tuition', unitAmount, taxType: 'EXEMPTOUTPUT' },
  ];
  const invoice = bookkeeper.createInvoice({
    contactId,
    date: '2026-02-01',
    lines: lines('1200'),
  });
  bookkeeper.pay(invoice.id, { amount: '200', date: '2026-02-10', reference: 'EFT' });
  const note = bookkeeper.credits.createNote({
    contactId,
    number: 'CN-7',
    date: '2026-02-11',
    lines: lines('150'),
  });
  bookkeeper.credits.allocate('creditNote', note.id, invoice.id, '100');
  bookkeeper.credits.receiveOverpayment({ contactId, amount: '30', date: '2026-02-12' });
  await world.settle();
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

test('the learner shows papers of every kind, and each opens to what it was set against', async () => {
  await page.goto(`/learners/${learner.id}?tab=invoices`);
  const balance = page.getByRole('group', { name: 'Balance in AUD' });
  await balance.getByText('Credit available').waitFor();
  await balance.getByText('80.00').waitFor();
  await balance.getByText('900.00').waitFor();
  await page.getByRole('button', { name: /^CN-7:/ }).click();
  const applied = page.getByRole('group', { name: 'Credit applied' });
  await applied.getByText(/^To INV-/).waitFor();
  await applied.getByText('Credit left').waitFor();
  await page.getByText('Overpayment', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'History', exact: true }).click();
  await page.getByRole('group', { name: 'History' }).getByText('arrived from Xero').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('the history is narrowed down to what one looks for', async () => {
  await page.goto(`/learners/${learner.id}?tab=history`);
  await page.getByText('Added, with Sync to Xero on').waitFor();
  await page.getByText('Invoices', { exact: true }).last().click();
  await page.getByText('Added, with Sync to Xero on').waitFor({ state: 'detached' });
  await page
    .getByText(/arrived from Xero$/)
    .first()
    .waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('the statement runs, is narrowed by dates, and is printed without what stands around it', async () => {
  await page.goto(`/learners/${learner.id}?tab=statement`);
  const table = page.getByRole('table', { name: 'Statement in AUD' });
  await table.getByText('Credit applied').waitFor();
  expect(await table.getByRole('row').count()).toBe(6);
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  expect((await file).suggestedFilename()).toMatch(/^statement-paula-papers-.*\.csv$/);

  await page.getByLabel('From').fill('11/2/2026');
  await page.getByLabel('To', { exact: true }).fill('31/2/2026');
  await page.getByLabel('From').click();
  await page.getByText('Write a day such as 3 Apr 2026').waitFor();
  await page.getByLabel('To', { exact: true }).fill('');
  expect(await page.getByLabel('From').inputValue()).toBe('11 Feb 2026');
  await page.getByRole('group', { name: 'Sums in AUD' }).getByText('1,000.00').first().waitFor();
  await page.getByRole('link', { name: 'Print view' }).click();
  await heading(page, /^Statement for Paula Papers/);
  await page.getByText('from 11 Feb 2026').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: 'Print statement' }).isVisible()).toBe(false);
  expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
});

test('the provider’s list shows one kind at a time', async () => {
  await page.goto('/invoices');
  await page.getByRole('button', { name: /^CN-7:/ }).waitFor();
  await page.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'Overpayment' }).click();
  await page.getByRole('button', { name: /^CN-7:/ }).waitFor({ state: 'detached' });
  expect(await page.getByRole('row').count()).toBe(2);
});

test('the settings of the books are shown, with what changed in Xero', async () => {
  stage.world.bookkeeper.setLockDates('2026-01-31');
  await stage.world.pass(25 * 60 * MINUTE_MS);
  await page.goto('/settings/connected-apps');
  await page.getByRole('link', { name: 'How the books are set up in Xero' }).click();
  await heading(page, 'Settings of the books');
  await page.getByText('Lock date:').waitFor();
  await page.getByRole('table', { name: 'Tax rates' }).getByText('OUTPUT').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
});
