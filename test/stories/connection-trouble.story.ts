import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionLife } from '#contract/connection-life';
import type { ConnectionId } from '#contract/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let connectionId: ConnectionId;

beforeEach(async () => {
  world = await startConnectedWorld();
  const { apps } = await world.owner.call(api.listApps);
  connectionId = apps.flatMap((app) => app.connections)[0]?.id as ConnectionId;
  world.emulator.control.log.clear();
  world.mailbox.empty();
});
afterEach(() => world.close());

const control = () => world.emulator.control;

async function life(): Promise<ConnectionLife> {
  return world.owner.call(api.getConnectionLife, { params: { connectionId } });
}

async function troubleNow(): Promise<string | null> {
  return (await life()).connection.trouble?.code ?? null;
}

async function stateNow(): Promise<string> {
  return (await life()).connection.state;
}

async function tryNow(): Promise<{ works: boolean; words: string }> {
  return world.owner.call(api.testConnection, { params: { connectionId } });
}

/** What everybody was mailed, in short: to whom, about what. */
function mails(): { to: string[]; subject: string }[] {
  return world.mailbox.mails().map(({ to, subject }) => ({ to: to.sort(), subject }));
}

async function kinds(): Promise<string[]> {
  const scope = ownScope(world.people.providerId);
  const { events, database } = world.context;
  const found = await database.asProvider(scope.providerId, (tx) =>
    events.of(tx, scope, { kind: 'connection', id: connectionId }, { limit: 50 }),
  );
  return found.map(({ event }) => event.kind).reverse();
}

/** A learner whose edit waits to be sent while the connection is in trouble. */
async function somethingWaits() {
  const learner = await world.addLearner({
    firstName: 'Wanda',
    lastName: 'Waits',
    email: 'wanda@example.com',
  });
  await world.settle();
  return learner;
}

async function standsInXero(familyName: string): Promise<boolean> {
  const { contacts } = control().bookkeeper(xeroOrgs.au).books;
  return contacts.all().some(({ name }) => name.includes(familyName));
}

