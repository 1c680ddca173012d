import { type Selectable, sql } from 'kysely';
import type { SupportMessage, SupportRequest, SupportState } from '#contract/support';
import { SupportRequestId } from '#contract/support';
import type { Tx } from '#platform/database';
import type { SupportMessages, SupportRequests } from '#platform/schema';
import type { Scope } from '#platform/scope';

export type RequestRow = Selectable<SupportRequests>;

export interface NewMessage {
  id: string;
  from: SupportMessage['from'];
  author: string;
  text: string;
  at: Date;
}

/** Requests of the provider, newest first, at most `limit`, older than `before` if given. */
export function listRequests(
  tx: Tx,
  scope: Scope,
  page: { limit: number; before: string | null; state: SupportState | undefined },
): Promise<RequestRow[]> {
  let query = tx
    .selectFrom('support_requests')
    .selectAll()
    .where('provider_id', '=', scope.providerId);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  if (page.before !== null) query = query.where('id', '<', page.before);
  return query.orderBy('id', 'desc').limit(page.limit).execute();
}

/** One request, locked against others who write on it; null when there is none. */
export async function takeRequest(
  tx: Tx,
  scope: Scope,
  id: SupportRequestId,
): Promise<RequestRow | null> {
  const row = await tx
    .selectFrom('support_requests')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Everything written on a request, oldest first. */
export async function messagesOf(
  tx: Tx,
  scope: Scope,
  id: SupportRequestId,
): Promise<SupportMessage[]> {
  const rows = await tx
    .selectFrom('support_messages')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('request_id', '=', id)
    .orderBy('id')
    .execute();
  return rows.map(toMessage);
}

/**
 * Opens a request with nothing written on it yet; `addMessage` follows in the same transaction.
 * Where `askedByEmail` is null nobody is mailed the answers.
 */
export async function insertRequest(
  tx: Tx,
  scope: Scope,
  request: {
    id: SupportRequestId;
    subject: string;
    app: string | null;
    askedBy: string;
    askedByEmail: string | null;
    at: Date;
  },
): Promise<void> {
  await tx
    .insertInto('support_requests')
    .values({
      provider_id: scope.providerId,
      id: request.id,
      subject: request.subject,
      state: 'open',
      app: request.app,
      asked_by: request.askedBy,
      asked_by_email: request.askedByEmail,
      asked_at: request.at,
      changed_at: request.at,
    })
    .execute();
}

/** Adds what somebody wrote, and moves the request to `state`. */
export async function addMessage(
  tx: Tx,
  scope: Scope,
  id: SupportRequestId,
  message: NewMessage,
  state: SupportState,
): Promise<void> {
  await tx
    .insertInto('support_messages')
    .values({
      provider_id: scope.providerId,
      request_id: id,
      id: message.id,
      sender: message.from,
      author: message.author,
      text: message.text,
      at: message.at,
    })
    .execute();
  await tx
    .updateTable('support_requests')
    .set({ state, changed_at: message.at, message_count: sql<number>`message_count + 1` })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** Closes a request or opens it; the caller holds it (`takeRequest`) and knows that it may. */
export async function moveRequest(
  tx: Tx,
  scope: Scope,
  id: SupportRequestId,
  state: SupportState,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('support_requests')
    .set({ state, changed_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** How many of the provider's requests are not closed, and how many were opened since. */
export function countRequests(
  tx: Tx,
  scope: Scope,
  since: Date,
): Promise<{ open: number; recent: number }> {
  return tx
    .selectFrom('support_requests')
    .select([
      sql<number>`(count(*) filter (where state <> 'closed'))::int`.as('open'),
      sql<number>`(count(*) filter (where asked_at > ${since}))::int`.as('recent'),
    ])
    .where('provider_id', '=', scope.providerId)
    .executeTakeFirstOrThrow();
}

/**
 * How many messages the provider has written since; whoever else of it writes waits until this
 * transaction has ended, so that none slips past the limit.
 */
export async function countMessages(tx: Tx, scope: Scope, since: Date): Promise<number> {
  const lock = `support/${scope.providerId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  const { messages } = await tx
    .selectFrom('support_messages')
    .select(sql<number>`count(*)::int`.as('messages'))
    .where('provider_id', '=', scope.providerId)
    .where('sender', '=', 'provider')
    .where('at', '>', since)
    .executeTakeFirstOrThrow();
  return messages;
}

/**
 * A request as the API gives it, without what was written on it and where its answers are mailed.
 */
export function toRequest(row: RequestRow): SupportRequest {
  return {
    id: SupportRequestId.parse(row.id),
    subject: row.subject,
    state: row.state as SupportState,
    app: row.app,
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    messageCount: row.message_count,
  };
}

function toMessage(row: Selectable<SupportMessages>): SupportMessage {
  return {
    id: row.id,
    from: row.sender as SupportMessage['from'],
    author: row.author,
    text: row.text,
    at: row.at.toISOString(),
  };
}
