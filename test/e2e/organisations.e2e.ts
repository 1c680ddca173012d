import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { ownScope } from '#platform/scope';
import { typeCommand } from '../world/command-line.ts';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { PASSWORD } from '../world/people.ts';
import { expectCount, faultsOf, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;
let page: Page;

beforeEach(async () => {
  stage = await setStage();
  page = await stage.openAs('owner');
});
afterEach(() => stage.close());

async function openConnectedApps(): Promise<void> {
  await page.getByRole('link', { name: 'Connected Apps' }).first().click();
  await heading(page, 'Connected Apps');
}

/** Comes back from Xero with these organisations allowed; `button` is what begins it. */
async function allow(button: string, organisations: XeroOrgId[], user: string = xeroUsers.adviser) {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('heading', { name: /Sign in to connect/ }).waitFor();
  const { people } = stage.world.emulator.control;
  await page.goto(people.consent(page.url(), { user, organisations }));
}

test('an organisation of another country is asked about; Cancel leaves nothing, Connect connects', async () => {
  await openConnectedApps();
  await allow('Connect Xero', [xeroOrgs.nz]);
  await heading(page, 'Connect this organisation?');
  await page.getByText('It is in another country than this provider (Australia).').waitFor();
  for (const fact of ['Legal name', 'Tax number', 'Base currency', 'Real organisation']) {
    await page.getByText(fact, { exact: true }).waitFor();
  }
  expect(await faultsOf(page)).toEqual([]);
  const question = page.url();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await heading(page, 'Connected Apps');
  await page.goto(question);
  await page.getByText('Nothing waits to be chosen').waitFor();
  await expectCount(page.getByRole('alert'), 0);
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Go to Connected Apps' }).click();
  await heading(page, 'Connected Apps');
  await page.getByText('Nothing is connected yet.').waitFor();
  await stage.world.settle();
  expect(stage.world.emulator.control.people.connections()).toEqual([]);

  await allow('Connect Xero', [xeroOrgs.nz]);
  await page.getByRole('button', { name: 'Connect this organisation' }).click();
  await page.getByText(/^Xero is connected: /).waitFor();
  await page.getByText('Ada Adviser').first().waitFor();
});

test('without an organisation of one’s own a colleague finishes it with a link, without an account', async () => {
  await openConnectedApps();
  await allow('Connect Xero', [], xeroUsers.none);
  const message = page.getByRole('alert').filter({ hasText: 'can’t connect any organisation' });
  await message.getByText('Standard, Adviser and Subscriber').waitFor();
  await message.getByRole('button', { name: 'Make a link for a colleague' }).click();
  const dialog = page.getByRole('dialog', { name: 'A link for your colleague' });
  const link = await dialog.getByLabel('Link').inputValue();
  await dialog.getByLabel('Or send it by e-mail').fill('ada.adviser@example.com');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('The mail to ada.adviser@example.com is written.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const links = page.getByRole('region', { name: 'Links for colleagues' });
  await links.getByText(/with a mail to ada\.adviser/).waitFor();

  const colleague = await stage.open();
  await colleague.goto(link);
  await heading(colleague, 'Connect Xero to Harbour Training');
  await colleague.getByRole('button', { name: 'Continue to Xero' }).click();
  await colleague.getByRole('button', { name: /ada\.adviser/ }).click();
  await colleague.getByRole('button', { name: 'Allow access' }).click();
  await heading(colleague, 'Thank you');

  // The open page hears of it by itself.
  await page
    .getByRole('region', { name: 'Connected' })
    .getByText('Harbour Training Pty Ltd')
    .first()
    .waitFor();
  await links.getByText(/Used by Ada Adviser/).waitFor();
  await colleague.goto(link);
  await colleague.getByText('This link no longer works').waitFor();
});

test('a link that is for people of the provider asks to sign in first, and goes on from there', async () => {
  const { world } = stage;
  const set = ['--provider', 'Harbour Training', '--colleague-links', 'members'];
  expect(await typeCommand(world, 'provider', 'set', ...set)).toMatchObject({ code: 0 });
  await openConnectedApps();
  const links = page.getByRole('region', { name: 'Links for colleagues' });
  await links.getByText(/for people of this provider alone/).waitFor();
  await links.getByRole('button', { name: 'Make a link for a colleague' }).click();
  const dialog = page.getByRole('dialog', { name: 'A link for your colleague' });
  await dialog.getByText(/signs in as a person of this provider/).waitFor();
  const link = await dialog.getByLabel('Link').inputValue();

  const { email } = await world.people.finance();
  const colleague = await stage.open();
  await colleague.goto(link);
  await colleague.getByText(/Sign in to Bursar with your account there first/).waitFor();
  await expectCount(colleague.getByRole('button', { name: 'Continue to Xero' }), 0);
  expect(await faultsOf(colleague)).toEqual([]);
  await colleague.getByRole('link', { name: 'Sign in to Bursar' }).click();
  await heading(colleague, 'Sign in');
  await colleague.getByLabel('E-mail').fill(email);
  await colleague.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await colleague.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(colleague, 'Connect Xero to Harbour Training');
  await colleague.getByRole('button', { name: 'Continue to Xero' }).click();
  await colleague.getByRole('heading', { name: /Sign in to connect/ }).waitFor();
});

test('reconnecting to a different organisation asks first and says what makes way', async () => {
  const owner = await stage.world.people.owner();
  const { connectionId } = await stage.world.connectXero(owner);
  const scope = ownScope(stage.world.people.providerId);
  const { connections, database } = stage.world.context;
  await database.asProvider(scope.providerId, (tx) =>
    connections.markConsentLost(tx, scope, connectionId as ConnectionId, 'grant-dead'),
  );
  await openConnectedApps();
  await allow('Reconnect Xero', [xeroOrgs.nz]);
  await heading(page, 'Connect this organisation?');
  await page.getByText(/Harbour Training Pty Ltd waits to be reconnected and would be/).waitFor();
  await page.getByRole('button', { name: 'Connect this organisation' }).click();
  await page.getByText(/^Xero is connected: /).waitFor();
  await expectCount(page.getByText('Needs reconnecting'), 0);
});

test('two organisations: learners go where their campus says', async () => {
  const { world } = stage;
  const owner = await world.people.owner();
  await world.connectXero(owner);
  const { people } = world.emulator.control;
  const north = people.addOrganisation('Harbour Training North', 'AU') as XeroOrgId;
  people.setRole(xeroUsers.adviser, north, 'ADVISER');
  const learner = await owner.call(api.addLearner, {
    body: { firstName: 'Ben', lastName: 'Ito', campus: 'North', syncToXero: true },
  });
  await world.settle();
  await openConnectedApps();
  await allow('Connect another organisation', [north]);
  await page.getByText('Xero is connected: Harbour Training North').waitFor();
  await page.getByRole('link', { name: 'Which learners go where' }).click();
  await heading(page, 'Which learners go where');
  await page.getByText('1 learner in Harbour Training Pty Ltd').waitFor();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const rule = page.getByRole('group', { name: 'Rule 1' });
  await rule.getByRole('combobox', { name: 'Campus' }).fill('North');
  await page.keyboard.press('Escape');
  await rule.getByRole('combobox', { name: 'goes to' }).click();
  await page.getByRole('option', { name: 'Harbour Training North' }).click();
  await page.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText('1 learner in Harbour Training North').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await world.settle();
  await page.goto(`/learners/${learner.id}`);
  await page.getByText('Organisation: Harbour Training North').waitFor();
});
