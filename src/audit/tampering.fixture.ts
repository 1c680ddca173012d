import type pg from 'pg';
import type { ProviderId } from '#contract/ids';
import { beginningOf, hashOf } from './chain.ts';

/** What a database's owner did to a log, and where it must be found; null: outside the chain. */
export interface Tampered {
  how: string;
  position: bigint | null;
}

type Tamper = (hand: Hand) => Promise<Tampered>;

/** A hand in the database that no rule holds back. */
interface Hand {
  client: pg.Client;
  providerId: ProviderId;
  length: number;
  /** A whole number from 1 to `max`. */
  pick(max: number): number;
}

const CONTENT = `json_build_array(e.provider_id, e.id, e.seq, e.xid::text,
  (extract(epoch from e.at) * 1000000)::bigint, e.kind, e.actor, e.subject_kind, e.subject_id,
  e.data)::text`;

const eventAt = `(select event_id from audit_chain where provider_id = $1 and position = $2)`;

const EDITS: [string, string][] = [
  ['data', `update events set data = data || '{"product":"another"}' where id = ${eventAt}`],
  ['actor', `update events set actor = '{"kind":"bursar","name":"Nobody"}' where id = ${eventAt}`],
  ['time', `update events set at = at + interval '1 millisecond' where id = ${eventAt}`],
  ['kind', `update events set kind = 'licence.withdrawn' where id = ${eventAt}`],
  ['subject', `update events set subject_id = 'else' where id = ${eventAt}`],
  ['number', `update events set seq = default where id = ${eventAt}`],
  ['id', `update events set id = gen_random_uuid() where id = ${eventAt}`],
  ['hash', `update audit_chain set hash = sha256(hash) where provider_id = $1 and position = $2`],
  [
    'seal time',
    `update audit_chain set sealed_at = sealed_at - interval '1 day'
      where provider_id = $1 and position = $2`,
  ],
];

const edit: Tamper = async ({ client, providerId, length, pick }) => {
  const position = pick(length);
  const [how, text] = EDITS[pick(EDITS.length) - 1] ?? ['', ''];
  await client.query(text, [providerId, position]);
  return { how: `edited the ${how} of ${position}`, position: BigInt(position) };
};

const remove: Tamper = async ({ client, providerId, length, pick }) => {
  const position = pick(length);
  const what = pick(3);
  const place = [providerId, position];
  if (what !== 2) await client.query(`delete from events where id = ${eventAt}`, place);
  if (what !== 1) {
    await client.query(`delete from audit_chain where provider_id = $1 and position = $2`, place);
  }
  return { how: `deleted ${position} (${what})`, position: BigInt(position) };
};

/** Takes an entry out and moves those behind it up, so that no gap shows. */
const removeAndClose: Tamper = async ({ client, providerId, length, pick }) => {
  const position = pick(length - 1);
  await client.query(`delete from events where id = ${eventAt}`, [providerId, position]);
  await client.query(`delete from audit_chain where provider_id = $1 and position = $2`, [
    providerId,
    position,
  ]);
  await shift(client, providerId, position, -1);
  return { how: `deleted ${position} and closed the gap`, position: BigInt(position) };
};

const reorder: Tamper = async ({ client, providerId, length, pick }) => {
  const first = pick(length - 1);
  const second = first + pick(length - first);
  const isBelow = pick(2) === 1;
  const text = isBelow
    ? `update audit_chain c set event_id = o.event_id from audit_chain o
        where c.provider_id = $1 and o.provider_id = $1 and c.position in ($2, $3)
          and o.position in ($2, $3) and c.position <> o.position`
    : `update events e set data = o.data, at = o.at from events o
        where e.id in (select event_id from audit_chain where provider_id = $1 and position in ($2, $3))
          and o.id in (select event_id from audit_chain where provider_id = $1 and position in ($2, $3))
          and e.id <> o.id`;
  await client.query(
    'alter table audit_chain drop constraint audit_chain_provider_id_event_id_key',
  );
  await client.query(text, [providerId, first, second]);
  await client.query('alter table audit_chain add unique (provider_id, event_id)');
  return { how: `swapped ${first} and ${second}`, position: BigInt(first) };
};

