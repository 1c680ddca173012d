import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { ProviderId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Consents } from '#platform/schema';
import type { Actor, Scope } from '#platform/scope';

/** A consent under way, from Connect to Xero's answer. */
export interface Consent {
  id: string;
  scope: Scope;
  bindingHash: Buffer | null;
  sealedVerifier: string | null;
  expiresAt: Date;
  usedAt: Date | null;
  /** The link it came of; null when somebody signed in here began it. */
  invitationId: string | null;
  /** Whether the organisation comes beside those that are connected. */
  joinsOthers: boolean;
}

/** What ties a consent to the browser that goes to Xero. */
export interface Departure {
  state: string;
  binding: string;
  sealedVerifier: string;
  expiresAt: Date;
}

/** Only hashes of what a browser or an address holds are stored. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Stores a consent of a browser that sets out for Xero. */
export async function insertConsent(
  tx: Tx,
  scope: Scope,
  consent: { id: string; invitationId: string | null; joinsOthers: boolean } & Departure,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('consents')
    .values({
      provider_id: scope.providerId,
      id: consent.id,
      app: 'xero',
      asked_by: JSON.stringify(scope.actor),
      created_at: now,
      invitation_id: consent.invitationId,
      joins_others: consent.joinsOthers,
      state_hash: hashOf(consent.state),
      binding_hash: hashOf(consent.binding),
      sealed_verifier: consent.sealedVerifier,
      expires_at: consent.expiresAt,
    })
    .execute();
}

/** Ends what a link began in other browsers and is not answered yet. */
export async function deleteUnanswered(tx: Tx, scope: Scope, invitationId: string): Promise<void> {
  await tx
    .deleteFrom('consents')
    .where('provider_id', '=', scope.providerId)
    .where('invitation_id', '=', invitationId)
    .where('used_at', 'is', null)
    .execute();
}

/**
 * Takes a consent by Xero's `state`, once: of two that ask at the same time one finds it unused.
 * `usedAt` of the answer is when it was used before; null for the one that may go on. In a
 * transaction of the system, since only the state says whose it is.
 */
export async function takeByState(tx: Tx, state: string, now: Date): Promise<Consent | null> {
  const row = await tx
    .selectFrom('consents')
    .selectAll()
    .where('state_hash', '=', hashOf(state))
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) return null;
  if (row.used_at === null) {
    await tx.updateTable('consents').set({ used_at: now }).where('id', '=', row.id).execute();
  }
  return toConsent(row);
}

/** Notes that Xero's answer has been dealt with, whatever came of it. */
export async function finishConsent(tx: Tx, scope: Scope, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('consents')
    .set({ finished_at: now })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** Forgets a provider's consents that ended before an instant. */
export async function deleteEnded(tx: Tx, scope: Scope, before: Date): Promise<void> {
  await tx
    .deleteFrom('consents')
    .where('provider_id', '=', scope.providerId)
    .where('expires_at', '<', before)
    .execute();
}

function toConsent(row: Selectable<Consents>): Consent {
  return {
    id: row.id,
    scope: {
      providerId: row.provider_id as ProviderId,
      actor: row.asked_by as unknown as Actor,
    },
    bindingHash: row.binding_hash,
    sealedVerifier: row.sealed_verifier,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    invitationId: row.invitation_id,
    joinsOthers: row.joins_others,
  };
}
