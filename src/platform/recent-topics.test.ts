import { expect, test } from 'vitest';
import { createFakeClock } from './clock.ts';
import { createRecentTopics, REMEMBERED_MS } from './recent-topics.ts';

test('a topic is remembered for half a minute, of its own provider alone', () => {
  const clock = createFakeClock('2026-03-02T00:00:00Z');
  const recent = createRecentTopics(clock);
  recent.note('harbour', 'learners');
  clock.advance(REMEMBERED_MS - 1);
  recent.note('harbour', 'sync');
  recent.note('kowhai', 'runs');
  expect(recent.of('harbour')).toEqual(['learners', 'sync']);
  expect(recent.of('kowhai')).toEqual(['runs']);
  clock.advance(2);
  expect(recent.of('harbour')).toEqual(['sync']);
  clock.advance(REMEMBERED_MS);
  recent.note('kowhai', 'runs');
  expect(recent.of('harbour')).toEqual([]);
  expect(recent.of('kowhai')).toEqual(['runs']);
});
