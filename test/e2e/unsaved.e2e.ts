import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { ownScope } from '#platform/scope';
import { PASSWORD } from '../world/people.ts';
import { faultsOf, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;
let page: Page;

/** The owner also works for a provider on the pier. */
beforeAll(async () => {
  stage = await setStage();
  const { context, people } = stage.world;
  const { email, name } = await people.owner();
  const pier = await context.providers.create({
    name: 'Pier Training',
    country: 'AU',
    secondFactor: 'optional',
  });
  const wish = { email, name, role: 'admin' as const, password: PASSWORD };
  await context.providers.addPerson(ownScope(pier.id), wish);
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

async function workFor(provider: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: provider }).click();
}
const chosen = () => page.getByRole('combobox', { name: 'Provider' }).inputValue();

test('what was typed is asked about before another provider is chosen, and stays with its own', async () => {
  await page.goto('/learners/new');
  await page.getByLabel('First name').fill('Half');
  await workFor('Pier Training');
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  expect(await chosen()).toBe('Harbour Training');
  await page.getByLabel('Last name').fill('Typed');
  await page.getByRole('button', { name: 'Add learner' }).click();
  await heading(page, 'Half Typed');
  const { items } = await (await stage.world.people.owner()).call(api.listLearners, { query: {} });
  expect(items.map((one) => one.name)).toEqual(['Half Typed']);

  await page.goto('/learners/new');
  await page.getByLabel('First name').fill('Left');
  await workFor('Pier Training');
  await question.getByRole('button', { name: 'Leave page' }).click();
  await heading(page, 'Learners');
  await expect.poll(chosen).toBe('Pier Training');
  await workFor('Harbour Training');
  await expect.poll(chosen).toBe('Harbour Training');
});

test('a question to those who run Bursar is not lost by a key or a click beside it', async () => {
  await page.goto('/settings/support');
  await page.getByRole('button', { name: 'Ask for help' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What you need').fill('A long story');
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  expect(await dialog.getByLabel('What you need').inputValue()).toBe('A long story');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'hidden' });
});

test('rules that were chosen and not saved are asked about', async () => {
  await page.goto('/settings/sync-rules');
  await page.getByRole('radio', { name: /Xero/ }).first().check();
  await page.getByRole('link', { name: 'Learners', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await question.waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await question.getByRole('button', { name: 'Leave page' }).click();
  await heading(page, 'Learners');
});

test('figures that could not be read are not shown as nought', async () => {
  await page.route('**/sync/inbox/count', (route) => route.fulfill({ status: 500 }));
  await page.goto('/overview');
  const failure = page.getByRole('alert').filter({ hasText: 'Something went wrong' });
  await failure.first().waitFor();
  expect(await page.getByText('Problems that need somebody').count()).toBe(0);
  await page.unroute('**/sync/inbox/count');
  await failure.first().getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Problems that need somebody').waitFor();
});
