import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { WEBHOOK_ENDPOINTS_MAX } from '#contract/webhooks';
import { untilWaiting } from '../world/lock-waits.ts';
import type { SignedIn } from '../world/people.ts';
import { type Receiver, startReceiver } from '../world/receiver.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;
let other: pg.Client;
let receiver: Receiver;

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  other = new pg.Client({ connectionString: world.config.databaseUrl });
  await other.connect();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await other.end();
  await world.close();
});

test('no more endpoints are added than there may be, by two at once either', async () => {
  const body = { url: 'https://hooks.example.org/', kinds: ['sync.failed' as const] };
  for (let index = 1; index < WEBHOOK_ENDPOINTS_MAX; index += 1) {
    await owner.call(api.addWebhookEndpoint, { body });
  }
  // Both have come as far as they can before either has added one.
  await other.query('begin; lock table webhook_endpoints in share mode');
  const adding = [1, 2].map(() => owner.call(api.addWebhookEndpoint, { body }));
  await untilWaiting(other, 2);
  await other.query('rollback');
  const added = await Promise.allSettled(adding);
  expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { items } = await owner.call(api.listWebhookEndpoints);
  expect(items.length).toBe(WEBHOOK_ENDPOINTS_MAX);
});

test('what arrived while its endpoint was being turned off is told as delivered', async () => {
  const { items } = await owner.call(api.listWebhookEndpoints);
  const [spare] = items;
  if (spare) await owner.call(api.removeWebhookEndpoint, { params: { endpointId: spare.id } });
  const { endpoint } = await owner.call(api.addWebhookEndpoint, {
    body: { url: receiver.url, kinds: ['sync.failed'] },
  });
  const params = { endpointId: endpoint.id };
  const turn = (isActive: boolean) =>
    owner.call(api.changeWebhookEndpoint, { params, body: { isActive } });
  const stateAfter = async (status: number) => {
    receiver.answerWith({ status });
    const { deliveryId } = await owner.call(api.testWebhookEndpoint, { params });
    receiver.during(() => turn(false));
    await world.settle();
    const sent = await owner.call(api.getWebhookDelivery, { params: { ...params, deliveryId } });
    return [sent.state, sent.lastStatus, sent.finishedAt !== null];
  };
  expect(await stateAfter(204)).toEqual(['delivered', 204, true]);
  await turn(true);
  expect(await stateAfter(500)).toEqual(['failed', 500, true]);
  expect((await turn(false)).state).toBe('disabled');
});
