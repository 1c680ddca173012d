import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectCount, heading, picture, type Stage, setStage } from './stage.ts';

/** A real export of another student system; it stands beside the project, never in it. */
const EXPORT = fileURLToPath(new URL('../../../shared/data/avetmiss', import.meta.url));
const hasExport = existsSync(EXPORT);
if (!hasExport) console.log(`Skipped: the journey with a real export, since ${EXPORT} is absent`);

const LEARNERS = 13;
const LIVE_MS = 15_000;

describe.skipIf(!hasExport)('the whole line, by hand in a browser', () => {
  let stage: Stage;
  let page: Page;
  let desk: Page;

  beforeAll(async () => {
    stage = await setStage({ startsAt: '2026-10-05T00:30:00.000Z' });
    page = await stage.openAs('owner');
    desk = await stage.open();
  });
  afterAll(() => stage.close());

  test('an export of another system is looked over, then imported', async () => {
    await page.getByRole('button', { name: 'Import learners' }).first().click();
    await heading(page, 'Import learners');
    const files = readdirSync(EXPORT).map((name) => `${EXPORT}/${name}`);
    await page.locator('input[type=file]').setInputFiles(files);
    await page.getByRole('button', { name: 'Show what would happen' }).click();
    await page.getByRole('tab', { name: `New ${LEARNERS}` }).waitFor();
    await picture(page, 'import-preview');
    await page.getByRole('button', { name: `Import ${LEARNERS} learners` }).click();
    await page.getByText(`of ${LEARNERS} learners imported`).waitFor();
    await stage.world.settle();
    await page.getByText(`${LEARNERS} learners were added or changed.`).waitFor();
    await page.getByRole('link', { name: 'See the learners' }).click();
    await expectCount(rows(page, 'Learners'), LEARNERS);
    await page.getByRole('link', { name: 'Penny Lane' }).waitFor();
  });

  test('Xero is connected through its own pages', async () => {
    await page.getByRole('link', { name: 'Connected Apps' }).click();
    await page.getByRole('button', { name: 'Connect Xero' }).click();
    await page.getByRole('button', { name: /Ada/ }).click();
    await page.getByRole('button', { name: 'Allow access' }).click();
    await page.getByText('Xero is connected: Harbour Training Pty Ltd').waitFor();
    const connected = page.getByRole('region', { name: 'Connected' });
    await connected.getByText('Australia').waitFor();
    await connected.getByText('Odile Marchand').waitFor();
    await stage.world.settle();
    await picture(page, 'connected-apps');
  });

  test('Sync to Xero for all puts every learner there, seen live', async () => {
    await page.getByRole('link', { name: 'Learners', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Select all shown' }).check();
    await page.getByRole('button', { name: 'Turn Sync to Xero on' }).click();
    await page.getByText(`Sync to Xero turned on for ${LEARNERS} learners.`).waitFor();
    await stage.world.settle();
    await expectCount(rows(page, 'Learners').getByText('In step', { exact: true }), LEARNERS);
    await picture(page, 'learners');
    await openDesk();
    await desk.getByText(`${LEARNERS} contacts, page 1 of 1`).waitFor();
    await expectCount(desk.getByRole('row').filter({ hasText: 'ACTIVE' }), LEARNERS);
  });

  test('an invoice raised and paid in parts at the desk arrives as it happens', async () => {
    await page.getByRole('link', { name: 'Penny Lane' }).click();
    await page.getByRole('tab', { name: 'Invoices' }).click();
    await page.getByText('No invoices yet').waitFor();
    await raiseInvoice();
    await shows('not owed yet 1,980.00 AUD', 'Draft');
    await act('Approve');
    await shows('1,980.00 AUD', 'Approved');
    await pay('500.25');
    await shows('1,479.75 AUD', 'Part paid');
    await page.getByRole('button', { name: /lines and what settles it/ }).click();
    await page.getByRole('group', { name: 'Payments' }).getByText('500.25').waitFor();
    await page.mouse.move(0, 0);
    await picture(page, 'learner-invoices');
    await pay('1479.75');
    await shows('0.00 AUD', 'Paid');
    await page.getByRole('group', { name: 'Payments' }).getByText('1,479.75').waitFor();
  });

  test('another one voided there stays listed and counts for nothing', async () => {
    await raiseInvoice();
    await act('Approve');
    await act('Void invoice');
    await stage.world.settle();
    const voided = rows(page, 'Invoices of this learner').filter({ hasText: 'Voided' });
    await expectCount(voided, 1);
    const balance = page.getByRole('group', { name: 'Balance in AUD' });
    await expect
      .poll(() => balance.innerText(), { timeout: LIVE_MS })
      .toMatch(/Invoiced\s+1,980\.00\s*AUD[\s\S]*Owing\s+0\.00\s*AUD/);
  });

  test('the learner’s history tells it all', async () => {
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Odile Marchand').first().waitFor();
  });

  async function openDesk(): Promise<void> {
    await desk.goto(`${stage.world.emulator.url}/desk`);
    await desk.getByRole('link', { name: 'Harbour Training Pty Ltd' }).click();
  }

  async function raiseInvoice(): Promise<void> {
    await openDesk();
    await desk.getByRole('link', { name: /Penny Lane/ }).click();
    await desk.getByRole('link', { name: 'New invoice' }).click();
    await desk.getByLabel('Description 1').fill('Certificate III in Individual Support');
    await desk.getByLabel('Unit amount 1').fill('1800');
    await act('Save as draft');
    await desk.getByRole('heading', { name: /^Invoice/ }).waitFor();
  }

  async function pay(amount: string): Promise<void> {
    await desk.getByLabel('Amount paid').fill(amount);
    await act('Record payment');
  }

  /** Presses a button of the desk, and goes on when Xero has done it. */
  async function act(button: string): Promise<void> {
    await Promise.all([
      desk.waitForResponse((answer) => answer.request().method() === 'POST'),
      desk.getByRole('button', { name: button, exact: true }).click(),
    ]);
  }

  /** What is due and the status reach the open page by themselves. */
  async function shows(due: string, status: string): Promise<void> {
    await stage.world.settle();
    const invoice = rows(page, 'Invoices of this learner').first();
    await invoice.getByText(status, { exact: true }).waitFor({ timeout: LIVE_MS });
    const cell = invoice.getByRole('cell').nth(CELL_DUE);
    await expect.poll(() => cell.innerText(), { timeout: LIVE_MS }).toMatch(sum(due));
  }
});

/** After number, kind, date, due date, total and paid. */
const CELL_DUE = 6;

function rows(page: Page, table: string) {
  return page.getByRole('table', { name: table }).locator('tbody tr');
}

/** `1,980.00 AUD`, with or without space before the currency. */
function sum(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(' ', '\\s*').replaceAll('.', '\\.')}$`);
}
