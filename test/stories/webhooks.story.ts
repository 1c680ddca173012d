import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { WEBHOOK_ENDPOINTS_MAX, type WebhookEndpoint } from '#contract/webhooks';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { type Received, type Receiver, startReceiver } from '../world/receiver.ts';

let world: ConnectedWorld;
let receiver: Receiver;
let endpoint: WebhookEndpoint;
let secret: string;

beforeAll(async () => {
  world = await startConnectedWorld();
  receiver = await startReceiver();
  const added = await world.owner.call(api.addWebhookEndpoint, {
    body: {
      url: receiver.url,
      description: 'Our data warehouse',
      kinds: ['connection.changed', 'contact.linked', 'invoice.changed', 'sync.failed'],
    },
  });
  endpoint = added.endpoint;
  secret = added.secret;
});
afterAll(async () => {
  await receiver.close();
  await world.close();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answerWith({ status: 204 });
});

const params = () => ({ endpointId: endpoint.id });

function typesReceived(): string[] {
  return receiver.received.map(({ body }) => JSON.parse(body).type);
}

/** As the libraries of Standard Webhooks compare it, but for the age of the message. */
function signaturesOf({ headers, body }: Received, key: string): { sent: string[]; ours: string } {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  const ours = new Webhook(key).sign(String(headers['webhook-id']), at, body);
  return { sent: String(headers['webhook-signature']).split(' '), ours };
}

async function deliveries(state?: 'waiting' | 'delivered' | 'failed') {
  const query = { limit: 100, ...(state ? { state } : {}) };
  const page = await world.owner.call(api.listWebhookDeliveries, { params: params(), query });
  return page.items;
}

async function sendTest() {
  const { deliveryId } = await world.owner.call(api.testWebhookEndpoint, { params: params() });
  return deliveryId;
}

async function endpointNow(): Promise<WebhookEndpoint> {
  const { items } = await world.owner.call(api.listWebhookEndpoints);
  const found = items.find(({ id }) => id === endpoint.id);
  if (!found) throw new Error('The endpoint is gone');
  return found;
}

async function waitingPasses(hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 4) await world.pass(4 * HOUR_MS);
}

describe('a program that asked for it', () => {
  test('is told of a linked contact and an invoice, signed, with ids and no names', async () => {
    const learner = await world.addLearner({ firstName: 'Tane', lastName: 'Mahuta' });
    await world.settle();
    const contactId = (await world.syncOf(learner.id)).link?.contactId ?? '';
    world.bookkeeper.createInvoice({
      contactId,
      lines: [{ description: 'Tuition', quantity: 1, unitAmount: 120 }],
    });
    await world.settle();
    expect(typesReceived()).toContain('contact.linked');
    expect(typesReceived()).toContain('invoice.changed');
    for (const one of receiver.received) {
      const { sent, ours } = signaturesOf(one, secret);
      expect(sent).toContain(ours);
      expect(one.headers['content-type']).toBe('application/json');
      expect(one.body).not.toContain('Mahuta');
    }
    const linked = receiver.received.find(({ body }) => body.includes('contact.linked'));
    expect(JSON.parse(linked?.body ?? '{}')).toMatchObject({
      timestamp: expect.any(String),
      data: { learnerId: learner.id, contactId },
    });
  });

  test('is told of a learner who could not be sent, with why, and of each step of the connection', async () => {
    world.emulator.control.faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      times: 1,
      effect: {
        kind: 'status',
        status: 400,
        contentType: 'application/json',
        body: '{"ErrorNumber":10,"Type":"ValidationException","Message":"Refused","Elements":[]}',
      },
    });
    const learner = await world.addLearner({ firstName: 'Rua', lastName: 'Kauri' });
    await world.settle();
    const told = receiver.received.map(({ body }) => JSON.parse(body));
    const failed = told.find(({ type }) => type === 'sync.failed');
    expect(failed?.data).toMatchObject({ learnerId: learner.id, cause: 'contact.refused' });
    const [connection] = (await world.owner.call(api.listApps)).apps.flatMap(
      (app) => app.connections,
    );
    const steps = { params: { connectionId: connection?.id as ConnectionId } };
    await world.owner.call(api.pauseConnection, steps);
    await world.owner.call(api.resumeConnection, steps);
    await world.settle();
    const changes = receiver.received
      .map(({ body }) => JSON.parse(body))
      .flatMap(({ type, data }) => (type === 'connection.changed' ? data.change : []));
    expect(changes).toEqual(['paused', 'resumed', 'in-step']);
  });

  test('finds each message in the log, with what it answered and no more than 1 kB of it', async () => {
    receiver.answerWith({ status: 202, body: `Taken. ${'x'.repeat(5_000)}` });
    const deliveryId = await sendTest();
    await world.settle();
    const shown = await world.owner.call(api.getWebhookDelivery, {
      params: { ...params(), deliveryId },
    });
    expect(shown).toMatchObject({ kind: 'test', state: 'delivered', lastStatus: 202 });
    const [attempt] = shown.log;
    expect(attempt?.answer).toMatch(/^Taken\. x/);
    expect(Buffer.byteLength(attempt?.answer ?? '')).toBeLessThanOrEqual(1_024);
    expect(receiver.received[0]?.headers['webhook-id']).toBe(deliveryId);
  });
});

