import type { QueryClient } from '@tanstack/react-query';
import { LIVE_PATH, type LiveTopic } from '#contract/live';
import { readJson } from '../util/json.ts';
import { addressOf } from './client.ts';
import { type RouteName, renew, routesOfTopic } from './queries.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** The first message after a rest renews the page once those that came with it are there too. */
const FIRST_GATHER_MS = 25;
/** While more follow, they renew the page together, this often. */
const GATHER_MS = 150;

/**
 * Listens to what changes at this provider and renews what the page shows of it. After a lost
 * connection everything shown is renewed, since messages may have been missed.
 * @returns a function that ends the listening
 */
export function listenLive(client: QueryClient, provider: string): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let wasLost = false;
  const gather = gatherer(client);

  const open = () => {
    source = new EventSource(addressOf(LIVE_PATH, {}, { provider }));
    source.onopen = () => {
      failures = 0;
      if (wasLost) void client.invalidateQueries();
      wasLost = false;
    };
    source.onmessage = (event) => gather.take(event.data);
    source.onerror = () => {
      // The browser's own retry ends for good on an HTTP error, so the retry is ours.
      source?.close();
      wasLost = true;
      timer = setTimeout(open, waitAfter(failures));
      failures += 1;
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
    gather.end();
  };
}

/** Milliseconds to wait after so many failures: doubled each time up to half a minute. */
export function waitAfter(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
}

function gatherer(client: QueryClient) {
  const names = new Set<RouteName>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  return {
    take(text: string) {
      const topic = topicOf(text);
      if (!topic) return;
      for (const name of routesOfTopic[topic]) names.add(name);
      const isFirst = performance.now() - renewedAt > GATHER_MS;
      const wait = isFirst ? FIRST_GATHER_MS : GATHER_MS;
      timer ??= setTimeout(() => {
        timer = undefined;
        renewedAt = performance.now();
        renew(client, names);
        names.clear();
      }, wait);
    },
    end: () => clearTimeout(timer),
  };
}

/** What a message is about; null for one of a newer server, which will be asked again in time. */
function topicOf(text: string): LiveTopic | null {
  const { topic } = (readJson(text) ?? {}) as { topic?: LiveTopic };
  return topic && Object.hasOwn(routesOfTopic, topic) ? topic : null;
}
