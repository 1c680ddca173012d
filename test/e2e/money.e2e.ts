import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import type { SignedIn } from '../world/people.ts';
import { expectCount, faultsOf, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;
let owner: SignedIn;
let page: Page;
let north: XeroOrgId;
let northConnection: ConnectionId;
/** Has papers in both organisations. */
let mei: Learner;
/** Has papers in the organisation North alone. */
let ben: Learner;

beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  owner = await world.people.owner();
  await world.connectXero(owner);
  const { people } = world.emulator.control;
  north = people.addOrganisation('Harbour Training North', 'AU') as XeroOrgId;
  people.setRole(xeroUsers.adviser, north, 'ADVISER');
  const landing = await world.connectXero(owner, { organisations: [north], another: true });
  northConnection = landing.connectionId as ConnectionId;
  const campuses = [{ campus: 'North', xeroOrgId: north }];
  const body = { defaultXeroOrgId: xeroOrgs.au, campuses };
  await owner.call(api.setOrganisationRules, { body });
  mei = await add('Mei', 'Chen', null);
  ben = await add('Ben', 'Ito', 'North');
  await world.settle();
  await owner.call(api.editLearner, {
    params: { learnerId: mei.id },
    body: { revision: mei.revision, campus: 'North' },
  });
  await world.settle();
  keeper(north).books.currencies.put({ id: 'NZD', description: 'New Zealand Dollar' });
  invoice(xeroOrgs.au, mei, { number: 'A-1', amount: '10' });
  invoice(north, mei, { number: 'N-1', amount: '20' });
  invoice(north, mei, { number: 'N-2', amount: '5', currency: 'NZD' });
  invoice(north, ben, { number: 'N-3', amount: '300' });
  invoice(north, ben, { number: 'N-4', amount: '50', status: 'DRAFT' });
  await world.settle();
  page = await stage.openAs('owner');
});
afterAll(() => stage.close());

function add(firstName: string, lastName: string, campus: string | null): Promise<Learner> {
  const body = { firstName, lastName, campus, syncToXero: true, saveAnyway: true };
  return owner.call(api.addLearner, { body });
}

function keeper(xeroOrgId: XeroOrgId) {
  return stage.world.emulator.control.bookkeeper(xeroOrgId);
}

interface Raised {
  number: string;
  amount: string;
  currency?: string;
  status?: 'DRAFT';
}

function invoice(xeroOrgId: XeroOrgId, learner: Learner, { amount, ...rest }: Raised): void {
  keeper(xeroOrgId).createInvoice({
    contactId: keeper(xeroOrgId).findContact(learner.learnerNumber)?.id ?? '',
    date: '2025-11-01',
    dueDate: '2025-11-15',
    lineAmountTypes: 'NoTax',
    lines: [{ description: 'Tuition', unitAmount: amount }],
    ...rest,
  });
}

const rowOf = (where: Page, learner: Learner) =>
  where.getByRole('row').filter({ hasText: learner.learnerNumber });

test('a list names the organisation that is owed, and what is paid leaves it', async () => {
  await page.goto('/learners');
  const row = rowOf(page, mei);
  await row.getByText('20.00').waitFor();
  await expectCount(row.locator('.amount'), 3);
  await row.getByText('Harbour Training Pty Ltd').waitFor();
  await row.getByText('Harbour Training North').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);

  // The page learns of both payments at one go.
  const { promise: paid, resolve: letCome } = Promise.withResolvers<void>();
  const list = /\/api\/v1\/learners(\?|$)/;
  await page.route(list, async (route) => {
    await paid;
    await route.continue();
  });
  keeper(xeroOrgs.au).pay('A-1', '10.00');
  keeper(north).pay('N-1', '20.00');
  await stage.world.settle();
  letCome();
  await expectCount(row.locator('.amount'), 1);
  await row.getByText('5.00').waitFor();
  await page.unroute(list);
});

test('a draft is not owed yet, and says so where its amount stands', async () => {
  await page.goto(`/learners/${ben.id}?tab=invoices`);
  const draft = page.getByRole('row').filter({ hasText: 'N-4' });
  await draft.getByText('not owed yet').waitFor();
  await expectCount(page.getByText('not owed yet'), 1);
  expect(await faultsOf(page)).toEqual([]);
});

test('a printed statement names whom it is owed to, and when Xero was read', async () => {
  await page.goto(`/learners/${ben.id}/statement`);
  await page.getByRole('heading', { name: 'Harbour Training North · AUD' }).waitFor();
  await page.getByText(/^Read from Xero \d+ \w+ \d{4}, \d\d:\d\d/).waitFor();
  await page.getByText('Owing now').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('open pages hear of a disconnection at once: what was owing is not owing any more', async () => {
  const papers = await page.context().newPage();
  await papers.goto(`/learners/${ben.id}?tab=invoices`);
  await papers.getByText('Overdue', { exact: true }).waitFor();
  const list = await page.context().newPage();
  await list.goto('/learners');
  await rowOf(list, ben).getByText('300.00').waitFor();

  await owner.call(api.disconnect, { params: { connectionId: northConnection } });
  await page.getByText('Was owing').waitFor();
  await page
    .getByText(/no longer connected/)
    .first()
    .waitFor();
  await expectCount(page.getByText('Owing now'), 0);
  await expectCount(page.getByText('Of it overdue'), 0);
  expect(await faultsOf(page)).toEqual([]);
  await papers.getByText('Was owing').waitFor();
  await expectCount(papers.getByText('Overdue', { exact: true }), 0);
  expect(await faultsOf(papers)).toEqual([]);
  await expectCount(rowOf(list, ben).locator('.amount'), 0);
  await heading(list, 'Learners');
});
