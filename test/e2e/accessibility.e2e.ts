import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import {
  DESKTOP,
  expectCount,
  faultsOf,
  heading,
  isTooWide,
  PHONE,
  type Stage,
  setStage,
  unstyledParts,
} from './stage.ts';

let stage: Stage;
/** Where to look, by what one calls it. */
const places: Record<string, string> = {
  learners: '/learners',
  'learners, none found': '/learners?search=nobody-at-all',
  'adding a learner': '/learners/new',
  invoices: '/invoices',
  imports: '/imports',
  'a new import': '/imports/new',
  'connected apps': '/settings/connected-apps',
  'a refused consent': '/settings/connected-apps?outcome=no-organisation',
  'sync rules': '/settings/sync-rules',
  people: '/settings/people',
  'API keys': '/settings/api-keys',
  'an address that leads nowhere': '/nowhere',
  'the end of an invitation': '/connect/done?outcome=cancelled',
  'an invitation that ended': '/connect/aaaaaaaaaaaaaaaaaaaaaaaaaa',
};

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  const learner = await owner.call(api.addLearner, {
    body: { firstName: 'Aroha', lastName: 'Ngata', email: 'aroha@learner.example' },
  });
  const csv = 'Surname,Given,Born\nChen,Mei,3/4/1999\nKelly,,31/31/1999\n';
  const run = await owner.call(api.startImport, {
    body: { files: [{ name: 'learners.csv', contentBase64: btoa(csv) }] },
  });
  await world.connectXero(owner);
  const params = { learnerId: learner.id };
  await owner.call(api.setLearnerSync, { params, body: { syncToXero: true } });
  await world.settle();
  const [contact] = world.bookkeeper.books.contacts.all();
  const invoice = world.bookkeeper.createInvoice({
    contactId: contact?.id ?? '',
    status: 'AUTHORISED',
    lines: [{ description: 'Tuition', unitAmount: '1800.00' }],
  });
  world.bookkeeper.pay(invoice.id, { amount: '500.25' });
  await world.settle();
  places['a learner'] = `/learners/${learner.id}`;
  places['a learner’s invoices'] = `/learners/${learner.id}?tab=invoices`;
  places['a learner’s history'] = `/learners/${learner.id}?tab=history`;
  places['editing a learner'] = `/learners/${learner.id}/edit`;
  places['matching columns'] = `/imports/${run.id}`;
});
afterAll(() => stage.close());

describe.each([
  ['light', 'desktop', DESKTOP],
  ['dark', 'desktop', DESKTOP],
  ['light', 'phone', PHONE],
] as const)('in %s on a %s', (look, _device, size) => {
  test('sign-in has no fault', async () => {
    const page = await stage.open(look, size);
    await page.goto('/sign-in');
    await heading(page, 'Sign in');
    expect(await faultsOf(page)).toEqual([]);
  });

  test('no page has a fault, none scrolls sideways, each has a title of its own', async () => {
    const page = await stage.openAs('owner', look, size);
    const found: Record<string, unknown> = {};
    const titles = new Set<string>();
    for (const [place, path] of Object.entries(places)) {
      await page.goto(path);
      await arrive(page);
      const faults = await faultsOf(page);
      if (faults.length > 0) found[place] = faults;
      const unstyled = await unstyledParts(page);
      if (unstyled.length > 0) found[`${place}, style`] = unstyled;
      if (await isTooWide(page)) found[`${place}, width`] = 'scrolls sideways';
      titles.add(await page.title());
    }
    expect(found).toEqual({});
    expect([...titles].filter((title) => !/^.+ · Bursar$/.test(title))).toEqual([]);
    expect(titles.size).toBeGreaterThan(10);
  });

  test('an opened invoice, a question and the finder have no fault', async () => {
    const page = await stage.openAs('owner', look, size);
    await page.goto(places['a learner’s invoices'] ?? '');
    await page.getByRole('button', { name: /lines and what settles it/ }).click();
    expect(await faultsOf(page)).toEqual([]);
    await page.goto('/settings/connected-apps');
    await page.getByRole('button', { name: /What flows, and what Xero/ }).click();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Find a learner/ }).click();
    await page.getByLabel('Name, number or e-mail').fill('aro');
    await page.getByRole('option', { name: /Aroha Ngata/ }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /account and appearance/ }).click();
    await page.getByRole('radio', { name: 'As the system' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(await unstyledParts(page)).toEqual([]);
  });
});

test('everything is reached by keyboard: skip link first, focus on the heading of a new page', async () => {
  const page = await stage.openAs('owner');
  await page.goto('/learners');
  await arrive(page);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the page' });
  expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
  await page.getByRole('link', { name: 'Imports' }).focus();
  await page.keyboard.press('Enter');
  await heading(page, 'Imports');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
});

/** The page stands: its heading is there and nothing is loading any more. */
async function arrive(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expectCount(page.locator('[aria-busy="true"]'), 0);
}
