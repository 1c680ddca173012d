import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveMessage } from '#contract/live';
import { listenLive } from './live.ts';

/** A stream of which the test says when it opens, breaks or brings something. */
class FakeSource {
  static all: FakeSource[] = [];
  onopen = () => {};
  onerror = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  constructor() {
    FakeSource.all.push(this);
  }
  close() {}
}

interface Page {
  /** When its list of apps was renewed, from the beginning on. */
  renewedAt: number[];
  hear(ids: string[], topic?: string): void;
  stop(): void;
}

let startedAt: number;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('localStorage', { getItem: () => null });
  startedAt = performance.now();
});
afterEach(() => {
  FakeSource.all = [];
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function openPage(): Page {
  const client = new QueryClient();
  const renewedAt: number[] = [];
  vi.spyOn(client, 'invalidateQueries').mockImplementation(async (filters) => {
    if (filters?.queryKey?.[0] === 'listApps') renewedAt.push(performance.now() - startedAt);
  });
  const stop = listenLive(client, 'p1');
  const source = FakeSource.all.at(-1);
  const hear = (ids: string[], topic = 'connections') =>
    source?.onmessage({ data: JSON.stringify({ topic, ids } as LiveMessage) });
  return { renewedAt, hear, stop };
}

test('what names its subjects is shown at once', () => {
  const page = openPage();
  page.hear(['c1']);
  vi.advanceTimersByTime(50);
  expect(page.renewedAt).toHaveLength(1);
  page.stop();
});

test('of what concerns many, open pages ask one after another, within three seconds', () => {
  const pages = Array.from({ length: 300 }, openPage);
  for (const page of pages) page.hear([]);
  vi.advanceTimersByTime(3_000);
  const times = pages.flatMap(({ renewedAt }) => renewedAt).sort((a, b) => a - b);
  expect(times).toHaveLength(300);
  const inOneSecond = times.map((at) => times.filter((t) => t >= at && t < at + 1_000).length);
  // A hundred in the mean; it takes luck beyond all measure for half of them to meet.
  expect(Math.max(...inOneSecond)).toBeLessThan(150);
  for (const page of pages) page.stop();
});

test('while messages that concern many go on, a page asks no oftener than every two seconds', () => {
  const page = openPage();
  for (let n = 0; n < 300; n += 1) {
    page.hear([]);
    vi.advanceTimersByTime(100);
  }
  const gaps = page.renewedAt.slice(1).map((at, n) => at - (page.renewedAt[n] ?? 0));
  expect(gaps.length).toBeGreaterThan(5);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  page.stop();
});

test('a message that says nothing known renews nothing', () => {
  const page = openPage();
  page.hear(['c1'], 'weather');
  vi.advanceTimersByTime(10_000);
  expect(page.renewedAt).toEqual([]);
  page.stop();
});

test('pages that lose their streams together do not come back together', () => {
  const pages = Array.from({ length: 300 }, openPage);
  for (const source of FakeSource.all) source.onerror();
  vi.advanceTimersByTime(2_000);
  const early = FakeSource.all.length - pages.length;
  vi.advanceTimersByTime(2_000);
  expect(early).toBeGreaterThan(0);
  expect(early).toBeLessThan(150);
  expect(FakeSource.all).toHaveLength(600);
  for (const page of pages) page.stop();
});
