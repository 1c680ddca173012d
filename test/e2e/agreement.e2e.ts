import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { HOUR_MS } from '#platform/clock';
import { expectCount, faultsOf, heading, picture, type Stage, setStage } from './stage.ts';

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
afterAll(async () => {
  await stage.close();
  expect(stage.complaints).toEqual([]);
});

test('the overview says that both ledgers agree, and compares them when asked', async () => {
  await page.getByRole('link', { name: 'Overview' }).click();
  await heading(page, 'Overview');
  await page.getByText(/In agreement as of/).waitFor();
  await page.getByRole('button', { name: 'Compare now' }).click();
  await page.getByText('Comparing').waitFor();
  await stage.world.pass(HOUR_MS);
  await page.getByText('1 paper compared with 4 calls to Xero.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'overview');
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
  await all.getByRole('row').filter({ hasText: 'Each night' }).first().waitFor();
});