/** An event among the old ones, without an entry; after the last it would be an append like any. */
const insertStray: Tamper = async ({ client, providerId, length, pick }) => {
  const position = pick(length - 1);
  await insertEventLike(client, providerId, position);
  return { how: `put an event beside ${position}`, position: null };
};

/** An event with an entry that fits the one before it; those behind it are moved down. */
const insertEntry: Tamper = async ({ client, providerId, length, pick }) => {
  const position = pick(length);
  const id = await insertEventLike(client, providerId, position);
  await shift(client, providerId, position - 1, 1);
  await client.query(
    `insert into audit_chain (provider_id, position, event_id, hash, sealed_at)
      select provider_id, $2, $3, hash, sealed_at from audit_chain
      where provider_id = $1 and position = $2::bigint + 1`,
    [providerId, position, id],
  );
  await rehash(client, providerId, position, position);
  // The first of the old ones no longer fits; that of the end is known from outside.
  const found = Math.min(position + 1, length);
  return { how: `put an entry in at ${position}`, position: BigInt(found) };
};

const cutTail: Tamper = async ({ client, providerId, length, pick }) => {
  const first = pick(length);
  await client.query(
    `with cut as (delete from audit_chain where provider_id = $1 and position >= $2 returning event_id)
      delete from events where id in (select event_id from cut)`,
    [providerId, first],
  );
  return { how: `cut the tail from ${first}`, position: BigInt(first) };
};

/** Alters an event and makes every hash behind it fit: only what was noted outside tells. */
export const rewrite: Tamper = async ({ client, providerId, length, pick }) => {
  const position = pick(length);
  await client.query(EDITS[0]?.[1] ?? '', [providerId, position]);
  await rehash(client, providerId, position, length);
  return { how: `wrote the log anew from ${position}`, position: BigInt(length) };
};

/** The same, behind a note that all of it was erased with its provider, who lives on. */
const rewriteAsErased: Tamper = async (hand) => {
  await hand.client.query(
    `insert into audit_erasures (provider_id, erased_at, position, hash)
      select provider_id, now(), position, hash from audit_chain
      where provider_id = $1 order by position desc limit 1`,
    [hand.providerId],
  );
  const { how, position } = await rewrite(hand);
  return { how: `${how}, behind an erasure`, position };
};

export const tampers: readonly Tamper[] = [
  edit,
  remove,
  removeAndClose,
  reorder,
  insertStray,
  insertEntry,
  cutTail,
  rewrite,
  rewriteAsErased,
];

async function insertEventLike(
  client: pg.Client,
  providerId: ProviderId,
  position: number,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into events (provider_id, id, at, kind, actor, subject_kind, subject_id, data, xid)
      select provider_id, gen_random_uuid(), at, kind, actor, subject_kind, subject_id, data, xid
      from events where id = ${eventAt} returning id`,
    [providerId, position],
  );
  return rows[0]?.id ?? '';
}

async function shift(client: pg.Client, providerId: ProviderId, after: number, by: number) {
  // By way of far away numbers, since each step of an update must keep positions apart.
  await client.query(
    `update audit_chain set position = position + 1000000 where provider_id = $1 and position > $2`,
    [providerId, after],
  );
  await client.query(
    `update audit_chain set position = position - 1000000 + $2
      where provider_id = $1 and position > 500000`,
    [providerId, by],
  );
}

async function rehash(client: pg.Client, providerId: ProviderId, from: number, to: number) {
  const { rows } = await client.query<{
    position: string;
    hash: Buffer;
    sealed_at: Date;
    content: string;
  }>(
    `select c.position, c.hash, c.sealed_at, ${CONTENT} as content
      from audit_chain c join events e on e.id = c.event_id
      where c.provider_id = $1 and c.position between $2 and $3 order by c.position`,
    [providerId, from - 1, to],
  );
  let before = from === 1 ? beginningOf(providerId) : (rows[0]?.hash ?? Buffer.alloc(0));
  for (const row of rows.filter(({ position }) => Number(position) >= from)) {
    const position = BigInt(row.position);
    before = hashOf(before, { position, sealedAt: row.sealed_at.getTime(), content: row.content });
    await client.query(
      'update audit_chain set hash = $3 where provider_id = $1 and position = $2',
      [providerId, row.position, before],
    );
  }
}
