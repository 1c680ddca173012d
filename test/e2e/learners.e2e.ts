import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { expectCount, faultsOf, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await setStage();
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

/** Waits until what is typed goes into a field. */
async function writing(): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
}

async function add(fields: { first: string; last: string; email?: string }): Promise<void> {
  await page.goto('/learners/new');
  await page.getByLabel('First name').fill(fields.first);
  await page.getByLabel('Last name').fill(fields.last);
  if (fields.email) await page.getByLabel('E-mail', { exact: true }).fill(fields.email);
  await page.getByRole('button', { name: 'Add learner' }).click();
}

test('an empty list leads to adding; mistakes are said at the field', async () => {
  await page.getByText('No learners yet').waitFor();
  await page.getByRole('button', { name: 'Add learner' }).first().click();
  await page.getByLabel('E-mail', { exact: true }).fill('not an address');
  await page.getByLabel('Date of birth').fill('31/2/1999');
  await page.getByRole('button', { name: 'Add learner' }).click();
  await page.getByText('A learner needs a first or a last name').waitFor();
  await page.getByText('This is not an e-mail address').waitFor();
  await page.getByText('Write it like 3 Apr 1999').waitFor();
  await page.getByLabel('Last name').fill('Ngata');
  await page.getByLabel('E-mail', { exact: true }).fill('aroha@learner.example');
  await page.getByLabel('Date of birth').fill('3/4/1999');
  await page.getByRole('button', { name: 'Add learner' }).click();
  await heading(page, 'Ngata');
  await page.getByText('3 Apr 1999').waitFor();
});

test('someone who may be here already is named, and saved only when told to', async () => {
  await add({ first: 'Zoë', last: 'Martin', email: 'zoe@learner.example' });
  await heading(page, 'Zoë Martin');
  await add({ first: 'zoe', last: 'MARTIN', email: 'ZOE@learner.example' });
  const warning = page.getByRole('alert').filter({ hasText: 'This person may be here already' });
  await warning.getByRole('link', { name: 'Zoë Martin' }).waitFor();
  await warning.getByRole('button', { name: 'Save anyway' }).click();
  await heading(page, 'zoe MARTIN');
});

test('a learner is changed, and what someone else changed meanwhile is not lost', async () => {
  await add({ first: 'Mei', last: 'Chen', email: 'mei@learner.example' });
  await heading(page, 'Mei Chen');
  await page.getByRole('button', { name: 'Edit learner' }).click();
  await heading(page, 'Edit Mei Chen');
  await page.getByLabel('Mobile').fill('0491 570 006');
  const owner = await stage.world.people.owner();
  const [row] = (await owner.call(api.listLearners, { query: { search: 'mei chen' } })).items;
  const params = { learnerId: row?.id ?? '' };
  await owner.call(api.editLearner, { params, body: { usi: 'ABCDE12345', revision: 1 } });
  await page.getByRole('button', { name: 'Save learner' }).click();
  const refused = page.getByRole('alert').filter({ hasText: 'Someone else changed this' });
  await refused.getByRole('button', { name: /Take the newest version/ }).click();
  await expect.poll(() => page.getByLabel('USI').inputValue()).toBe('ABCDE12345');
  expect(await page.getByLabel('Mobile').inputValue()).toBe('0491 570 006');
  await page.getByRole('button', { name: 'Save learner' }).click();
  await page.getByText('0491 570 006').waitFor();
  await page.getByText('ABCDE12345').waitFor();
});

test('leaving a half-filled form asks first', async () => {
  await add({ first: 'Omar', last: 'Haddad' });
  await heading(page, 'Omar Haddad');
  await page.getByRole('button', { name: 'Edit learner' }).click();
  await page.getByLabel('Preferred name').fill('Om');
  await page.getByRole('link', { name: 'Imports' }).click();
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await page.getByLabel('Preferred name').inputValue()).toBe('Om');
  await page.getByRole('link', { name: 'Imports' }).click();
  await question.getByRole('button', { name: 'Leave page' }).click();
  await heading(page, 'Imports');
});