describe('a receiver that fails', () => {
  test('is tried again with growing waits, under the same id, until it takes the message', async () => {
    receiver.answerWith({ status: 500 });
    const deliveryId = await sendTest();
    await world.settle();
    await world.pass(6 * SECOND_MS);
    await world.pass(35 * SECOND_MS);
    expect(receiver.received.length).toBe(3);
    receiver.answerWith({ status: 204 });
    await world.pass(3 * MINUTE_MS);
    const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    expect([...ids]).toEqual([deliveryId]);
    expect(await deliveries('waiting')).toEqual([]);
    expect(await endpointNow()).toMatchObject({ state: 'active', failingSince: null });
  });

  test('by a redirect is not followed, for it could lead anywhere', async () => {
    receiver.answerWith({ status: 302, headers: { location: `${receiver.url}/else` } });
    await sendTest();
    await world.settle();
    expect(receiver.received.length).toBe(1);
    expect((await deliveries('waiting'))[0]).toMatchObject({ lastStatus: 302 });
    receiver.answerWith({ status: 204 });
    await world.pass(MINUTE_MS);
  });

  test('does not get the messages of an hour all at once when it comes back', async () => {
    receiver.answerWith({ status: 503 });
    for (let index = 0; index < 15; index += 1) await sendTest();
    await world.settle();
    expect(receiver.received.length).toBe(10);
    receiver.answerWith({ status: 204 });
    await world.pass(MINUTE_MS);
    await world.pass(MINUTE_MS);
    expect(await deliveries('waiting')).toEqual([]);
  });

  test('for three days is turned off; owners get a mail, and nothing is lost', async () => {
    receiver.answerWith({ status: 500 });
    const deliveryId = await sendTest();
    await world.settle();
    await waitingPasses(60);
    expect((await deliveries('failed')).map(({ id }) => id)).toEqual([deliveryId]);
    await sendTest();
    await waitingPasses(3 * 24 - 48);
    expect(await endpointNow()).toMatchObject({ state: 'disabled', disabledBecause: 'failing' });
    const mails = await world.owner.call(api.listMails, { query: {} });
    const subjects = mails.items.map(({ subject }) => subject);
    expect(subjects.filter((one) => one === 'A webhook endpoint was turned off').length).toBe(1);

    const refusal = await world.owner.refusal(api.testWebhookEndpoint, { params: params() });
    expect(refusal).toMatchObject({ code: 'webhook.endpoint-off' });
    receiver.answerWith({ status: 204 });
    receiver.received.length = 0;
    await world.owner.call(api.changeWebhookEndpoint, {
      params: params(),
      body: { isActive: true },
    });
    const since = new Date(world.clock.now().getTime() - 10 * DAY_MS).toISOString();
    const { replayed } = await world.owner.call(api.replayFailedWebhooks, {
      params: params(),
      body: { since },
    });
    expect(replayed).toBe(2);
    await world.settle();
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toContain(deliveryId);
    expect(await deliveries('failed')).toEqual([]);
  });

  test('because it is gone (410) is turned off at once', async () => {
    receiver.answerWith({ status: 410 });
    await sendTest();
    await world.settle();
    expect(await endpointNow()).toMatchObject({ state: 'disabled', disabledBecause: 'failing' });
    await world.owner.call(api.changeWebhookEndpoint, {
      params: params(),
      body: { isActive: true },
    });
  });
});