describe('trouble', () => {
  test('access removed in Xero is seen by the next call, told once, and over when reconnected', async () => {
    await world.people.finance();
    control().people.disconnect(xeroOrgs.au);
    const learner = await somethingWaits();
    expect([await stateNow(), await troubleNow()]).toEqual([
      'needs-consent',
      'xero.access-removed',
    ]);
    expect(mails()).toEqual([
      {
        to: ['owner@harbour.example'],
        subject: 'Bursar was disconnected in Xero (Harbour Training Pty Ltd)',
      },
    ]);
    expect(world.mailbox.mails()[0]?.text).toContain(`/settings/connected-apps/${connectionId}`);
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'waiting' });

    control().log.clear();
    await world.pass(HOUR_MS);
    await world.pass(DAY_MS);
    expect(control().log.calls('/api.xro/').length).toBeLessThan(12);
    expect(mails()).toHaveLength(1);

    const landing = await world.connectXero(world.owner, { organisations: [xeroOrgs.au] });
    expect(landing).toMatchObject({ outcome: 'connected', connectionId });
    await world.settle();
    expect([await stateNow(), await troubleNow()]).toEqual(['active', null]);
    expect(await standsInXero('Waits')).toBe(true);
    expect(mails()[1]).toEqual({
      to: ['owner@harbour.example'],
      subject: 'Xero works again (Harbour Training Pty Ltd)',
    });
    expect(mails()).toHaveLength(2);
    expect((await kinds()).slice(-2)).toEqual(['connection.activated', 'connection.in-step']);
  });

  test('is seen within 15 minutes even when nothing has to be sent', async () => {
    control().people.disconnect(xeroOrgs.au);
    await world.pass(15 * MINUTE_MS);
    await world.pass(MINUTE_MS);
    expect(await troubleNow()).toBe('xero.access-removed');
  });

  test('a dead permission asks for a new one', async () => {
    control().faults.add({
      path: '/connect/token',
      effect: {
        kind: 'status',
        status: 400,
        contentType: 'application/json',
        body: '{"error":"invalid_grant"}',
      },
    });
    await world.pass(HOUR_MS);
    expect([await stateNow(), await troubleNow()]).toEqual(['needs-consent', 'xero.grant-dead']);
    expect((await life()).permission?.isAlive).toBe(false);
    expect(mails()).toHaveLength(1);
    control().faults.clear();
    await world.connectXero(world.owner, { organisations: [xeroOrgs.au] });
    await world.settle();
    expect(await stateNow()).toBe('active');
  });

  test('a person who lost their role is named as the cause, and it goes on by itself after', async () => {
    control().people.demoteUser(xeroUsers.adviser, xeroOrgs.au);
    await somethingWaits();
    expect([await stateNow(), await troubleNow()]).toEqual([
      'needs-consent',
      'xero.person-demoted',
    ]);
    control().people.setRole(xeroUsers.adviser, xeroOrgs.au, 'ADVISER');
    await world.pass(16 * MINUTE_MS);
    expect([await stateNow(), await troubleNow()]).toEqual(['active', null]);
    expect(await standsInXero('Waits')).toBe(true);
    expect(mails()).toHaveLength(2);
  });

  test('a person who by Xero’s word may only look is waited for until they may more', async () => {
    control().people.demoteUser(xeroUsers.adviser, xeroOrgs.au);
    await somethingWaits();
    control().people.setRole(xeroUsers.adviser, xeroOrgs.au, 'ADVISER');
    const acts = ['CreateDraftInvoice', 'CreateDraftBill', 'UseMulticurrency'];
    const faultId = control().faults.add({
      path: '/api.xro/2.0/Organisation/Actions',
      effect: {
        kind: 'status',
        status: 200,
        contentType: 'application/json',
        body: JSON.stringify({ Actions: acts.map((Name) => ({ Name, Status: 'NOT-ALLOWED' })) }),
      },
    });
    await world.pass(16 * MINUTE_MS);
    expect([await stateNow(), await troubleNow()]).toEqual([
      'needs-consent',
      'xero.person-demoted',
    ]);
    control().faults.remove(faultId);
    await world.pass(HOUR_MS);
    expect([await stateNow(), await troubleNow()]).toEqual(['active', null]);
  });

  test('a person who may read and not write is not tried again and again', async () => {
    control().faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      effect: { kind: 'status', status: 403 },
    });
    await somethingWaits();
    expect([await stateNow(), await troubleNow()]).toEqual([
      'needs-consent',
      'xero.person-demoted',
    ]);
    control().log.clear();
    for (let hour = 0; hour < 5; hour += 1) await world.pass(HOUR_MS);
    expect(control().log.calls('/api.xro/')).toEqual([]);
    expect(mails()).toHaveLength(1);
  });

  test('an organisation that goes offline is waited for and comes back by itself', async () => {
    control().troubles.setOffline(xeroOrgs.au, true);
    await somethingWaits();
    expect(await troubleNow()).toBeNull();
    for (let minutes = 0; minutes < 15; minutes += 5) await world.pass(5 * MINUTE_MS);
    expect([await stateNow(), await troubleNow()]).toEqual(['active', 'xero.organisation-offline']);
    expect(mails()).toHaveLength(1);
    control().log.clear();
    for (let hour = 0; hour < 12; hour += 1) await world.pass(HOUR_MS);
    expect(control().log.calls('/api.xro/').length).toBeLessThan(60);
    control().troubles.setOffline(xeroOrgs.au, false);
    for (let minutes = 0; minutes < 60; minutes += 15) await world.pass(15 * MINUTE_MS);
    expect(await troubleNow()).toBeNull();
    expect(await standsInXero('Waits')).toBe(true);
    expect(mails()).toHaveLength(2);
  });

  test('webhooks that were switched off are noticed by what sweeps find', async () => {
    const { contacts } = control().bookkeeper().books;
    await somethingWaits();
    await world.settle();
    control().troubles.disableWebhooks('emulator-client-id');
    const [contact] = contacts.all();
    for (let round = 0; round < 8 && (await troubleNow()) === null; round += 1) {
      world.bookkeeper.editContact(contact?.id ?? '', { EmailAddress: `w${round}@example.com` });
      await world.pass(HOUR_MS);
    }
    expect([await stateNow(), await troubleNow()]).toEqual(['active', 'xero.webhooks-silent']);
    expect((await life()).webhooks).toMatchObject({ isSetUp: true, isSilent: true });
    await control().webhooks.verify();
    await world.pass(16 * MINUTE_MS);
    expect(await troubleNow()).toBeNull();
    expect((await life()).webhooks).toMatchObject({ isSilent: false, unnoticed: 0 });
  });
});

