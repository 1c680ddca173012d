import type { Selectable } from 'kysely';
import type { ConsentOutcome } from '#contract/connections';
import type { ProviderId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { ConnectInvitations } from '#platform/schema';
import type { Actor, Scope } from '#platform/scope';
import { hashOf } from './consent-store.ts';
import type { Invitation } from './invitation.ts';

/** At most so many are listed; older ones are forgotten. */
const LISTED_MAX = 50;

export interface NewInvitation {
  id: string;
  token: string;
  joinsOthers: boolean;
  expiresAt: Date;
}

/**
 * Keeps a link that `scope` makes, in whose name it will connect. Of the token only a hash is
 * stored, so it can't be told again.
 */
export async function insertInvitation(
  tx: Tx,
  scope: Scope,
  wish: NewInvitation,
  now: Date,
): Promise<Invitation> {
  const row = await tx
    .insertInto('connect_invitations')
    .values({
      provider_id: scope.providerId,
      id: wish.id,
      app: 'xero',
      token_hash: hashOf(wish.token),
      asked_by: jsonText(scope.actor),
      joins_others: wish.joinsOthers,
      created_at: now,
      expires_at: wish.expiresAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toInvitation(row);
}

/** Finds the invitation of a link; in a transaction of the system, since only it says whose. */
export async function findByToken(tx: Tx, token: string): Promise<Invitation | null> {
  const row = await tx
    .selectFrom('connect_invitations')
    .selectAll()
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst();
  return row ? toInvitation(row) : null;
}

/** One invitation, locked: of two acts on it at once the second sees what the first did. */
export async function lockInvitation(tx: Tx, scope: Scope, id: string): Promise<Invitation | null> {
  const row = await tx
    .selectFrom('connect_invitations')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row ? toInvitation(row) : null;
}

/** Newest first. */
export async function listInvitations(tx: Tx, scope: Scope): Promise<Invitation[]> {
  const rows = await tx
    .selectFrom('connect_invitations')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(LISTED_MAX)
    .execute();
  return rows.map(toInvitation);
}

/** Forgets invitations that ended before an instant. */
export async function deleteEndedInvitations(tx: Tx, scope: Scope, before: Date): Promise<void> {
  await tx
    .deleteFrom('connect_invitations')
    .where('provider_id', '=', scope.providerId)
    .where('expires_at', '<', before)
    .execute();
}

export interface InvitationChange {
  sentTo?: string;
  attempts?: number;
  usedAt?: Date;
  revokedAt?: Date;
  last?: { outcome: ConsentOutcome; person: string | null };
}

/**
 * Writes what is given, leaves the rest, and answers the whole. Who builds on what stood there
 * before has locked it (`lockInvitation`). It must exist.
 */
export async function changeInvitation(
  tx: Tx,
  scope: Scope,
  id: string,
  change: InvitationChange,
): Promise<Invitation> {
  const { sentTo, attempts, usedAt, revokedAt, last } = change;
  const row = await tx
    .updateTable('connect_invitations')
    .set({
      ...(sentTo === undefined ? {} : { sent_to: sentTo }),
      ...(attempts === undefined ? {} : { attempts }),
      ...(usedAt === undefined ? {} : { used_at: usedAt }),
      ...(revokedAt === undefined ? {} : { revoked_at: revokedAt }),
      ...(last === undefined ? {} : { last_outcome: last.outcome, last_person: last.person }),
    })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toInvitation(row);
}

/** Whether a link made out of this token is this invitation. */
export async function isTokenOf(tx: Tx, scope: Scope, id: string, token: string): Promise<boolean> {
  const row = await tx
    .selectFrom('connect_invitations')
    .select('id')
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst();
  return row !== undefined;
}

function toInvitation(row: Selectable<ConnectInvitations>): Invitation {
  return {
    id: row.id,
    scope: {
      providerId: row.provider_id as ProviderId,
      actor: row.asked_by as unknown as Actor,
    },
    joinsOthers: row.joins_others,
    sentTo: row.sent_to,
    attempts: row.attempts,
    lastOutcome: row.last_outcome as ConsentOutcome | null,
    lastPerson: row.last_person,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    revokedAt: row.revoked_at,
  };
}
