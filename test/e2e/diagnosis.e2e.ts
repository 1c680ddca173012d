import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { faultsOf, heading, isTooWide, PHONE, type Stage, setStage } from './stage.ts';

let stage: Stage;
let page: Page;
let learner: Learner;

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  await world.connectXero(owner);
  await world.settle();
  const body = { firstName: 'Ana', lastName: 'Lima', syncToXero: true, saveAnyway: true };
  learner = await owner.call(api.addLearner, { body });
  await world.settle();
  await world.pass(2 * SECOND_MS);
  page = await stage.openAs('finance');
});
afterAll(() => stage.close());

const contactId = () => stage.world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
const question = (title: string) => page.getByRole('listitem').filter({ hasText: title }).first();

test('the profile leads to the questions; what goes wrong in Xero shows as it happens', async () => {
  await page.goto(`/learners/${learner.id}`);
  await page.getByRole('link', { name: 'Diagnosis' }).click();
  await heading(page, 'Diagnosis: Ana Lima');
  await question('The contact in Xero is in use').getByText('Yes', { exact: true }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  stage.world.bookkeeper.archiveContact(contactId());
  await stage.world.pass(2 * SECOND_MS);
  await question('The contact in Xero is in use').getByText('No', { exact: true }).waitFor();
  stage.world.bookkeeper.restoreContact(contactId());
  await stage.world.pass(2 * SECOND_MS);
  await question('The contact in Xero is in use').getByText('Yes', { exact: true }).waitFor();
});

test('a look in Xero counts both sides, and the bundle is a file without names', async () => {
  stage.world.emulator.control.webhooks.switches.dropNext = 1;
  const lines = [{ description: 'Fee', unitAmount: '80.00', taxType: 'EXEMPTOUTPUT' }];
  const invoice = stage.world.bookkeeper.createInvoice({ contactId: contactId(), lines });
  await page.getByRole('button', { name: 'Look in Xero' }).click();
  await page.getByRole('row').filter({ hasText: 'Invoice' }).getByText('Differs').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Support bundle' }).click();
  const file = await readFile(await (await saved).path(), 'utf8');
  expect(JSON.parse(file).about.number).toBe(learner.learnerNumber);
  expect(file).not.toContain('Lima');

  await page.goto('/invoices');
  await page.getByRole('link', { name: 'Find a missing invoice' }).click();
  await heading(page, 'Find a missing invoice');
  await page.getByLabel('Invoice or credit note number').fill(invoice.number);
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.getByText('It is being fetched now.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await stage.world.settle();
  await page.getByRole('link', { name: 'Ana Lima' }).click();
  await page.getByText(invoice.number).first().waitFor();
});

test('a wrong link is changed on the profile, and Undo goes back', async () => {
  const { world } = stage;
  const former = contactId();
  const other = world.bookkeeper.createContact({ Name: 'Ana Lima (older)' });
  await world.pass(11 * MINUTE_MS);
  const linkedTo = async () => {
    const owner = await world.people.owner();
    const { link } = await owner.call(api.learnerSync, { params: { learnerId: learner.id } });
    return link?.contactId;
  };
  await page.goto(`/learners/${learner.id}`);
  await page.getByRole('button', { name: 'Link to another contact' }).click();
  await page.getByLabel('Name, code or e-mail in Xero').fill('older');
  await page.getByRole('button', { name: 'Link to Ana Lima (older)' }).click();
  await page.getByText('Ana Lima is linked to Ana Lima (older).').waitFor();
  expect(await linkedTo()).toBe(other.id);
  // The message that offers it stays for some seconds only.
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(linkedTo).toBe(former);
  await world.settle();
  expect(await faultsOf(page)).toEqual([]);
});

test('both pages fit a phone and read well in the dark', async () => {
  const phone = await stage.openAs('finance', 'dark', PHONE);
  for (const path of [`/learners/${learner.id}/diagnosis`, '/invoices/missing']) {
    await phone.goto(path);
    await phone.getByRole('heading', { level: 1 }).waitFor();
    expect(await isTooWide(phone)).toBe(false);
    expect(await faultsOf(phone)).toEqual([]);
  }
});
