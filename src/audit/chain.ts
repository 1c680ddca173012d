import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { ProviderId } from '#contract/ids';

/** One link: the hash of an entry covers its place, when it was sealed, its event and the hash before. */
export interface Link {
  position: bigint;
  /** Milliseconds since 1970. */
  sealedAt: number;
  /** The event's columns as one text, made by `contentOf`. */
  content: string;
}

/** What the first entry of a provider's chain is tied to. */
export function beginningOf(providerId: ProviderId): Buffer {
  return createHash('sha256').update(`bursar audit chain v1:${providerId}`).digest();
}

/**
 * The SHA-256 of an entry; `before` is the hash of the one before it, or `beginningOf`. Were other
 * bytes put together here, every chain that is sealed would look tampered with.
 */
export function hashOf(before: Buffer, link: Link): Buffer {
  return createHash('sha256')
    .update(before)
    .update(`${link.position}:${link.sealedAt}:${link.content}`)
    .digest();
}

/**
 * Every column of the event `e` as one text that is the same whenever it is made: `jsonb` has one
 * spelling, and the instant is in microseconds so that no time zone has a say.
 */
export const contentOf: RawBuilder<string> = sql<string>`json_build_array(
  e.provider_id, e.id, e.seq, e.xid::text, (extract(epoch from e.at) * 1000000)::bigint,
  e.kind, e.actor, e.subject_kind, e.subject_id, e.data)::text`;
