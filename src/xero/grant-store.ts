import { type Selectable, sql } from 'kysely';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { SealedColumn } from '#platform/reseal';
import type { Schema } from '#platform/schema';
import type { SecretBox } from '#platform/secrets';
import type { AppAtXero } from './app-at-xero.ts';
import type { TokenSet } from './oauth.ts';

/**
 * A grant as stored. Tokens stay sealed until they are needed. `generation` grows with every token
 * set stored, so that a fresh set is told from the one that was refused.
 */
export interface StoredGrant {
  id: string;
  state: 'live' | 'dead';
  /** Whom it was given to; null until it is renewed, where an older Bursar stored it. */
  app: AppAtXero | null;
  /** What it allows, separated by blanks. */
  scopes: string;
  generation: number;
  accessExpiresAt: Date;
  refreshedAt: Date;
  sealedAccessToken: string;
  sealedRefreshToken: string;
}

const COLUMNS = [
  'id',
  'state',
  'client_id',
  'issuer',
  'generation',
  'access_expires_at',
  'refreshed_at',
  'scopes',
  'sealed_access_token',
  'sealed_refresh_token',
] as const;

/** Grants belong to no provider, so every function here works in a transaction of the system. */
export async function readGrant(
  tx: Tx,
  grantId: string,
  options: { lock: boolean },
): Promise<StoredGrant | null> {
  const query = tx.selectFrom('grants').select(COLUMNS).where('id', '=', grantId);
  const row = await (options.lock ? query.forUpdate() : query).executeTakeFirst();
  return row ? toGrant(row) : null;
}

/** The grant of a Xero user, locked. */
export async function findGrant(tx: Tx, xeroUserId: string): Promise<StoredGrant | null> {
  const row = await tx
    .selectFrom('grants')
    .select(COLUMNS)
    .where('app', '=', 'xero')
    .where('xero_user_id', '=', xeroUserId)
    .forUpdate()
    .executeTakeFirst();
  return row ? toGrant(row) : null;
}

function toGrant(row: Pick<Selectable<Schema['grants']>, (typeof COLUMNS)[number]>): StoredGrant {
  return {
    id: row.id,
    state: row.state as StoredGrant['state'],
    app: row.client_id && row.issuer ? { clientId: row.client_id, issuer: row.issuer } : null,
    scopes: row.scopes,
    generation: row.generation,
    accessExpiresAt: row.access_expires_at,
    refreshedAt: row.refreshed_at,
    sealedAccessToken: row.sealed_access_token,
    sealedRefreshToken: row.sealed_refresh_token,
  };
}

/** Throws SecretUnreadableError where the key that sealed it is missing. */
export function openAccessToken(grant: StoredGrant, secrets: SecretBox): string {
  return secrets.open(grant.sealedAccessToken, placeOf(grant.id, 'access'));
}

/** As `openAccessToken`. Only a renewal needs it. */
export function openRefreshToken(grant: StoredGrant, secrets: SecretBox): string {
  return secrets.open(grant.sealedRefreshToken, placeOf(grant.id, 'refresh'));
}

/** Whom tokens that are stored were given to, and what seals them. */
interface Keeping {
  app: AppAtXero | null;
  secrets: SecretBox;
}

/**
 * Stores the tokens of a consent: in the grant of this app and Xero user if there is one, since
 * the new set supersedes the old one at Xero and copies would kill each other. Returns its id.
 */
export async function storeConsent(
  tx: Tx,
  set: TokenSet,
  keeping: Keeping,
  now: Date,
): Promise<string> {
  const found = await findGrant(tx, set.claims.xeroUserId);
  if (found !== null) {
    await storeRefreshed(tx, found.id, set, keeping, now);
    return found.id;
  }
  const id = newId();
  await tx
    .insertInto('grants')
    .values({
      id,
      app: 'xero',
      xero_user_id: set.claims.xeroUserId,
      state: 'live',
      generation: 1,
      ...tokenColumns(id, set, keeping, now),
      created_at: now,
    })
    .execute();
  return id;
}

/** Stores a renewed token set in its grant, which is live from here on. */
export async function storeRefreshed(
  tx: Tx,
  grantId: string,
  set: TokenSet,
  keeping: Keeping,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('grants')
    .set((eb) => ({
      state: 'live',
      dead_since: null,
      generation: eb('generation', '+', 1),
      ...tokenColumns(grantId, set, keeping, now),
    }))
    .where('id', '=', grantId)
    .execute();
}

/**
 * Notes that Xero renews this grant no more; one that is dead already keeps the date. Its tokens
 * stay, and `storeRefreshed` brings it back to life. The caller holds the row.
 */
export async function markGrantDead(tx: Tx, grantId: string, now: Date): Promise<void> {
  await tx
    .updateTable('grants')
    .set({ state: 'dead', dead_since: now })
    .where('id', '=', grantId)
    .where('state', '=', 'live')
    .execute();
}

/**
 * Live grants that a connection needs, last renewed 20 to 24 hours ago or earlier, each with an hour
 * of its own, so that those of one day do not all come due in the same minute of the next.
 */
export async function listIdleGrants(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from grants
    where state = 'live' and refreshed_at < ${now}::timestamptz - interval '20 hours'
      and refreshed_at < ${now}::timestamptz
        - make_interval(mins => 1200 + (hashtext(id::text) & 255))
      and exists (select from connections c where c.grant_id = grants.id
        and c.state <> 'disconnected')
    order by refreshed_at limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Those of the given grants that are stored here, dead or alive. */
export async function listGrantsThere(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from grants where id = any (${ids}::uuid[])`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** Forgets the tokens for good. */
export async function eraseGrant(tx: Tx, grantId: string): Promise<void> {
  await tx.deleteFrom('grants').where('id', '=', grantId).execute();
}

function tokenColumns(id: string, set: TokenSet, { app, secrets }: Keeping, now: Date) {
  return {
    client_id: app?.clientId ?? null,
    issuer: app?.issuer ?? null,
    sealed_access_token: secrets.seal(set.accessToken, placeOf(id, 'access')),
    access_expires_at: set.accessExpiresAt,
    sealed_refresh_token: secrets.seal(set.refreshToken, placeOf(id, 'refresh')),
    refresh_expires_at: set.refreshExpiresAt,
    scopes: set.scopes,
    ...(set.claims.holderName === null ? {} : { holder_name: set.claims.holderName }),
    refreshed_at: now,
  };
}

/** Where tokens stand sealed, for sealing them anew with another key. */
export const sealedGrantColumns: readonly SealedColumn[] = [
  {
    table: 'grants',
    column: 'sealed_access_token',
    place: (id) => placeOf(id, 'access'),
  },
  {
    table: 'grants',
    column: 'sealed_refresh_token',
    place: (id) => placeOf(id, 'refresh'),
  },
];

/** Binds a sealed token to its row and column: moved elsewhere it does not open. */
function placeOf(id: string, token: 'access' | 'refresh'): string {
  return `grants/${id}/${token}`;
}
