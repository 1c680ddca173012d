import type { ProviderId } from '#contract/ids';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { beginningOf, hashOf } from './chain.ts';
import {
  type Entry,
  type Head,
  headsOf,
  insertEntries,
  moveCursor,
  nextUnsealed,
  readCursor,
  sealedAlready,
  takeSealerLock,
  type Unsealed,
  unsealedFromElsewhere,
} from './chain-store.ts';

interface Deps {
  database: Database;
  clock: Clock;
}

export type Heads = Map<ProviderId, Head>;

const BATCH = 1_000;
/** Batches before others of the tick get their turn; the rest waits for the next. */
const BATCHES_MAX = 20;

/**
 * Ties all events that can be tied into their provider's chain, and answers the chains that grew.
 * Whoever appends events never waits for this: it comes after, and one at a time.
 */
export async function sealEvents(deps: Deps): Promise<Heads> {
  const grown: Heads = new Map();
  for (let round = 0; round < BATCHES_MAX; round += 1) {
    const isMore = await deps.database.asSystem((tx) => sealBatch(tx, deps.clock.now(), grown));
    if (!isMore) break;
  }
  return grown;
}

async function sealBatch(tx: Tx, now: Date, grown: Heads): Promise<boolean> {
  if (!(await takeSealerLock(tx))) return false;
  const { isRestored, ...cursor } = await readCursor(tx);
  if (isRestored) return sealAfterRestore(tx, now, grown);
  const events = await nextUnsealed(tx, cursor, BATCH);
  const last = events.at(-1);
  if (!last) return false;
  await seal(tx, events, now, grown);
  await moveCursor(tx, { xid: last.xid, seq: last.seq });
  return events.length === BATCH;
}

/** Seals what came with the dump, then begins the walk anew; what is sealed is passed over in it. */
async function sealAfterRestore(tx: Tx, now: Date, grown: Heads): Promise<boolean> {
  const events = await unsealedFromElsewhere(tx, BATCH);
  await seal(tx, events, now, grown);
  if (events.length < BATCH) await moveCursor(tx, { xid: '0', seq: 0n });
  return true;
}

async function seal(tx: Tx, events: readonly Unsealed[], now: Date, grown: Heads): Promise<void> {
  const known = await sealedAlready(tx, events);
  const heads = await headsOf(tx, [...new Set(events.map(({ providerId }) => providerId))]);
  const entries: Entry[] = [];
  for (const { providerId, id, content } of events) {
    if (known.has(id)) continue;
    const before = heads.get(providerId) ?? { position: 0n, hash: beginningOf(providerId) };
    const position = before.position + 1n;
    const hash = hashOf(before.hash, { position, sealedAt: now.getTime(), content });
    heads.set(providerId, { position, hash });
    grown.set(providerId, { position, hash });
    entries.push({ provider_id: providerId, position, event_id: id, hash, sealed_at: now });
  }
  await insertEntries(tx, entries);
}
