import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { MAP_BYTES_MAX } from '#contract/matching';
import { MINUTE_MS } from '#platform/clock';
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
  const { bookkeeper } = stage.world;
  const owner = await stage.world.people.owner();
  const people = [
    {
      firstName: 'Zoë',
      lastName: 'Ångström',
      email: 'zoe@example.com',
      phoneMobile: '0412 000 001',
    },
    { firstName: 'Tom', lastName: 'Tane', email: 'tom@example.com' },
    { firstName: 'Ana', lastName: 'Silva', email: 'ana@example.com' },
    { firstName: 'Mei', lastName: 'Chen', email: 'mei@example.com' },
  ];
  for (const body of people)
    await owner.call(api.addLearner, { body: { ...body, syncToXero: true } });
  bookkeeper.createContact({ Name: 'Zoe Angstrom', EmailAddress: 'zoe@example.com' });
  bookkeeper.createContact({ Name: 'Tom Tane', EmailAddress: 'tom@example.com' });
  const ana = bookkeeper.createContact({ Name: 'Ana Silva', ContactNumber: 'C-12' });
  const lines = [{ description: 'Fee', unitAmount: '80', taxType: 'EXEMPTOUTPUT' }];
  for (const contactId of [ana.id, ana.id]) bookkeeper.createInvoice({ contactId, lines });
  bookkeeper.createContact({ Name: 'Chen Holdings', EmailAddress: 'accounts@chen.example' });
  await stage.world.connectXero(owner, { leavesMatchesOpen: true });
  await stage.world.settle();
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

const row = (name: string) => page.getByRole('row').filter({ hasText: name });

test('the overview tells who waits for approval, and counts nobody of them as on their way', async () => {
  await page.goto('/overview');
  const figure = (label: string) => page.getByText(label, { exact: true }).locator('..');
  await figure('Waiting for approval of matches').getByText('4', { exact: true }).waitFor();
  await figure('On their way').getByText('0', { exact: true }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  await figure('Waiting for approval of matches')
    .getByRole('link', { name: 'Review matches' })
    .click();
  await heading(page, 'Review matches');
  await page.goto('/overview');
  await figure('On their way').getByRole('link', { name: 'Connected Apps' }).click();
  await heading(page, 'Connected Apps');
  await page.getByRole('group', { name: /by where they stand/ }).waitFor();
});

test('the connection says that matches are to be reviewed, and leads there', async () => {
  await page.goto('/settings/connected-apps');
  const notice = page.getByRole('alert').filter({ hasText: 'Matches are to be reviewed first' });
  await notice.getByText('4 learners were compared').waitFor();
  await notice.getByRole('link', { name: 'Review matches' }).click();
  await heading(page, 'Review matches');
});

test('safe ones stand side by side with what is equal, and are accepted with one click', async () => {
  await row('Zoë Ångström').getByText('same e-mail, same name').waitFor();
  await page.getByRole('button', { name: 'Accept all 2 safe ones' }).click();
  await page.getByText('2 of 2 accepted').waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('0 of 2 accepted').waitFor();
  await page.getByRole('button', { name: 'Accept all 2 safe ones' }).click();
  await page.getByText('2 of 2 accepted').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'matching');
  await page.getByRole('button', { name: 'Approve 2 learners' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nobody like 1 learner of them was found in Xero').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a doubtful one is decided by its candidates, and the decision is taken back', async () => {
  await page.getByRole('tab', { name: /To decide/ }).click();
  await row('Ana Silva').getByText('bears another code').waitFor();
  await row('Ana Silva').getByText('2 invoices').waitFor();
  await page.getByLabel('Replace the code C-12 by the learner number').click();
  await page.getByRole('button', { name: 'Link to this one: Ana Silva' }).click();
  await row('Ana Silva').getByText('Its code is replaced by').waitFor();
  await page.getByRole('button', { name: 'Undo for Ana Silva' }).click();
  await page.getByRole('button', { name: 'Link to this one: Ana Silva' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('somebody whom no rule finds is found by hand', async () => {
  await page.getByRole('tab', { name: /Create/ }).click();
  await page.getByRole('button', { name: 'Find a contact for Mei Chen' }).click();
  await page.getByLabel('Name, code or e-mail in Xero').fill('holdings');
  await page.getByRole('list', { name: 'Contacts found' }).getByText('Chen Holdings').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Link to Chen Holdings' }).click();
  await row('Mei Chen').getByText('Decided by').waitFor();
  await page.getByRole('button', { name: 'Undo for Mei Chen' }).click();
  await page.getByRole('button', { name: 'Accept the new contact' }).click();
  await page.getByText('1 of 1 accepted').waitFor();
});

test('a file too large or with faulty rows says so, and changes nothing', async () => {
  const csv = 'Learner number,Contact id,Decision\nL99999,,create\n';
  const field = page.locator('input[type=file]');
  const choose = (buffer: Buffer) =>
    field.setInputFiles({ name: 'map.csv', mimeType: 'text/csv', buffer });
  await choose(Buffer.alloc(MAP_BYTES_MAX + 1, csv));
  const message = page.getByRole('alert').filter({ hasText: 'The file is larger than 8 MB.' });
  await message.waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await choose(Buffer.from(csv));
  await page.getByText('Line 2: No learner with the number L99999').waitFor();
  expect(await page.getByRole('button', { name: 'Take over the file' }).isDisabled()).toBe(true);
  // Empty again, so that a browser tells when the corrected file is chosen under the same name.
  expect(await field.inputValue()).toBe('');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
});

test('approving says what will be written, and then it is', async () => {
  await page.getByRole('button', { name: 'Approve 3 learners' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('2 learners linked to contacts that are there').waitFor();
  await dialog.getByText('1 contact made anew').waitFor();
  await dialog.getByText('Nothing is sent for 1 learner').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Approve and start' }).click();
  await page.getByText('Matches are approved').waitFor();
  await stage.world.settle();
  const { contacts } = stage.world.bookkeeper.books;
  expect(contacts.all()).toHaveLength(5);
});

test('an undecided learner is decided on their own page', async () => {
  await page.goto('/learners');
  await page.getByRole('link', { name: 'Ana Silva' }).click();
  await heading(page, 'Ana Silva');
  await page.getByText('Someone has to decide').waitFor();
  await page.goto('/sync');
  await page.getByRole('button', { name: 'Match again' }).click();
  await page.getByText('Looking again.').waitFor();
  await stage.world.settle();
  await page.getByRole('link', { name: /Ana Silva/ }).click();
  await page.getByText('Someone has to decide').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Link to this one: Ana Silva' }).click();
  await expectCount(page.getByRole('button', { name: 'Link to this one: Ana Silva' }), 0);
  await stage.world.pass(MINUTE_MS);
  await page.getByText('Xero has what is written here, but for this:').waitFor();
  await page.getByText('In Xero the contact has the code “C-12” instead of').waitFor();
});

test('on a phone nothing scrolls sideways, and in the dark it reads as well', async () => {
  const owner = await stage.world.people.owner();
  const { apps } = await owner.call(api.listApps);
  const path = `/settings/connected-apps/${apps[0]?.connections[0]?.id}/matching`;
  const phone = await stage.openAs('finance', 'dark', PHONE);
  await phone.goto(path);
  await heading(phone, 'Review matches');
  await phone.getByText('Matches are approved').waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});