describe('an owner', () => {
  test('sends a delivered message once more', async () => {
    const deliveryId = await sendTest();
    await world.settle();
    await world.owner.call(api.replayWebhookDelivery, { params: { ...params(), deliveryId } });
    await world.settle();
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      deliveryId,
      deliveryId,
    ]);
  });

  test('renews the secret; for a day both sign, then the new one alone', async () => {
    const old = secret;
    const rotated = await world.owner.call(api.rotateWebhookSecret, { params: params() });
    secret = rotated.secret;
    expect(rotated.endpoint.oldSecretUntil).not.toBeNull();
    await sendTest();
    await world.settle();
    const [one] = receiver.received;
    if (!one) throw new Error('Nothing was received');
    expect(signaturesOf(one, old).sent).toContain(signaturesOf(one, old).ours);
    expect(signaturesOf(one, secret).sent).toContain(signaturesOf(one, secret).ours);
    await world.pass(25 * HOUR_MS);
    receiver.received.length = 0;
    await sendTest();
    await world.settle();
    const [later] = receiver.received;
    if (!later) throw new Error('Nothing was received');
    expect(signaturesOf(later, secret).sent).toEqual([signaturesOf(later, secret).ours]);
  });

  test('turns an endpoint off and changes what it is told of', async () => {
    const changed = await world.owner.call(api.changeWebhookEndpoint, {
      params: params(),
      body: { kinds: ['sync.failed'], description: 'Alarms', isActive: false },
    });
    expect(changed).toMatchObject({ state: 'disabled', kinds: ['sync.failed'] });
    await world.addLearner({ firstName: 'Moana', lastName: 'Rangi' });
    await world.settle();
    expect(receiver.received).toEqual([]);
    await world.owner.call(api.changeWebhookEndpoint, {
      params: params(),
      body: { isActive: true, kinds: ['connection.changed'] },
    });
  });

  test('is refused too many endpoints, and addresses that are none', async () => {
    const body = { url: receiver.url, kinds: ['sync.failed' as const] };
    for (let index = 1; index < WEBHOOK_ENDPOINTS_MAX; index += 1) {
      await world.owner.call(api.addWebhookEndpoint, { body });
    }
    const full = await world.owner.refusal(api.addWebhookEndpoint, { body });
    expect(full.code).toBe('request.invalid');
    for (const url of ['ftp://x.example.org', 'javascript:alert(1)', 'https://a:b@x.example.org']) {
      const refusal = await world.owner.refusal(api.addWebhookEndpoint, { body: { ...body, url } });
      expect(refusal.code).toBe('webhook.address-not-allowed');
    }
    const { items } = await world.owner.call(api.listWebhookEndpoints);
    for (const one of items.filter(({ id }) => id !== endpoint.id)) {
      await world.owner.call(api.removeWebhookEndpoint, { params: { endpointId: one.id } });
      await world.owner.call(api.removeWebhookEndpoint, { params: { endpointId: one.id } });
    }
  });

  test('hears of the disconnecting too, and nobody else sees or steers the endpoint', async () => {
    const staff = await world.people.staff();
    const refusal = await staff.refusal(api.testWebhookEndpoint, { params: params() });
    expect(refusal.code).toBe('permission.missing');
    const { items } = await staff.call(api.listWebhookEndpoints);
    expect(items.map(({ url }) => url)).toEqual([`${new URL(receiver.url).origin}/…`]);
    const ofStaff = await staff.refusal(api.listWebhookDeliveries, { params: params() });
    expect(ofStaff.code).toBe('permission.missing');
    const neighbour = await world.neighbours.owner();
    const strange = await neighbour.refusal(api.listWebhookDeliveries, { params: params() });
    expect(strange.code).toBe('request.not-found');
    const { apps } = await world.owner.call(api.listApps);
    const connection = apps.flatMap(({ connections }) => connections)[0];
    if (!connection) throw new Error('Nothing is connected');
    await world.owner.call(api.disconnect, { params: { connectionId: connection.id } });
    await world.settle();
    const told = receiver.received.map(({ body }) => JSON.parse(body));
    expect(told).toContainEqual(
      expect.objectContaining({
        type: 'connection.changed',
        data: expect.objectContaining({ connectionId: connection.id, change: 'disconnected' }),
      }),
    );
  });
});
