import { sql } from 'kysely';
import type { PoolClient } from 'pg';
import type { ProviderId } from '#contract/ids';
import { LiveMessage, LiveTopic } from '#contract/live';
import { type Clock, SECOND_MS } from './clock.ts';
import type { Database, Tx } from './database.ts';
import type { Logger } from './logger.ts';
import { createRecentTopics } from './recent-topics.ts';

const CHANNEL = 'bursar_live';
const IDS_MAX = 50;
const RECONNECT_MS = SECOND_MS;
const LOOK_EVERY_MS = 30 * SECOND_MS;
const LOOK_WITHIN_MS = 10 * SECOND_MS;

/**
 * Tells open pages of one provider that something changed, when the transaction commits. Carries
 * ids only; above 50 ids it says "many" (an empty list), which also keeps within the 8,000 bytes
 * that PostgreSQL lets a notification hold.
 */
export async function announce(
  tx: Tx,
  providerId: ProviderId,
  topic: LiveTopic,
  ids: readonly string[],
): Promise<void> {
  const message: LiveMessage = { topic, ids: ids.length > IDS_MAX ? [] : [...ids] };
  const payload = JSON.stringify({ providerId, message });
  await sql`select pg_notify(${CHANNEL}, ${payload})`.execute(tx);
}

export interface LiveUpdates {
  /**
   * Hears what changes at one provider until the returned function is called, and first of what has
   * just changed: what the page shows may have been read before that.
   */
  subscribe(providerId: ProviderId, hear: (message: LiveMessage) => void): () => void;
  close(): Promise<void>;
}

interface LiveUpdatesDeps {
  database: Database;
  logger: Logger;
  clock: Clock;
  /** How often the connection is looked at, and how soon it has to answer. */
  look?: { everyMs: number; withinMs: number };
}

/** Listens on one connection of the database and hands each message to the pages of its provider. */
export async function listenForUpdates(deps: LiveUpdatesDeps): Promise<LiveUpdates> {
  const { database, logger } = deps;
  const subscribers = new Map<string, Set<(message: LiveMessage) => void>>();
  const recent = createRecentTopics(deps.clock);
  const look = deps.look ?? { everyMs: LOOK_EVERY_MS, withinMs: LOOK_WITHIN_MS };
  let closed = false;
  let release: () => void = () => {};

  function deliver(payload: string) {
    const { providerId, message } = JSON.parse(payload) as { providerId: string; message: unknown };
    const parsed = LiveMessage.parse(message);
    recent.note(providerId, parsed.topic);
    for (const hear of subscribers.get(providerId) ?? []) hear(parsed);
  }

  async function listen(): Promise<void> {
    const client = await database.connect();
    // Whoever only listens never learns that the other end is gone without a word.
    const looking = setInterval(() => {
      answerOf(client, look.withinMs).catch(lose);
    }, look.everyMs).unref();
    let isReleased = false;
    const releaseOnce = () => {
      clearInterval(looking);
      if (!isReleased) client.release(true);
      isReleased = true;
    };
    function lose(error: unknown) {
      if (isReleased) return;
      releaseOnce();
      logger.warn({ err: error }, 'live updates lost their connection; listening again');
      setTimeout(() => void relisten(), RECONNECT_MS).unref();
    }
    release = releaseOnce;
    client.on('notification', (notification) => deliver(notification.payload ?? '{}'));
    client.on('error', lose);
    await client.query(`listen ${CHANNEL}`);
  }

  async function relisten(): Promise<void> {
    if (closed) return;
    try {
      await listen();
      tellOfEverything();
    } catch (error) {
      logger.warn({ err: error }, 'live updates can’t listen yet; trying again');
      setTimeout(() => void relisten(), RECONNECT_MS).unref();
    }
  }

  /** What was announced while nobody listened is not known, so that all may have changed. */
  function tellOfEverything(): void {
    for (const group of subscribers.values()) {
      for (const hear of group) tell(hear, LiveTopic.options);
    }
  }

  await listen();
  return {
    subscribe(providerId, hear) {
      tell(hear, recent.of(providerId));
      const group = subscribers.get(providerId) ?? new Set();
      subscribers.set(providerId, group.add(hear));
      return () => {
        group.delete(hear);
        if (group.size === 0) subscribers.delete(providerId);
      };
    },
    async close() {
      closed = true;
      release();
    },
  };
}

async function answerOf(client: PoolClient, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The connection does not answer.')), withinMs);
  });
  await Promise.race([client.query('select 1'), late]).finally(() => clearTimeout(timer));
}

function tell(hear: (message: LiveMessage) => void, topics: readonly LiveTopic[]): void {
  for (const topic of topics) hear({ topic, ids: [] });
}
