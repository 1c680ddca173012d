import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
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
  unstyledParts,
} from './stage.ts';

let stage: Stage;
let page: Page;
let learner: Learner;

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  await world.connectXero(owner);
  await world.settle();
  learner = await owner.call(api.addLearner, {
    body: {
      firstName: 'Dana',
      lastName: 'Drift',
      email: 'dana@learner.example',
      phoneMobile: '0400 000 001',
      syncToXero: true,
    },
  });
  await world.settle();
  await editInXero({
    Name: 'The Drift Family',
    EmailAddress: 'accounts@books.example',
    Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '0499 999 999' }],
  });
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

async function editInXero(fields: Record<string, unknown>): Promise<void> {
  const { world } = stage;
  world.clock.advance(MINUTE_MS);
  world.bookkeeper.editContact(
    world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '',
    fields,
  );
  await world.settle();
}

const inXero = () => stage.world.bookkeeper.findContact(learner.learnerNumber);
const differences = () => page.getByRole('region', { name: 'Differences from Xero' });
const rowOf = (field: string) => differences().getByRole('row').filter({ hasText: field });

test('the inbox tells it once, counts it and leads to the learner', async () => {
  await page
    .getByRole('link', { name: /^Sync\b/ })
    .first()
    .click();
  await heading(page, 'Sync');
  const cause = page.getByRole('region', { name: 'Changed in Xero, different here' });
  await cause.getByText('Contact name, E-mail, Mobile.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await cause.getByRole('link', { name: 'Decide' }).click();
  await heading(page, 'Dana Drift');
});

test('the profile shows each field on both sides and why one can’t be taken', async () => {
  await rowOf('E-mail').getByText('accounts@books.example').waitFor();
  await rowOf('E-mail').getByText('dana@learner.example').waitFor();
  await rowOf('Contact name')
    .getByRole('paragraph')
    .filter({ hasText: 'can’t be told apart' })
    .waitFor();
  await expectCount(differences().getByRole('row'), 4);
  expect(await faultsOf(page)).toEqual([]);
  expect(await unstyledParts(page)).toEqual([]);
  await picture(page, 'differences');
  const narrow = await stage.openAs('owner', 'dark', PHONE);
  await narrow.goto(`/learners/${learner.id}`);
  await narrow.getByRole('region', { name: 'Differences from Xero' }).waitFor();
  expect(await faultsOf(narrow)).toEqual([]);
  expect(await isTooWide(narrow)).toBe(false);
  await narrow.close();
});

test('each act does what it says', async () => {
  await page.getByRole('button', { name: 'Keep Xero’s, Mobile' }).click();
  await expectCount(rowOf('Mobile'), 0);
  await page.getByText('0499 999 999').first().waitFor();
  await page.getByRole('button', { name: 'Push ours, E-mail' }).click();
  await expectCount(rowOf('E-mail'), 0);
  await page.getByRole('button', { name: 'Ignore, Contact name' }).click();
  await rowOf('Contact name').getByRole('button', { name: 'Ask again, Contact name' }).waitFor();
  await page.getByRole('heading', { name: 'May differ from Xero' }).waitFor();
  await stage.world.settle();
  expect(inXero()).toMatchObject({ email: 'dana@learner.example', name: 'The Drift Family' });
  await page.getByRole('button', { name: 'Ask again, Contact name' }).click();
  await page.getByRole('button', { name: 'Push ours, Contact name' }).click();
  await expectCount(differences(), 0);
  await stage.world.settle();
  expect(inXero()?.name).toBe('Dana Drift');
});

test('a rule decides what is open and what comes', async () => {
  await editInXero({ EmailAddress: 'again@books.example' });
  await page.getByRole('link', { name: 'Sync rules' }).first().click();
  await heading(page, 'Sync rules');
  await page.getByText('1 learner or workplace waits for a decision.').waitFor();
  await page
    .getByRole('radiogroup', { name: 'E-mail' })
    .getByRole('radio', { name: 'Xero’s stands' })
    .check();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'sync-rules');
  await page.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText(/^Saved\. What waits/).waitFor();
  await stage.world.settle();
  await page.getByText('Nothing waits for a decision now.').waitFor();
  const owner = await stage.world.people.owner();
  const now = await owner.call(api.getLearner, { params: { learnerId: learner.id } });
  expect(now.email).toBe('again@books.example');
});

test('of a workplace the inbox leads to the workplace', async () => {
  const { world } = stage;
  const owner = await world.people.owner();
  const { id, workplaceNumber } = await owner.call(api.addWorkplace, {
    body: { name: 'Quay Bakery' },
  });
  const params = { workplaceId: id };
  await owner.call(api.setWorkplaceSync, { params, body: { syncToXero: true } });
  await world.settle();
  world.clock.advance(MINUTE_MS);
  const contact = world.bookkeeper.findContact(workplaceNumber);
  world.bookkeeper.editContact(contact?.id ?? '', { Name: 'Bakery on the Quay' });
  await world.settle();
  await page.goto('/sync');
  const cause = page.getByRole('region', { name: 'Changed in Xero, different here' });
  await cause.getByRole('link', { name: 'Decide' }).click();
  await heading(page, 'Quay Bakery');
  await rowOf('Contact name').getByText('Bakery on the Quay').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Push ours, Contact name' }).click();
  await expectCount(differences(), 0);
  await world.settle();
  expect(world.bookkeeper.findContact(workplaceNumber)?.name).toBe('Quay Bakery');
});

test('who may not change the rules sees them, and why not', async () => {
  const finance = await stage.openAs('finance', 'dark');
  await finance.goto('/settings/sync-rules');
  await finance.getByRole('radiogroup', { name: 'E-mail' }).waitFor();
  await finance
    .getByText(/Only an Owner or Admin may connect/)
    .first()
    .waitFor();
  expect(await faultsOf(finance)).toEqual([]);
  await finance.close();
});