describe('testing now', () => {
  test('says that it works, and follows a new name', async () => {
    world.bookkeeper.renameOrganisation('Harbour Learning Ltd');
    const found = await tryNow();
    expect(found).toMatchObject({ works: true });
    expect(found.words).toContain('Harbour Learning Ltd');
    const shown = await life();
    expect(shown.connection.organisation?.name).toBe('Harbour Learning Ltd');
    expect(shown.usage.callsToday).toBeGreaterThan(0);
    expect(await kinds()).toContain('connection.organisation-changed');
  });

  test('says what is wrong in words, and brings back what works again', async () => {
    control().troubles.setOffline(xeroOrgs.au, true);
    expect(await tryNow()).toMatchObject({
      works: false,
      words: 'Xero says that this organisation is offline.',
    });
    control().troubles.setOffline(xeroOrgs.au, false);
    control().people.demoteUser(xeroUsers.adviser, xeroOrgs.au);
    expect((await tryNow()).words).toContain('no longer has the rights');
    expect(await stateNow()).toBe('needs-consent');
    control().people.setRole(xeroUsers.adviser, xeroOrgs.au, 'ADVISER');
    expect(await tryNow()).toMatchObject({ works: true });
    expect(await stateNow()).toBe('active');
  });

  test('is for those who manage connections', async () => {
    const staff = await world.people.staff();
    const params = { connectionId };
    expect(await staff.refusal(api.testConnection, { params })).toMatchObject({ status: 403 });
    expect(await staff.refusal(api.pauseConnection, { params })).toMatchObject({ status: 403 });
    expect((await staff.call(api.getConnectionLife, { params })).connection.id).toBe(connectionId);
    const stranger = await world.neighbours.owner();
    expect(await stranger.refusal(api.testConnection, { params })).toMatchObject({ status: 404 });
    expect(await stranger.refusal(api.getConnectionLife, { params })).toMatchObject({
      status: 404,
    });
  });
});

describe('a pause', () => {
  const pause = () => world.owner.call(api.pauseConnection, { params: { connectionId } });
  const resume = () => world.owner.call(api.resumeConnection, { params: { connectionId } });

  test('lets nothing flow, keeps what waits, and catches up after', async () => {
    expect((await pause()).state).toBe('paused');
    expect((await pause()).state).toBe('paused');
    const before = control().log.calls('/api.xro/').length;
    const learner = await somethingWaits();
    const contact = world.bookkeeper.createContact({ Name: 'Met Meanwhile' });
    await world.pass(DAY_MS);
    expect(control().log.calls('/api.xro/')).toHaveLength(before);
    const waiting = await world.standingOf(learner.id);
    expect(waiting).toMatchObject({ standing: 'waiting' });
    expect(waiting?.reasons.join(' ')).toContain('paused');
    expect(await world.owner.call(api.listConnectionNews)).toMatchObject({
      news: [{ state: 'paused', trouble: null }],
    });

    expect((await resume()).state).toBe('active');
    expect((await life()).catchingUpSince).not.toBeNull();
    await world.settle();
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
    expect(contact).toBeDefined();
    expect(await life()).toMatchObject({ catchingUpSince: null, pausedAt: null });
    expect((await life()).inStepAt).not.toBeNull();
    expect((await kinds()).slice(-3)).toEqual([
      'connection.paused',
      'connection.resumed',
      'connection.in-step',
    ]);
    expect((await world.owner.call(api.listConnectionNews)).news[0]?.inStepAt).not.toBeNull();
    await world.pass(11 * MINUTE_MS);
    expect((await world.owner.call(api.listConnectionNews)).news).toEqual([]);
  });

  test('is refused where nothing flows anyway', async () => {
    control().people.disconnect(xeroOrgs.au);
    await tryNow();
    const params = { connectionId };
    expect(await world.owner.refusal(api.pauseConnection, { params })).toMatchObject({
      code: 'connection.wrong-state',
    });
    expect(await world.owner.refusal(api.resumeConnection, { params })).toMatchObject({
      code: 'connection.wrong-state',
    });
    await world.owner.call(api.disconnect, { params });
    expect(await world.owner.refusal(api.testConnection, { params })).toMatchObject({
      code: 'connection.wrong-state',
    });
  });
});

test('a quiet connection costs fewer than a hundred calls a day', async () => {
  await world.pass(HOUR_MS);
  control().log.clear();
  for (let quarter = 0; quarter < 96; quarter += 1) await world.pass(15 * MINUTE_MS);
  expect(control().log.calls('/api.xro/').length).toBeLessThan(100);
  expect(mails()).toEqual([]);
});
