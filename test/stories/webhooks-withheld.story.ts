import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import { EXPORT_PATH } from '#contract/closing';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { MIGRATIONS_FOLDER } from '#platform/migrate';
import { typeCommand } from '../world/command-line.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { type Receiver, startReceiver } from '../world/receiver.ts';

let world: ConnectedWorld;
let receiver: Receiver;
let endpointId: string;

beforeEach(async () => {
  world = await startConnectedWorld();
  receiver = await startReceiver();
  const { endpoint } = await world.owner.call(api.addWebhookEndpoint, {
    body: { url: receiver.url, kinds: ['connection.changed', 'sync.failed'] },
  });
  endpointId = endpoint.id;
});
afterEach(async () => {
  await receiver.close();
  await world.close();
});

const params = () => ({ endpointId });

function told(): { type: string; data: Record<string, unknown> }[] {
  return receiver.received.map(({ body }) => JSON.parse(body));
}

/** A message that its receiver did not take yet. */
async function leaveOneWaiting(): Promise<string> {
  receiver.answerWith({ status: 500 });
  const { deliveryId } = await world.owner.call(api.testWebhookEndpoint, { params: params() });
  await world.settle();
  expect(told().map(({ type }) => type)).toEqual(['test']);
  receiver.answerWith({ status: 204 });
  receiver.received.length = 0;
  return deliveryId;
}

async function licence(verb: 'grant' | 'withdraw'): Promise<void> {
  const provider = ['--provider', world.people.providerId];
  const typed = await typeCommand(world, 'licence', verb, '--product', 'webhooks', ...provider);
  expect(typed).toMatchObject({ code: 0, err: '' });
}

async function kept(): Promise<string> {
  const rows = await world.context.database.asSystem((tx) =>
    tx.selectFrom('webhook_deliveries').select('payload').execute(),
  );
  return rows.map(({ payload }) => payload).join('\n');
}

test('whom Xero refuses is told of by the cause’s code; no name and address is sent or kept', async () => {
  const learner = await world.addLearner({
    firstName: 'Rua',
    lastName: 'Kauri',
    email: 'rua@kauri.example',
  });
  const validation = { Message: 'Email address rua@kauri.example of Rua Kauri must be valid.' };
  const element = { ValidationErrors: [validation], HasValidationErrors: true };
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Contacts',
    method: 'PUT',
    times: 1,
    effect: {
      kind: 'status',
      status: 400,
      contentType: 'application/json',
      body: JSON.stringify({
        ErrorNumber: 10,
        Type: 'ValidationException',
        Message: 'A validation exception occurred',
        Elements: [element],
      }),
    },
  });
  await world.settle();
  const { reasons } = (await world.standingOf(learner.id)) ?? {};
  expect(reasons?.join(' ')).toContain('rua@kauri.example');
  const failed = told().find(({ type }) => type === 'sync.failed');
  expect(failed?.data).toEqual({
    learnerId: learner.id,
    xeroOrgId: expect.any(String),
    cause: 'contact.email-refused',
  });
  expect(`${JSON.stringify(told())} ${await kept()}`).not.toMatch(/Rua|kauri/i);
});

test('messages kept from before hold no sentences after the upgrade, whatever stands in them', async () => {
  await leaveOneWaiting();
  const data = {
    workplaceId: 'w',
    xeroOrgId: 'x',
    reasons: ['Mia Wong \u0000 \ud800 <mia@wong.example>'],
  };
  const old = JSON.stringify({ type: 'sync.failed', timestamp: 't', data });
  const file = join(MIGRATIONS_FOLDER, '0038_no_sentences_in_webhooks.sql');
  const upgrade = await readFile(file, 'utf8');
  const database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  try {
    await database.query(`update webhook_deliveries set kind = 'sync.failed', payload = $1`, [old]);
    await database.query(`begin; ${upgrade} commit;`);
  } finally {
    await database.end();
  }
  expect(JSON.parse(await kept())).toEqual({
    type: 'sync.failed',
    timestamp: 't',
    data: { workplaceId: 'w', xeroOrgId: 'x', cause: 'contact.refused' },
  });
});

test('while webhooks are not in the package what waits stays; it is sent once they are', async () => {
  const deliveryId = await leaveOneWaiting();
  await licence('withdraw');
  await world.pass(HOUR_MS);
  expect(told()).toEqual([]);
  const notLicensed = { code: 'connection.not-licensed', status: 403, remedy: 'ask' };
  const { owner } = world;
  expect(await owner.refusal(api.testWebhookEndpoint, { params: params() })).toMatchObject(
    notLicensed,
  );
  const one = { params: { ...params(), deliveryId } };
  expect(await owner.refusal(api.replayWebhookDelivery, one)).toMatchObject(notLicensed);
  const since = new Date(world.clock.now().getTime() - DAY_MS).toISOString();
  const failed = { params: params(), body: { since } };
  expect(await owner.refusal(api.replayFailedWebhooks, failed)).toMatchObject(notLicensed);
  await world.settle();
  expect(told()).toEqual([]);

  await licence('grant');
  await world.pass(MINUTE_MS);
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([deliveryId]);
});

test('what waited for a month is forgotten like everything that was sent', async () => {
  await leaveOneWaiting();
  await licence('withdraw');
  await world.pass(29 * DAY_MS);
  expect(await kept()).toContain('"test"');
  await world.pass(2 * DAY_MS);
  expect(await kept()).toBe('');
});

test('a provider that closes tells nothing more, not even that it is disconnected; undone, what waited goes', async () => {
  const deliveryId = await leaveOneWaiting();
  expect((await world.owner.fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(200);
  await world.owner.call(api.closeProvider, { body: { name: 'Harbour Training' } });
  await world.pass(HOUR_MS);
  expect(world.emulator.control.people.connections()).toEqual([]);
  expect(told()).toEqual([]);
  expect(await kept()).not.toContain('disconnected');

  await world.owner.call(api.reopenProvider);
  await world.pass(MINUTE_MS);
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([deliveryId]);
});
