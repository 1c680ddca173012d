import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { HOUR_MS } from '#platform/clock';
import {
  expectCount,
  faultsOf,
  heading,
  isTooWide,
  PHONE,
  picture,
  type Stage,
  setStage,
} from './stage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  await world.connectXero(owner);
  await world.settle();
  const body = { firstName: 'Eve', lastName: 'Even', syncToXero: true };
  const learner = await owner.call(api.addLearner, { body });
  await world.settle();
  const contact = world.bookkeeper.findContact(learner.learnerNumber);
  const lines = [{ description: 'Course fee', unitAmount: '440.00', taxType: 'EXEMPTOUTPUT' }];
  world.bookkeeper.createInvoice({ contactId: contact?.id ?? '', lines });
  await world.pass(HOUR_MS);
  page = await stage.openAs('finance');
});
afterAll(() => stage.close());

test('the overview says that both ledgers agree, and compares them when asked', async () => {
  await page.getByRole('link', { name: 'Overview' }).click();
  await heading(page, 'Overview');
  await page.getByText(/In agreement as of/).waitFor();
  await page.getByRole('button', { name: 'Compare now' }).click();
  await page.getByText('Comparing').waitFor();
  await stage.world.pass(HOUR_MS);
  await page.getByText(/^1 paper compared with \d calls? to Xero\./).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'overview');
});

test('every paper is compared on wish, and what that costs is said before', async () => {
  await page.getByRole('button', { name: 'Paper by paper' }).click();
  const question = page.getByRole('dialog', { name: 'Compare paper by paper?' });
  await question.getByText('takes about 4 calls to Xero').waitFor();
  await question.getByText(/[\d,]+ of today’s calls are left/).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await question.getByRole('button', { name: 'Compare paper by paper' }).click();
  await page.getByText('Comparing').waitFor();
  await stage.world.pass(HOUR_MS);
  await page.getByText('1 paper compared with 4 calls to Xero.').waitFor();
});

test('a comparison shows what both sides add up to, and every one is kept', async () => {
  await page.getByRole('link', { name: 'What was compared' }).click();
  await page.getByText('Nothing differed.').waitFor();
  const sums = page.getByRole('table', { name: 'Sums by learner' });
  const row = sums.getByRole('row').filter({ hasText: 'Eve Even' });
  await expectCount(row.getByText('440.00'), 4);
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Agreement' }).first().click();
  await heading(page, 'Agreement');
  const all = page.getByRole('table', { name: 'Comparisons' });
  await all.getByRole('row').filter({ hasText: 'Paper by paper' }).waitFor();
  await all.getByRole('row').filter({ hasText: 'By counting' }).first().waitFor();
  await all.getByRole('row').filter({ hasText: 'Each night' }).first().waitFor();
});

test('what differs is named with why, mended, and reads as well on a phone in the dark', async () => {
  const { world } = stage;
  const { id } = world.bookkeeper.createContact({ Name: 'Coffee Bar' });
  const lines = [{ description: 'Beans', unitAmount: '5.00', taxType: 'EXEMPTOUTPUT' }];
  world.bookkeeper.createInvoice({ contactId: id, lines });
  // From here on sweeps look back no further than to the paper above.
  await world.pass(HOUR_MS);
  await changeHere('update documents set due_minor = due_minor + 1');
  const phone = await stage.openAs('finance', 'dark', PHONE);
  await phone.goto('/sync/agreement');
  await heading(phone, 'Agreement');
  await phone.getByRole('button', { name: 'Paper by paper' }).click();
  await phone.getByRole('button', { name: 'Compare paper by paper' }).click();
  await phone.getByText('Comparing').first().waitFor();
  await world.pass(HOUR_MS);
  await phone.getByText('1 differed and was looked into.').waitFor();
  await phone.getByRole('link', { name: 'What was compared' }).click();
  const difference = phone.getByRole('table', { name: 'What differed' }).getByRole('row');
  await difference.filter({ hasText: '440.01' }).getByText('440.00').waitFor();
  await difference.filter({ hasText: 'Eve Even' }).getByText('Taken over').waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});

/** A slip that leaves no trace, as a restored copy would. */
async function changeHere(statement: string): Promise<void> {
  const database = new pg.Client({ connectionString: stage.world.config.databaseUrl });
  await database.connect();
  const { rowCount } = await database.query(statement);
  await database.end();
  expect(rowCount).toBe(1);
}
