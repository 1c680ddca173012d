import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { ProviderId, XeroOrgId } from '#contract/ids';
import { SECOND_MS } from '#platform/clock';
import type { Tx } from '#platform/database';
import { inPortions } from '#platform/in-portions';
import type { Scope } from '#platform/scope';

export type NoticeKind = 'contact' | DocumentKind;

/** One thing that Xero says has changed. What it is like now has to be asked. */
export interface Notice {
  kind: NoticeKind;
  resourceId: string;
  /** When it happened, by Xero's clock. */
  eventAt: Date;
}

/** A notice as it waits. `heard` grows each time it is said again. */
export interface WaitingNotice extends Notice {
  heard: bigint;
  attempts: number;
}

/** Rows written in one statement: PostgreSQL takes 65,535 parameters. */
const ROWS_PER_INSERT = 2_000;

/**
 * Writes notices down, one row per paper or contact however often it is named. They are written in
 * one order by everybody: deliveries do not hold the lane's row, and could wait for each other.
 */
export async function storeNotices(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
  notices: readonly Notice[],
  now: Date,
): Promise<void> {
  const latest = new Map<string, Notice>();
  for (const notice of notices) {
    const key = `${notice.kind} ${notice.resourceId}`;
    const other = latest.get(key);
    if (!other || other.eventAt < notice.eventAt) latest.set(key, notice);
  }
  const all = [...latest.values()].sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
  for (const some of inPortions(all, ROWS_PER_INSERT)) {
    await storeSome(tx, providerId, xeroOrgId, some, now);
  }
}

/**
 * In the order in which rows of notices are locked. Invoices come last: whoever reads one writes
 * down which credits are to be read again, and then settles the notice of the invoice.
 */
function rankOf({ kind, resourceId }: Pick<Notice, 'kind' | 'resourceId'>): string {
  return `${Number(kind === 'invoice')} ${kind} ${resourceId}`;
}

/**
 * Locks notices in the order in which deliveries write them: whoever settles some in several
 * statements locks all of them first.
 */
export async function lockNotices(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  notices: readonly Notice[],
): Promise<void> {
  if (notices.length === 0) return;
  await tx
    .selectFrom('notices')
    .select('resource_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource_id', '=', sql<string>`any(${notices.map((one) => one.resourceId)}::uuid[])`)
    .orderBy(sql`kind = 'invoice'`)
    .orderBy('kind')
    .orderBy('resource_id')
    .forNoKeyUpdate()
    .execute();
}

async function storeSome(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
  notices: readonly Notice[],
  now: Date,
): Promise<void> {
  const rows = notices.map((notice) => ({
    provider_id: providerId,
    xero_org_id: xeroOrgId,
    kind: notice.kind,
    resource_id: notice.resourceId,
    event_at: notice.eventAt,
    first_heard_at: now,
    heard: 1,
  }));
  await tx
    .insertInto('notices')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['provider_id', 'xero_org_id', 'kind', 'resource_id']).doUpdateSet({
        heard: sql<bigint>`notices.heard + 1`,
        event_at: sql<Date>`greatest(notices.event_at, excluded.event_at)`,
        attempts: 0,
      }),
    )
    .execute();
}

/** The notices that have waited longest. */
export async function waitingNotices(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  kind: NoticeKind,
  limit: number,
): Promise<WaitingNotice[]> {
  const rows = await tx
    .selectFrom('notices')
    .select(['resource_id', 'event_at', 'heard', 'attempts'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('kind', '=', kind)
    .orderBy('first_heard_at')
    .orderBy('resource_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    kind,
    resourceId: row.resource_id,
    eventAt: row.event_at,
    heard: row.heard,
    attempts: row.attempts,
  }));
}

/** Known ones that are looked for at a time. */
const KNOWN_MAX = 5_000;

/**
 * Notices of papers that were read as they are since the change: a walk was quicker than its notice.
 * Both instants are Xero's own. Each says whether they lie in the same second, to which Xero is
 * exact: then there may have been another change after the one that was read.
 */
export async function knownNotices(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<(WaitingNotice & { isInDoubt: boolean })[]> {
  // Asked for row by row, so that the key of marks is used whatever PostgreSQL expects to find.
  const readUntil = sql<Date>`(
    select mark.changed_at from paper_marks mark
    where mark.provider_id = notices.provider_id and mark.xero_org_id = notices.xero_org_id
      and mark.kind = notices.kind and mark.xero_id = notices.resource_id)`;
  const rows = await tx
    .selectFrom('notices')
    .select(['kind', 'resource_id', 'event_at', 'heard', 'attempts'])
    .select(readUntil.as('read_until'))
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where(sql<boolean>`event_at <= ${readUntil}`)
    .limit(KNOWN_MAX)
    .execute();
  return rows.map((row) => ({
    kind: row.kind as NoticeKind,
    resourceId: row.resource_id,
    eventAt: row.event_at,
    heard: row.heard,
    attempts: row.attempts,
    isInDoubt: seconds(row.event_at) === seconds(row.read_until),
  }));
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / SECOND_MS);
}

/** Removes notices that were followed up, but not one that was said again meanwhile. */
export async function removeNotices(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  notices: readonly WaitingNotice[],
): Promise<void> {
  if (notices.length === 0) return;
  await lockNotices(tx, scope, xeroOrgId, notices);
  await sql`
    delete from notices using unnest(
      ${notices.map((notice) => notice.kind)}::text[],
      ${notices.map((notice) => notice.resourceId)}::uuid[],
      ${notices.map((notice) => notice.heard.toString())}::bigint[]) as done (kind, id, heard)
    where notices.provider_id = ${scope.providerId} and notices.xero_org_id = ${xeroOrgId}
      and notices.kind = done.kind and notices.resource_id = done.id
      and notices.heard = done.heard`.execute(tx);
}

/** Counts one more try for notices whose paper could not be read. */
export async function countAttempt(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  notices: readonly WaitingNotice[],
  now: Date,
): Promise<void> {
  if (notices.length === 0) return;
  await lockNotices(tx, scope, xeroOrgId, notices);
  await tx
    .updateTable('notices')
    .set({ attempts: sql<number>`attempts + 1`, first_heard_at: now })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('kind', '=', notices[0]?.kind ?? 'invoice')
    .where('resource_id', '=', sql<string>`any(${notices.map((one) => one.resourceId)}::uuid[])`)
    .execute();
}
