import { sql } from 'kysely';
import type { ProviderId, XeroOrgId } from '#contract/ids';
import type { Database, Tx } from '#platform/database';
import { ACTIVE_COLUMNS, type ActiveConnection, toActive } from './active-connection.ts';
import { LIVE_STATES } from './connection.ts';
import { type Consent, takeByState } from './consent-store.ts';
import type { Invitation } from './invitation.ts';
import { findByToken } from './invitation-store.ts';

/**
 * The few questions about all providers at once, each in a transaction of the system: grants and
 * Xero's connections know no provider, only its secret says whose a consent is, and an
 * organisation that is taken is taken by somebody else.
 */
type Everyone = Pick<Database, 'asSystem'>;

/** The invitation that a link's token belongs to. */
export function invitationOfToken(everyone: Everyone, token: string): Promise<Invitation | null> {
  return everyone.asSystem((tx) => findByToken(tx, token));
}

/** Takes the consent of Xero's `state`, once; see `takeByState`. */
export function takeConsent(everyone: Everyone, state: string, now: Date): Promise<Consent | null> {
  return everyone.asSystem((tx) => takeByState(tx, state, now));
}

/** Connections of one grant, whichever provider's, that wait for someone to connect them again. */
export function waitingForConsent(
  everyone: Everyone,
  grantId: string,
): Promise<ActiveConnection[]> {
  return everyone.asSystem(async (tx) => {
    const rows = await tx
      .selectFrom('connections')
      .select(ACTIVE_COLUMNS)
      .where('grant_id', '=', grantId)
      .where('state', '=', 'needs-consent')
      .execute();
    return rows.flatMap((row) => toActive(row) ?? []);
  });
}

/** Which of these organisations are bound to a provider other than this one. */
export async function takenByOthers(
  everyone: Everyone,
  xeroOrgIds: readonly XeroOrgId[],
  providerId: ProviderId,
): Promise<Set<XeroOrgId>> {
  if (xeroOrgIds.length === 0) return new Set();
  const rows = await everyone.asSystem((tx) =>
    tx
      .selectFrom('connections')
      .select('xero_org_id')
      .where('app', '=', 'xero')
      .where('state', 'in', LIVE_STATES)
      .where('xero_org_id', 'in', [...xeroOrgIds])
      .where('provider_id', '!=', providerId)
      .execute(),
  );
  return new Set(rows.map((row) => row.xero_org_id as XeroOrgId));
}

/** Which of these organisations this provider once had, and nobody has now. */
export async function onceOurs(
  everyone: Everyone,
  xeroOrgIds: readonly XeroOrgId[],
  providerId: ProviderId,
): Promise<Set<XeroOrgId>> {
  const { rows } = await everyone.asSystem((tx) =>
    sql<{ id: XeroOrgId }>`
      select xero_org_id as id from connections
      where app = 'xero' and xero_org_id = any (${xeroOrgIds})
      group by xero_org_id
      having bool_or(provider_id = ${providerId}) and bool_and(state = 'disconnected')`.execute(tx),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Remembers what a consent allowed at Xero, so that what is not used can be removed there. */
export async function noteAllowed(
  everyone: Everyone,
  grantId: string,
  xeroConnectionIds: readonly string[],
  now: Date,
): Promise<void> {
  if (xeroConnectionIds.length === 0) return;
  const rows = xeroConnectionIds.map((id) => ({
    xero_connection_id: id,
    grant_id: grantId,
    allowed_at: now,
  }));
  await everyone.asSystem((tx) =>
    tx
      .insertInto('xero_allowed_connections')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('xero_connection_id').doUpdateSet({ grant_id: grantId, allowed_at: now }),
      )
      .execute(),
  );
}

/** Forgets a connection that is removed at Xero. */
export async function noteRemoved(everyone: Everyone, xeroConnectionId: string): Promise<void> {
  await everyone.asSystem((tx) =>
    tx
      .deleteFrom('xero_allowed_connections')
      .where('xero_connection_id', '=', xeroConnectionId)
      .execute(),
  );
}

/** What a grant's consents allowed at Xero and nobody here uses or may still choose. */
export async function unusedXeroConnections(
  everyone: Everyone,
  grantId: string,
): Promise<string[]> {
  const rows = await everyone.asSystem((tx) =>
    tx
      .selectFrom('xero_allowed_connections as allowed')
      .select('allowed.xero_connection_id as id')
      .where('allowed.grant_id', '=', grantId)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('connections')
              .select('connections.id')
              .whereRef('connections.xero_connection_id', '=', 'allowed.xero_connection_id')
              .where('connections.state', 'in', LIVE_STATES),
          ),
        ),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('connection_choices as choice')
              .select('choice.connection_id')
              .whereRef('choice.xero_connection_id', '=', 'allowed.xero_connection_id'),
          ),
        ),
      )
      .orderBy('id')
      .execute(),
  );
  return rows.map(({ id }) => id);
}

