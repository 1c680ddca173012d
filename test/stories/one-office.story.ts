import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { openLive } from '../world/live-stream.ts';
import { startWorld, type World } from '../world/world.ts';

const PER_ADDRESS = 20;
/** More than a minute takes, though the next one should begin meanwhile. */
const ENOUGH = 2 * PER_ADDRESS;

let world: World;

beforeAll(async () => {
  world = await startWorld({
    requestLimits: { perAddress: PER_ADDRESS, perAddressOutside: PER_ADDRESS, perCaller: 100 },
  });
});
afterAll(() => world.close());

function deliver(signedWith: string): Promise<Response> {
  const body = JSON.stringify({ events: [] });
  const signature = createHmac('sha256', signedWith).update(body).digest('base64');
  return fetch(`${world.url}/webhooks/xero`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-xero-signature': signature },
    body,
  });
}

test('a whole office works behind one address, and the next colleague still signs in', async () => {
  const { people } = world;
  const office = [await people.owner(), await people.admin(), await people.finance()];
  for (let n = 0; n < PER_ADDRESS; n += 1) {
    for (const one of office) await one.call(api.listLearners);
  }
  const colleague = await people.staff();
  await colleague.call(api.listLearners);
  const live = await openLive(colleague);
  live.close();
});

test('guesses at keys use up their address, and not the work of those who are known', async () => {
  const owner = await world.people.owner();
  await owner.call(api.me);
  const guess = () =>
    fetch(`${world.url}${api.me.path}`, { headers: { authorization: 'Bearer bur_guess' } });
  const answers: number[] = [];
  for (let n = 0; n <= ENOUGH; n += 1) answers.push((await guess()).status);
  expect(answers[0]).toBe(401);
  expect(answers).toContain(429);
  await owner.call(api.me);
});

test('Xero’s deliveries are never too many, and wrong signatures are', async () => {
  const deliveries: number[] = [];
  for (let n = 0; n < ENOUGH; n += 1) {
    deliveries.push((await deliver('emulator-webhook-key')).status);
  }
  expect(new Set(deliveries)).toEqual(new Set([200]));
  const forged: number[] = [];
  for (let n = 0; n <= ENOUGH; n += 1) forged.push((await deliver('a guess')).status);
  expect(forged[0]).toBe(401);
  expect(forged).toContain(429);
});
