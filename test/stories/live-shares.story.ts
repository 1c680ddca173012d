import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIVE_PATH } from '#contract/live';
import { STREAMS_PER_CALLER, STREAMS_PER_PROVIDER } from '#entry/http/live-routes';
import { type LiveStream, openLive } from '../world/live-stream.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test('the keys of one provider take no more than its share of the live streams', async () => {
  const streams: LiveStream[] = [];
  while (streams.length < STREAMS_PER_PROVIDER) {
    const program = await world.apiClient('staff');
    const free = Math.min(STREAMS_PER_CALLER, STREAMS_PER_PROVIDER - streams.length);
    streams.push(...(await Promise.all(Array.from({ length: free }, () => openLive(program)))));
  }
  const oneMore = await world.apiClient('staff');
  const refused = await oneMore.fetch(LIVE_PATH);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('30');
  expect(await refused.json()).toMatchObject({
    code: 'request.too-many',
    detail: expect.stringContaining(`${STREAMS_PER_PROVIDER}`),
  });
  const neighbour = await openLive(await world.neighbours.apiClient('staff'));
  neighbour.close();
  for (const stream of streams) stream.close();
  await expect
    .poll(async () => {
      const stream = await openLive(oneMore).catch(() => null);
      stream?.close();
      return stream !== null;
    })
    .toBe(true);
});
