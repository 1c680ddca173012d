import type { LiveTopic } from '#contract/live';
import { type Clock, SECOND_MS } from './clock.ts';

/** Longer than a page takes from its first answer to its open stream. */
export const REMEMBERED_MS = 30 * SECOND_MS;

export interface RecentTopics {
  note(providerId: string, topic: LiveTopic): void;
  /** What changed at this provider within the last half minute. */
  of(providerId: string): LiveTopic[];
}

/**
 * Remembers for half a minute which topics of a provider changed: a page that read its data just
 * before its stream opened is told of them, or it would show what was for as long as it stands.
 * Providers at which nothing happens any more are forgotten.
 */
export function createRecentTopics(clock: Clock): RecentTopics {
  const moments = new Map<string, Map<LiveTopic, number>>();
  let tidied = clock.now().getTime();

  function tidy(now: number): void {
    if (now - tidied < REMEMBERED_MS) return;
    tidied = now;
    for (const [providerId, topics] of moments) {
      if (Math.max(...topics.values()) + REMEMBERED_MS < now) moments.delete(providerId);
    }
  }

  return {
    note(providerId, topic) {
      const now = clock.now().getTime();
      tidy(now);
      const topics = moments.get(providerId) ?? new Map();
      moments.set(providerId, topics.set(topic, now));
    },
    of(providerId) {
      const since = clock.now().getTime() - REMEMBERED_MS;
      const topics = [...(moments.get(providerId) ?? [])];
      return topics.filter(([, moment]) => moment >= since).map(([topic]) => topic);
    },
  };
}