/**
 * Erases a grant's tokens when no connection needs them. A consent that Xero has answered since
 * `since` and that is not dealt with yet may need them; one that takes longer has died.
 * @throws Error while such a consent is under way, so that whoever asked asks again
 */
export async function eraseGrantIfUnused(
  everyone: Everyone,
  grantId: string,
  since: Date,
  erase: EraseGrant,
): Promise<void> {
  await everyone.asSystem(async (tx) => {
    if ((await eraseUnlessNeeded(tx, grantId, since, erase)) !== 'under-way') return;
    throw new Error('A consent is under way: the permission is let go once it is dealt with');
  });
}

type EraseGrant = (tx: Tx, grantId: string) => Promise<void>;

async function eraseUnlessNeeded(
  tx: Tx,
  grantId: string,
  since: Date,
  erase: EraseGrant,
): Promise<'erased' | 'needed' | 'under-way'> {
  if (await isNeeded(tx, grantId)) return 'needed';
  if (await isConsentUnderWay(tx, since)) return 'under-way';
  await tx
    .updateTable('connections')
    .set({ grant_id: null })
    .where('grant_id', '=', grantId)
    .execute();
  await erase(tx, grantId);
  return 'erased';
}

/**
 * Ends what still stands of a provider that is erased, without Xero's word, and forgets the grants
 * that nobody else needs. One that a consent under way may need is found by `unusedGrants` later.
 */
export async function endWithoutXero(
  everyone: Everyone,
  providerId: ProviderId,
  instants: { now: Date; underWaySince: Date },
  erase: EraseGrant,
): Promise<void> {
  await everyone.asSystem(async (tx) => {
    const ended = await tx
      .updateTable('connections')
      .set({
        state: 'disconnected',
        disconnected_at: instants.now,
        trouble_code: null,
        trouble_since: null,
      })
      .where('provider_id', '=', providerId)
      .where('state', '!=', 'disconnected')
      .returning('grant_id')
      .execute();
    // In one order, so that two that are erased at once do not wait for each other for ever.
    const grantIds = [...new Set(ended.flatMap((row) => row.grant_id ?? []))].sort();
    for (const id of grantIds) await eraseUnlessNeeded(tx, id, instants.underWaySince, erase);
  });
}

/** A grant that no connection needs, and since when nothing of it did. */
export interface UnusedGrant {
  id: string;
  since: Date;
}

/**
 * Grants that no connection needs and that were neither given nor renewed since `before`: a consent
 * that was just given may still be about to use its own. Longest unused first, at most `limit`.
 */
export async function unusedGrants(
  everyone: Everyone,
  which: { before: Date; limit: number; id?: string },
): Promise<UnusedGrant[]> {
  const { before, limit, id } = which;
  const { rows } = await everyone.asSystem((tx) =>
    sql<UnusedGrant>`
      select g.id, greatest(g.created_at,
        (select max(c.disconnected_at) from connections c where c.grant_id = g.id),
        (select max(a.allowed_at) from xero_allowed_connections a where a.grant_id = g.id)) as since
      from grants g
      where g.refreshed_at < ${before} and (${id ?? null}::uuid is null or g.id = ${id ?? null})
        and not exists (select from connections c
          where c.grant_id = g.id and c.state <> 'disconnected')
      order by since limit ${limit}`.execute(tx),
  );
  return rows;
}

async function isConsentUnderWay(tx: Tx, since: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('consents')
    .select('id')
    .where('finished_at', 'is', null)
    .where('used_at', '>', since)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Whether a connection needs the grant. The grant's row is locked first, as everyone does who
 * changes grants.
 */
async function isNeeded(tx: Tx, grantId: string): Promise<boolean> {
  await tx.selectFrom('grants').select('id').where('id', '=', grantId).forUpdate().execute();
  const needed = await tx
    .selectFrom('connections')
    .select('id')
    .where('grant_id', '=', grantId)
    .where('state', '!=', 'disconnected')
    .limit(1)
    .execute();
  return needed.length > 0;
}
