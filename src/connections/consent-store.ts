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

/** Stores a consent; `invitation` is the token of its page when no browser has it yet. */
export async function insertConsent(
  tx: Tx,
  scope: Scope,
  consent: { id: string; invitation: string; expiresAt: Date } | ({ id: string } & Departure),
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
      ...('invitation' in consent
        ? { invitation_hash: hashOf(consent.invitation), expires_at: consent.expiresAt }
        : departureColumns(consent)),
    })
    .execute();
}

/** Finds what an invitation's token belongs to; in a transaction of the system. */
export async function findByInvitation(tx: Tx, token: string): Promise<Consent | null> {
  const row = await tx
    .selectFrom('consents')
    .selectAll()
    .where('invitation_hash', '=', hashOf(token))
    .executeTakeFirst();
  return row ? toConsent(row) : null;
}

/** Lets a browser set out for Xero; one that set out before with this invitation is overtaken. */
export async function depart(
  tx: Tx,
  scope: Scope,
  id: string,
  departure: Departure,
): Promise<void> {
  await tx
    .updateTable('consents')
    .set(departureColumns(departure))
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
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
    .forUpdate()
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

function departureColumns(departure: Departure) {
  return {
    state_hash: hashOf(departure.state),
    binding_hash: hashOf(departure.binding),
    sealed_verifier: departure.sealedVerifier,
    expires_at: departure.expiresAt,
  };
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
  };
}
