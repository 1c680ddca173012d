import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBurstAlarm } from '#platform/burst-alarm';
import { createFakeClock, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { startWorld } from '../world/world.ts';

const TOKEN = 'a token for whoever watches';
let world: ConnectedWorld;

beforeAll(async () => {
  world = await startConnectedWorld({ metricsToken: TOKEN });
});
afterAll(() => world.close());

function ask(token?: string): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${world.url}/metrics`, { headers });
}

async function figure(name: string): Promise<number> {
  const text = await (await ask(TOKEN)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? Number.NaN);
}

test('figures are for whoever brings the token', async () => {
  expect((await ask()).status).toBe(401);
  expect((await ask('another token of some length')).status).toBe(401);
  const answer = await ask(TOKEN);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).not.toContain('Harbour');
});

test('they tell of connections, lanes, the queue, calls, webhooks and requests', async () => {
  expect(await figure('bursar_connections{state="active"}')).toBe(1);
  expect(await figure('bursar_lanes{state="resting"}')).toBe(1);
  expect(await figure('bursar_jobs{state="waiting"}')).toBeGreaterThanOrEqual(0);
  expect(await figure('bursar_xero_answers_total{status="200"}')).toBeGreaterThan(0);
  expect(await figure('bursar_xero_calls_today')).toBeGreaterThan(0);
  expect(
    await figure('bursar_http_requests_total{method="GET",route="/metrics",status="2xx"}'),
  ).toBeGreaterThan(0);
  const before = await figure('bursar_webhooks_total{outcome="taken"}');
  await world.emulator.control.webhooks.verify();
  const wrong = await figure('bursar_webhooks_total{outcome="wrong-signature"}');
  expect(wrong).toBeGreaterThan(0);
  expect(await figure('bursar_webhooks_total{outcome="taken"}')).toBeGreaterThan(before || 0);
});

test('without a token in the configuration nothing is served', async () => {
  const other = await startWorld();
  const answer = await fetch(`${other.url}/metrics`, { headers: { authorization: 'Bearer x' } });
  expect(answer.status).toBe(404);
  await other.close();
});

test('the database is told to end a transaction that rests for a quarter of a minute', async () => {
  const { database } = world.context;
  const show = () =>
    database.asSystem(async (tx) => {
      const { rows } = await sql<{ idle_in_transaction_session_timeout: string }>`
        show idle_in_transaction_session_timeout`.execute(tx);
      return rows[0]?.idle_in_transaction_session_timeout;
    });
  expect(await show()).toBe('15s');
});

test('a burst rings once, and again only after quiet', () => {
  const clock = createFakeClock('2026-03-02T01:00:00Z');
  const rung: number[] = [];
  const alarm = createBurstAlarm({
    clock,
    limit: 3,
    windowMs: MINUTE_MS,
    ring: (count) => rung.push(count),
  });
  const hear = (times: number) => {
    for (let time = 0; time < times; time += 1) alarm.heard();
  };
  hear(2);
  clock.advance(2 * MINUTE_MS);
  hear(2);
  expect(rung).toEqual([]);
  hear(10);
  expect(rung).toEqual([3]);
  clock.advance(2 * MINUTE_MS);
  hear(10);
  expect(rung).toEqual([3]);
  clock.advance(2 * MINUTE_MS);
  hear(1);
  clock.advance(2 * MINUTE_MS);
  hear(3);
  expect(rung).toEqual([3, 3]);
});