test('making inactive happens at once and is taken back with Undo', async () => {
  await add({ first: 'Lena', last: 'Fischer' });
  await heading(page, 'Lena Fischer');
  await page.getByRole('button', { name: 'Make inactive' }).click();
  await page.getByRole('button', { name: 'Make active' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Make inactive' }).waitFor();
});

test('Sync to Xero says what is missing where it is turned on', async () => {
  await page.goto('/learners/new');
  await page.getByLabel('First name').fill('Uma');
  await page.getByRole('button', { name: 'Add learner' }).click();
  await heading(page, 'Uma');
  await page.getByRole('switch', { name: 'Sync to Xero' }).click();
  await page.getByRole('alert').filter({ hasText: 'Xero needs a last name' }).waitFor();
  await page.getByRole('link', { name: 'Fill in what is missing' }).click();
  await page.getByLabel('Last name').fill('Rao');
  await page.getByRole('button', { name: 'Save learner' }).click();
  await heading(page, 'Uma Rao');
  await page.getByRole('switch', { name: 'Sync to Xero' }).click();
  await page.getByText('No Xero organisation is connected').waitFor();
});

test('the list is searched as one types, filtered, and acted on by rows', async () => {
  await add({ first: 'Isla', last: 'Quast' });
  await heading(page, 'Isla Quast');
  await add({ first: 'Kofi', last: 'Quast' });
  await heading(page, 'Kofi Quast');
  await page.goto('/learners');
  const rows = page.getByRole('table', { name: 'Learners' }).locator('tbody tr');
  await page.getByRole('searchbox', { name: 'Search' }).fill('quast');
  await expectCount(rows, 2);
  await page.getByRole('searchbox', { name: 'Search' }).fill('isla qua');
  await expectCount(rows, 1);
  await page.getByRole('searchbox', { name: 'Search' }).fill('quast');
  await page.getByRole('checkbox', { name: 'Select Kofi Quast' }).check();
  await page.getByRole('button', { name: 'Turn Sync to Xero on' }).click();
  await page.getByText('Sync to Xero turned on for 1 learner.').waitFor();
  await page.goto('/learners?search=quast&sync=true');
  await expectCount(rows, 1);
  await page.goto('/learners?search=nobody');
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await rows.filter({ hasText: 'Isla Quast' }).waitFor();
});

test('a learner is found from anywhere by keyboard alone', async () => {
  await add({ first: 'Wiremu', last: 'Parata' });
  await heading(page, 'Wiremu Parata');
  await page.goto('/settings/people');
  await heading(page, 'People');
  const finder = page.getByRole('dialog', { name: 'Find a learner' });
  await page.keyboard.press('Control+k');
  await finder.waitFor();
  await writing();
  await page.keyboard.press('Escape');
  await finder.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await finder.waitFor();
  await writing();
  await page.keyboard.type('para');
  await page.getByRole('option', { name: /Wiremu Parata/ }).waitFor();
  await page.keyboard.press('Enter');
  await heading(page, 'Wiremu Parata');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
});

test('two records of one person are merged, and the merge is undone', async () => {
  await add({ first: 'Tui', last: 'Kereama', email: 'tui@learner.example' });
  await heading(page, 'Tui Kereama');
  await add({ first: 'Tuia', last: 'Kereama' });
  await heading(page, 'Tuia Kereama');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Merge with another learner' });
  await question.waitFor();
  await writing();
  await page.keyboard.type('tui ker');
  await page.getByRole('option', { name: /^Tui Kereama/ }).click();
  await question.getByRole('radio', { name: /Keep/ }).first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await question.getByText('Tuia Kereama', { exact: true }).click();
  await question.getByRole('button', { name: /^Merge into/ }).click();
  await page.getByText('Merged with Tui Kereama').waitFor();
  await heading(page, 'Tuia Kereama');
  await page.getByText('tui@learner.example').waitFor();
  await page.getByRole('button', { name: 'Undo merge' }).click();
  await page.getByText('The merge was undone.').waitFor();
  await page.getByText('tui@learner.example').waitFor({ state: 'detached' });
});

test('all that match are selected, beyond what is shown', async () => {
  const owner = await stage.world.people.owner();
  const COUNT = 53;
  for (let nth = 1; nth <= COUNT; nth += 1) {
    await owner.call(api.addLearner, { body: { firstName: `Nth ${nth}`, lastName: 'Zymurgy' } });
  }
  await page.goto('/learners?search=zymurgy');
  await page.getByRole('checkbox', { name: 'Select all shown' }).check();
  await page.getByText('50 learners selected').waitFor();
  await page.getByRole('button', { name: /Select all that match/ }).click();
  await page.getByText(`${COUNT} learners selected`).waitFor();
  await page.getByRole('button', { name: 'Turn Sync to Xero on' }).click();
  await page.getByText(`Sync to Xero turned on for ${COUNT} learners.`).waitFor();
});

test('an address with what no page knows opens as if it were not there', async () => {
  await page.goto('/learners?sort=shoe-size&direction=asc');
  await page.getByRole('link', { name: 'Ngata' }).click();
  await page.getByRole('tab', { name: 'Personal details', selected: true }).waitFor();
  await page.goto(`${new URL(page.url()).pathname}?tab=shoes`);
  await page.getByRole('tab', { name: 'Personal details', selected: true }).waitFor();
});

test('an address that leads nowhere says so, in the shell where there is one', async () => {
  for (const address of ['/nowhere', '/settings/support/none', '/settings/webhooks/none']) {
    await page.goto(address);
    await heading(page, 'There is nothing here');
    expect(await faultsOf(page)).toEqual([]);
  }
});
