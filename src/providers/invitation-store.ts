import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { PersonId, ProviderId } from '#contract/ids';
import type { MemberInvitation } from '#contract/people';
import type { Role } from '#contract/permissions';
import type { Tx } from '#platform/database';
import type { MemberInvitations } from '#platform/schema';
import type { Scope } from '#platform/scope';
import { personBehind } from './api-key-store.ts';

export const INVITATIONS_MAX = 100;

/** An invitation as it is kept; its link's token is not. */
export interface Invitation {
  id: string;
  providerId: ProviderId;
  email: string;
  role: Role;
  invitedBy: string;
  expiresAt: Date;
  endedAt: Date | null;
  /** The link went by mail and was shown to nobody else. */
  wasMailed: boolean;
}

/** Only the hash of what a link holds is stored. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Invitations that nobody has accepted or taken back, newest first. */
export async function listOpenInvitations(tx: Tx, scope: Scope): Promise<Invitation[]> {
  const rows = await tx
    .selectFrom('member_invitations')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(INVITATIONS_MAX)
    .execute();
  return rows.map(toInvitation);
}

/** How many invitations were made since an instant, whatever became of them. */
export async function countInvitations(tx: Tx, scope: Scope, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('member_invitations')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('provider_id', '=', scope.providerId)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Stores an invitation; an earlier one of the same e-mail ends, so that one link works. */
export async function insertInvitation(
  tx: Tx,
  scope: Scope,
  invitation: Omit<Invitation, 'providerId' | 'endedAt'> & { token: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('member_invitations')
    .set({ ended_at: invitation.at })
    .where('provider_id', '=', scope.providerId)
    .where('email', '=', invitation.email)
    .where('ended_at', 'is', null)
    .execute();
  await tx
    .insertInto('member_invitations')
    .values({
      provider_id: scope.providerId,
      id: invitation.id,
      email: invitation.email,
      role: invitation.role,
      token_hash: hashOfToken(invitation.token),
      invited_by: invitation.invitedBy,
      invited_by_person: await personBehind(tx, scope),
      created_at: invitation.at,
      expires_at: invitation.expiresAt,
      was_mailed: invitation.wasMailed,
    })
    .execute();
}

/** Ends an invitation, once: null when it had ended or is not there. */
export async function endInvitation(
  tx: Tx,
  scope: Scope,
  id: string,
  at: Date,
): Promise<Invitation | null> {
  const row = await tx
    .updateTable('member_invitations')
    .set({ ended_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row ? toInvitation(row) : null;
}

/** Ends all that someone has invited to. */
export async function endInvitationsBy(
  tx: Tx,
  scope: Scope,
  personId: PersonId,
  at: Date,
): Promise<Invitation[]> {
  const rows = await tx
    .updateTable('member_invitations')
    .set({ ended_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('invited_by_person', '=', personId)
    .where('ended_at', 'is', null)
    .returningAll()
    .execute();
  return rows.map(toInvitation);
}

/** What a link's token belongs to; in a transaction of the system, since only it says whose it is. */
export async function invitationOfToken(tx: Tx, token: string): Promise<Invitation | null> {
  const row = await tx
    .selectFrom('member_invitations')
    .selectAll()
    .where('token_hash', '=', hashOfToken(token))
    .executeTakeFirst();
  return row ? toInvitation(row) : null;
}

/** A provider that waits for whoever has this e-mail; in a transaction of the system. */
export async function providerInviting(
  tx: Tx,
  email: string,
  at: Date,
): Promise<ProviderId | null> {
  const row = await tx
    .selectFrom('member_invitations')
    .select('provider_id')
    .where('email', '=', email)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (row?.provider_id ?? null) as ProviderId | null;
}

/**
 * An invitation as members see it, without its link. Those that were accepted or revoked are never
 * shown, so `hasEnded` tells of the time alone.
 */
export function presentInvitation(invitation: Invitation, now: Date): MemberInvitation {
  const { id, email, role, invitedBy, expiresAt } = invitation;
  const hasEnded = expiresAt <= now;
  return { id, email, role, invitedBy, expiresAt: expiresAt.toISOString(), hasEnded };
}

function toInvitation(row: Selectable<MemberInvitations>): Invitation {
  return {
    id: row.id,
    providerId: row.provider_id as ProviderId,
    email: row.email,
    role: row.role as Role,
    invitedBy: row.invited_by,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    wasMailed: row.was_mailed,
  };
}
