import type { QueryClient } from '@tanstack/react-query';
import { LIVE_PATH, type LiveMessage } from '#contract/live';
import { readJson } from '../util/json.ts';
import { addressOf } from './client.ts';
import { type RouteName, renew, routesOfTopic } from './queries.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** The first message after a rest renews the page once those that came with it are there too. */
const FIRST_GATHER_MS = 25;
/** While more follow, they renew the page together, this often. */
const GATHER_MS = 150;
/** What concerns many is news to each open page at once: they ask spread over so long a time, */
const SPREAD_MS = 3_000;
/** and none of them oftener than this. */
const GATHER_MANY_MS = 2_000;

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
      timer = setTimeout(open, waitAfter(failures) + spread());
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

/** A different while for each page, since what they wait for reaches them all at once. */
function spread(): number {
  return Math.random() * SPREAD_MS;
}

/** What names its subjects shows at once, as what a person has just done; the rest a little later. */
function gatherer(client: QueryClient) {
  const many = renewal(client, (since) => Math.max(spread(), GATHER_MANY_MS - since));
  const named = renewal(client, (since) => (since > GATHER_MS ? FIRST_GATHER_MS : GATHER_MS));
  return {
    take(text: string) {
      const message = read(text);
      if (message) (message.ids.length > 0 ? named : many).add(routesOfTopic[message.topic]);
    },
    end() {
      many.end();
      named.end();
    },
  };
}

/** Gathers answers and renews them together; `waitFor` takes how long ago the last time was. */
function renewal(client: QueryClient, waitFor: (sinceLastMs: number) => number) {
  const names = new Set<RouteName>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  return {
    add(more: readonly RouteName[]) {
      for (const name of more) names.add(name);
      timer ??= setTimeout(
        () => {
          timer = undefined;
          renewedAt = performance.now();
          renew(client, names);
          names.clear();
        },
        waitFor(performance.now() - renewedAt),
      );
    },
    end: () => clearTimeout(timer),
  };
}

/** What a message says; null for one of a newer server, which will be asked again in time. */
function read(text: string): LiveMessage | null {
  const message = (readJson(text) ?? {}) as Partial<LiveMessage>;
  if (!message.topic || !Object.hasOwn(routesOfTopic, message.topic)) return null;
  return { topic: message.topic, ids: message.ids ?? [] };
}
