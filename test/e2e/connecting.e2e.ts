import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { expectCount, heading, type Stage, setStage } from './stage.ts';

let stage: Stage;
let page: Page;

beforeEach(async () => {
  stage = await setStage();
  page = await stage.openAs('owner');
});
afterEach(() => stage.close());

/** Presses Connect and stands on Xero's sign-in page. */
async function goToXero(): Promise<void> {
  await page.getByRole('link', { name: 'Connected Apps' }).click();
  await page.getByRole('button', { name: 'Connect Xero' }).click();
  await page.getByRole('heading', { name: /Sign in to connect/ }).waitFor();
}

function atXero(email: string) {
  return page.getByRole('button', { name: new RegExp(email.replaceAll('.', '\\.')) });
}

/** Back at Bursar: a message that says what happened, and Xero still there to connect. */
async function expectRefused(title: string | RegExp): Promise<void> {
  await heading(page, 'Connected Apps');
  await page.getByRole('alert').filter({ hasText: title }).waitFor();
  await page
    .getByRole('region', { name: 'Available' })
    .getByRole('button', { name: 'Connect Xero' })
    .waitFor();
  await page.getByText('Nothing is connected yet.').waitFor();
}

describe('a consent that comes to nothing ends on a page that says why:', () => {
  test('cancelled at Xero', async () => {
    await goToXero();
    await atXero(xeroUsers.adviser).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectRefused('You did not allow access');
    await page.getByRole('button', { name: 'Close message' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  test('after more than ten minutes', async () => {
    await goToXero();
    await atXero(xeroUsers.adviser).click();
    stage.world.clock.advance(11 * MINUTE_MS);
    await page.getByRole('button', { name: 'Allow access' }).click();
    await expectRefused('longer than ten minutes');
  });

  test('with a state that was never given out', async () => {
    await page.goto('/connect/xero/callback?code=made-up&state=made-up');
    await expectRefused('does not belong to a request made in this browser');
  });

  test('with a Xero sign-in that has no organisation', async () => {
    await goToXero();
    await atXero(xeroUsers.none).click();
    await page.getByRole('button', { name: 'Continue without an organisation' }).click();
    await expectRefused('can’t connect any organisation');
    await page.getByText('Standard, Adviser and Subscriber').waitFor();
  });

  test('for an organisation that serves another provider here', async () => {
    const neighbour = await stage.world.neighbours.owner();
    await stage.world.connectXero(neighbour, { organisations: [xeroOrgs.au], confirm: true });
    await goToXero();
    await atXero(xeroUsers.adviser).click();
    await page.getByRole('button', { name: 'Allow access' }).click();
    await expectRefused('connected to another training provider');
  });

  test('when Xero refuses to hand over its tokens', async () => {
    await goToXero();
    await atXero(xeroUsers.adviser).click();
    stage.world.emulator.control.faults.add({
      path: '/connect/token',
      effect: { kind: 'status', status: 400, body: '{"error":"invalid_client"}' },
    });
    await page.getByRole('button', { name: 'Allow access' }).click();
    await expectRefused('Xero did not complete the connection');
  });
});

test('a choice that waits is no connection yet: it can be cancelled where it stands', async () => {
  await goToXero();
  const callback = stage.world.emulator.control.people.consent(page.url(), {
    user: xeroUsers.adviser,
    organisations: 'all',
  });
  await page.goto(callback);
  await heading(page, 'Choose the organisation');
  await page.goto('/settings/connected-apps?outcome=connected');
  await page.getByText('Ada Adviser allowed organisations in Xero.').waitFor();
  expect(await page.getByText('Xero is connected').count()).toBe(0);
  await expectCount(page.getByRole('button', { name: 'Disconnect' }), 0);
  await expectCount(page.getByText('Several Xero organisations'), 0);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Nothing is connected yet.').waitFor();
  await stage.world.settle();
  expect(stage.world.emulator.control.people.connections()).toEqual([]);
});

test('of several organisations one is chosen; one that is taken says so', async () => {
  const neighbour = await stage.world.neighbours.owner();
  await stage.world.connectXero(neighbour, { organisations: [xeroOrgs.nz] });
  await goToXero();
  const callback = stage.world.emulator.control.people.consent(page.url(), {
    user: xeroUsers.adviser,
    organisations: 'all',
  });
  await page.goto(callback);
  await heading(page, 'Choose the organisation');
  await expectCount(page.getByRole('radio', { disabled: true }), 1);
  await page.getByText('Connected to another training provider here').waitFor();
  await page.getByRole('radio', { name: 'Harbour Training Pty Ltd' }).check();
  await page.getByRole('button', { name: 'Connect Harbour Training Pty Ltd' }).click();
  await page.getByText('Xero is connected: Harbour Training Pty Ltd').waitFor();
});

test('disconnecting asks once, then shows Xero as available without a reload', async () => {
  await stage.world.connectXero(await stage.world.people.owner());
  await page.getByRole('link', { name: 'Connected Apps' }).click();
  await page.getByRole('button', { name: 'Disconnect' }).click();
  const question = page.getByRole('dialog', { name: /^Disconnect Harbour Training/ });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await question.getByRole('button', { name: 'Disconnect Xero' }).click();
  await page.getByText('Nothing is connected yet.').waitFor();
  await page.getByRole('button', { name: 'Connect Xero', exact: true }).waitFor();
});

test('a connection that someone else makes appears on the open page', async () => {
  await page.getByRole('link', { name: 'Connected Apps' }).click();
  await page.getByText('Nothing is connected yet.').waitFor();
  await stage.world.connectXero(await stage.world.people.admin());
  const connected = page.getByRole('region', { name: 'Connected' });
  await connected.getByText('Arjun Mehta').waitFor();
});

test('a link asked for with an API key leads a visitor to Xero and back to a plain page', async () => {
  const program = await stage.world.apiClient('admin');
  const { startUrl } = await program.call(api.beginConsent, { body: { app: 'xero' } });
  const visitor = await stage.open();
  await visitor.goto(startUrl ?? 'no address was given');
  await heading(visitor, 'Connect Xero to Harbour Training');
  await visitor.getByRole('button', { name: 'Continue to Xero' }).click();
  await visitor.getByRole('button', { name: /ada\.adviser/ }).click();
  await visitor.getByRole('button', { name: 'Allow access' }).click();
  await heading(visitor, 'Thank you');
  await visitor.getByText('Xero is connected').waitFor();
  await visitor.goto(startUrl ?? '');
  await visitor.getByRole('alert').waitFor();
});
