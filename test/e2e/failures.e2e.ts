import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { expectCount, faultsOf, heading, type Stage, setStage } from './stage.ts';

const PATIENCE = { timeout: 15_000, interval: 100 };

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await setStage();
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

const failure = () =>
  page.getByRole('alert').filter({ hasText: 'Something went wrong on our side' });

/**
 * Bursar fails at these addresses while the work lasts. What then says so asks once more when told
 * to, and is gone once Bursar answers again.
 */
async function whileFailing(address: RegExp, work: () => Promise<void>): Promise<void> {
  const again = failure().getByRole('button', { name: 'Try again' }).first();
  await page.route(address, (route) => route.fulfill({ status: 500 }));
  try {
    await work();
    const asked = page.waitForRequest(address);
    await again.click();
    await asked;
  } finally {
    await page.unroute(address);
  }
  await expect
    .poll(async () => {
      // A page may have asked by itself meanwhile; then there is no button any more.
      if (await again.isVisible()) await again.click({ timeout: 500 }).catch(() => undefined);
      return failure().count();
    }, PATIENCE)
    .toBe(0);
}

test('the audit log does not claim to be unsealed while that can’t be read', async () => {
  await whileFailing(/\/audit\/standing/, async () => {
    await page.goto('/settings/audit-log');
    await failure().waitFor();
    expect(await page.getByText('Nothing is sealed yet').count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
  });
  await page.getByRole('button', { name: 'Check now' }).waitFor();
});

test('a list that can’t go on says so, and selecting all then ticks nobody more', async () => {
  const owner = await stage.world.people.owner();
  for (let nth = 1; nth <= 53; nth += 1) {
    await owner.call(api.addLearner, { body: { firstName: `Nth ${nth}`, lastName: 'Zymurgy' } });
  }
  await page.goto('/learners?search=zymurgy');
  await whileFailing(/\/learners\?.*cursor=/, async () => {
    await page.getByRole('button', { name: 'Show more' }).click();
    await failure().waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('checkbox', { name: 'Select Nth 1 Zymurgy', exact: true }).check();
    await page.getByRole('button', { name: /Select all that match/ }).click();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('role'));
    await expect.poll(focused, { timeout: 10_000 }).toBe('alert');
    await page.getByText('1 learner selected').waitFor();
  });
  await page.getByText('53 learners shown').waitFor();
});

test('a search for a learner that fails says so and can be tried again', async () => {
  const finder = page.getByRole('dialog', { name: 'Find a learner' });
  await whileFailing(/\/learners\?.*limit=8/, async () => {
    await page.keyboard.press('Control+k');
    await finder.getByRole('searchbox').fill('nth 31');
    await finder.getByRole('alert').waitFor();
    expect(await finder.getByText('Looking…').count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
  });
  await finder.getByRole('option', { name: /Nth 31 Zymurgy/ }).click();
  await heading(page, 'Nth 31 Zymurgy');
});

test('what can’t be read of a learner is told in its place, not left out', async () => {
  await whileFailing(/\/sync\/drift\/|\/further-contacts/, async () => {
    await page.reload();
    await expectCount(failure(), 2);
    expect(await faultsOf(page)).toEqual([]);
  });

  const learner = new URL(page.url()).pathname;
  await whileFailing(new RegExp(`api/v1${learner}$`), async () => {
    await page.goto(`${learner}/statement`);
    await failure().waitFor();
  });
  await heading(page, 'Statement for Nth 31 Zymurgy');
  await page.getByRole('heading', { name: 'Nothing to state yet' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('a workplace is changed, and what someone else changed meanwhile is not lost', async () => {
  const owner = await stage.world.people.owner();
  const { id, revision } = await owner.call(api.addWorkplace, { body: { name: 'Quay Bakery' } });
  await page.goto(`/workplaces/${id}/edit`);
  await heading(page, 'Edit Quay Bakery');
  await page.getByLabel('Phone').fill('02 5550 1234');
  const theirs = { email: 'office@quay.example', revision };
  await owner.call(api.editWorkplace, { params: { workplaceId: id }, body: theirs });
  await page.getByRole('button', { name: 'Save workplace' }).click();
  const refused = page.getByRole('alert').filter({ hasText: 'Someone else changed this' });
  await refused.getByRole('button', { name: /Take the newest version/ }).click();
  await expect.poll(() => page.getByLabel('E-mail').inputValue()).toBe('office@quay.example');
  expect(await page.getByLabel('Phone').inputValue()).toBe('02 5550 1234');
  await page.getByRole('button', { name: 'Save workplace' }).click();
  await page.getByText('02 5550 1234').waitFor();
  await page.getByText('office@quay.example').waitFor();
});
