import { sql } from 'kysely';
import type { ProviderId } from '#contract/ids';
import { HOUR_MS } from '#platform/clock';
import type { Tx } from '#platform/database';
import { beginningOf, contentOf, hashOf } from './chain.ts';

/** The first thing that is not as it was sealed, and where. */
export interface Fault {
  /** Where in the chain; null for an event that stands outside it. */
  position: bigint | null;
  eventId: string | null;
  /** The log fits in itself, and is another one than what was noted outside the database. */
  isAnother: boolean;
  words: string;
}

export interface Verdict {
  entries: bigint;
  /** The newest entry that fits; null when there is none. */
  head: { position: bigint; hash: string } | null;
  fault: Fault | null;
}

const PAGE = 5_000;
/** Clocks of several machines differ, and a transaction takes its time; more than this is a forgery. */
const BACKDATED_MS = HOUR_MS;

interface Row {
  position: bigint;
  sealedAt: number;
  hash: string;
  eventId: string;
  /** Milliseconds since 1970; null when the event is missing. */
  eventAt: number | null;
  content: string;
}

/**
 * Walks a provider's chain from its beginning and stops at the first entry that does not fit:
 * altered, deleted, moved or put in between. Then looks for events that the sealer has passed and
 * that stand in no chain, and for a tail that was cut: `anchored` are the hashes by position that
 * were noted outside the database. `tx` is of the system.
 */
export async function verifyChain(
  tx: Tx,
  providerId: ProviderId,
  anchored: ReadonlyMap<bigint, string>,
): Promise<Verdict> {
  let before = beginningOf(providerId);
  let entries = 0n;
  let newestAt = 0;
  const headNow = () =>
    entries === 0n ? null : { position: entries, hash: before.toString('hex') };
  const end = (fault: Fault | null): Verdict => ({ entries, head: headNow(), fault });

  for (;;) {
    const rows = await readRows(tx, providerId, entries);
    for (const row of rows) {
      const expected = entries + 1n;
      const hash = hashOf(before, row);
      const fault = faultOf(row, { expected, hash: hash.toString('hex'), anchored, newestAt });
      if (fault) return end(fault);
      before = hash;
      entries = expected;
      newestAt = Math.max(newestAt, row.eventAt ?? 0);
    }
    if (rows.length < PAGE) break;
  }
  return end(cutTail(entries, anchored) ?? (await strayEvent(tx, providerId)));
}

function faultOf(
  row: Row,
  known: {
    expected: bigint;
    hash: string;
    anchored: ReadonlyMap<bigint, string>;
    newestAt: number;
  },
): Fault | null {
  const { expected, anchored, newestAt } = known;
  const here = { position: expected, eventId: row.eventId, isAnother: false };
  if (row.position !== expected) {
    return { ...here, eventId: null, words: `Entry ${expected} was deleted.` };
  }
  if (row.eventAt === null) {
    return { ...here, words: `The event of entry ${expected} was deleted or moved away.` };
  }
  if (row.hash !== known.hash) {
    return { ...here, words: `Entry ${expected} was altered, moved or put in.` };
  }
  const noted = anchored.get(expected);
  if (noted !== undefined && noted !== row.hash) {
    const words = `Entry ${expected} is not the one that was noted outside the database: the log was written anew up to it.`;
    return { ...here, isAnother: true, words };
  }
  if (row.eventAt < newestAt - BACKDATED_MS) {
    return { ...here, words: `Entry ${expected} is dated long before the one it follows.` };
  }
  return null;
}

function cutTail(entries: bigint, anchored: ReadonlyMap<bigint, string>): Fault | null {
  let newest = 0n;
  for (const position of anchored.keys()) if (position > newest) newest = position;
  if (newest <= entries) return null;
  const words = `The log ends with entry ${entries}, but entry ${newest} was noted outside the database: its tail was cut off.`;
  return { position: entries + 1n, eventId: null, isAnother: true, words };
}

/** An event that the sealer has passed and that is in no chain: put in later, or cut out of one. */
async function strayEvent(tx: Tx, providerId: ProviderId): Promise<Fault | null> {
  const { rows } = await sql<{ id: string; at: Date }>`
      select e.id, e.at from events e
      where e.provider_id = ${providerId}
        and (e.xid, e.seq) <= (select c.xid, c.seq from audit_cursor c)
        and not exists (select from audit_chain c
          where c.provider_id = e.provider_id and c.event_id = e.id)
      order by e.xid, e.seq limit 1`.execute(tx);
  const [row] = rows;
  if (!row) return null;
  const words = `The event ${row.id} of ${row.at.toISOString()} stands in no chain: it was put in, or its entry was taken out.`;
  return { position: null, eventId: row.id, isAnother: false, words };
}

/**
 * A page of the chain as one text, a line an entry: many times cheaper to hand over than rows.
 * JSON holds no line breaks, so the lines can't be mistaken.
 */
async function readRows(tx: Tx, providerId: ProviderId, after: bigint): Promise<Row[]> {
  const { rows } = await sql<{ page: string | null }>`
    select string_agg(line, E'\n' order by position) as page from (
      select c.position, concat_ws(' ', c.position, (extract(epoch from c.sealed_at) * 1000)::bigint,
        encode(c.hash, 'hex'), c.event_id,
        coalesce((extract(epoch from e.at) * 1000)::bigint::text, '-'),
        case when e.id is null then '' else ${contentOf} end) as line
      from audit_chain c
      left join events e on e.id = c.event_id and e.provider_id = c.provider_id
      where c.provider_id = ${providerId} and c.position > ${after}
      order by c.position limit ${PAGE}) page`.execute(tx);
  const page = rows[0]?.page;
  return page ? page.split('\n').map(rowOf) : [];
}

function rowOf(line: string): Row {
  const parts: string[] = [];
  let from = 0;
  for (let part = 0; part < 5; part += 1) {
    const to = line.indexOf(' ', from);
    parts.push(line.slice(from, to));
    from = to + 1;
  }
  const [position = '', sealedAt = '', hash = '', eventId = '', eventAt = ''] = parts;
  return {
    position: BigInt(position),
    sealedAt: Number(sealedAt),
    hash,
    eventId,
    eventAt: eventAt === '-' ? null : Number(eventAt),
    content: line.slice(from),
  };
}
