import { sql } from 'kysely';
import { type Paper, sumsOf } from '#billing/index';
import type { DocumentKind } from '#contract/billing';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** A paper that was met while reading, whoever's it is. */
export interface PaperMark {
  kind: DocumentKind;
  xeroId: string;
  contactId: string;
  isSale: boolean;
  changedAt: Date;
}

/** Keeps marks of papers as read; of two readings the newer change counts. */
export async function keepMarks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  marks: readonly PaperMark[],
  now: Date,
): Promise<void> {
  if (marks.length === 0) return;
  const byId = new Map(marks.map((mark) => [`${mark.kind} ${mark.xeroId}`, mark]));
  const list = [...byId.values()];
  await sql`
    insert into paper_marks
      (provider_id, xero_org_id, kind, xero_id, contact_id, is_sale, changed_at, read_at)
    select ${scope.providerId}::uuid, ${xeroOrgId}::uuid, *, ${now}::timestamptz from unnest(
      ${list.map((mark) => mark.kind)}::text[],
      ${list.map((mark) => mark.xeroId)}::uuid[],
      ${list.map((mark) => mark.contactId)}::uuid[],
      ${list.map((mark) => mark.isSale)}::boolean[],
      ${list.map((mark) => mark.changedAt.toISOString())}::timestamptz[])
    on conflict (provider_id, xero_org_id, kind, xero_id) do update set
      contact_id = excluded.contact_id, is_sale = excluded.is_sale,
      changed_at = greatest(paper_marks.changed_at, excluded.changed_at),
      read_at = excluded.read_at`.execute(tx);
}

/** Ids of those papers of one kind that were met before as they are now, or as they were later. */
export async function unchangedMarks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  marks: readonly PaperMark[],
): Promise<ReadonlySet<string>> {
  const [first] = marks;
  if (!first) return new Set();
  const known = await tx
    .selectFrom('paper_marks')
    .select(['xero_id', 'changed_at'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('kind', '=', first.kind)
    .where('xero_id', '=', sql<string>`any(${marks.map((mark) => mark.xeroId)}::uuid[])`)
    .execute();
  const changedAt = new Map(known.map((mark) => [mark.xero_id, mark.changed_at]));
  const unchanged = marks.filter(({ xeroId, changedAt: at }) => {
    const before = changedAt.get(xeroId);
    return before !== undefined && before >= at;
  });
  return new Set(unchanged.map((mark) => mark.xeroId));
}

/**
 * Keeps with its mark what Xero said a paper comes to, apart from our copy of it; an older reading
 * never replaces a newer one.
 */
export async function keepSums(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  papers: readonly Paper[],
): Promise<void> {
  if (papers.length === 0) return;
  const sums = papers.map(sumsOf);
  await sql`
    update paper_marks set status = said.status, currency = said.currency,
      total_minor = said.total_minor, due_minor = said.due_minor
    from unnest(
      ${papers.map((paper) => paper.kind)}::text[],
      ${papers.map((paper) => paper.xeroId)}::uuid[],
      ${papers.map((paper) => paper.changedAt.toISOString())}::timestamptz[],
      ${sums.map((sum) => sum.status)}::text[],
      ${papers.map((paper) => paper.currency)}::text[],
      ${sums.map((sum) => sum.totalMinor.toString())}::bigint[],
      ${sums.map((sum) => sum.openMinor.toString())}::bigint[])
      as said (kind, xero_id, changed_at, status, currency, total_minor, due_minor)
    where paper_marks.provider_id = ${scope.providerId}
      and paper_marks.xero_org_id = ${xeroOrgId}
      and paper_marks.kind = said.kind and paper_marks.xero_id = said.xero_id
      and paper_marks.changed_at <= said.changed_at
      -- Most papers are met again as they were: their marks are not written a second time.
      and (paper_marks.status is distinct from said.status
        or paper_marks.currency is distinct from said.currency
        or paper_marks.total_minor is distinct from said.total_minor
        or paper_marks.due_minor is distinct from said.due_minor)`.execute(tx);
}

/** What a mark says in the place of a status where Xero said something that we could not read. */
export const UNREAD = 'unread';

/**
 * Keeps with their marks, as far as they have any, that papers were met in a form or state that is
 * new to us: what they come to is not known, whatever our copies say.
 */
export async function keepUnread(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  papers: readonly { kind: DocumentKind; xeroId: string }[],
  now: Date,
): Promise<void> {
  if (papers.length === 0) return;
  await sql`
    update paper_marks set status = ${UNREAD}, currency = null, total_minor = null,
      due_minor = null, read_at = ${now}::timestamptz
    from unnest(
      ${papers.map((paper) => paper.kind)}::text[],
      ${papers.map((paper) => paper.xeroId)}::uuid[]) as met (kind, xero_id)
    where paper_marks.provider_id = ${scope.providerId}
      and paper_marks.xero_org_id = ${xeroOrgId}
      and paper_marks.kind = met.kind and paper_marks.xero_id = met.xero_id`.execute(tx);
}

/** Those of some contacts of whom any paper was met. */
export async function contactsWithMarks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('paper_marks')
    .select('contact_id')
    .distinct()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', '=', sql<string>`any(${[...contactIds]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.contact_id));
}

/** Notes since when marks of a kind are complete; null: since ever. Only ever gets earlier. */
export async function noteCoverage(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  kind: DocumentKind,
  knownFrom: Date | null,
): Promise<void> {
  await sql`
    insert into paper_coverage (provider_id, xero_org_id, kind, known_from)
    values (${scope.providerId}, ${xeroOrgId}, ${kind},
      coalesce(${knownFrom}::timestamptz, '-infinity'))
    on conflict (provider_id, xero_org_id, kind) do update set
      known_from = least(paper_coverage.known_from, excluded.known_from)`.execute(tx);
}

/** Since when marks are complete, by kind; null: since ever. A kind without entry is not yet. */
export async function coverageOf(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<Map<DocumentKind, Date | null>> {
  const { rows } = await sql<{ kind: DocumentKind; known_from: Date | null }>`
    select kind, nullif(known_from, '-infinity') as known_from from paper_coverage
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}`.execute(tx);
  return new Map(rows.map((row) => [row.kind, row.known_from]));
}

/** How many papers of a kind were changed at or after each of some instants; null: of all time. */
export async function countMarks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  kind: DocumentKind,
  cuts: readonly (Date | null)[],
): Promise<number[]> {
  const counts: number[] = [];
  for (const since of cuts) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from paper_marks
      where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId} and kind = ${kind}
        and changed_at >= coalesce(${since}::timestamptz, '-infinity')`.execute(tx);
    counts.push(rows[0]?.count ?? 0);
  }
  return counts;
}

/** When the newest paper of a kind was changed, of those that were changed until an instant. */
export async function lastChangeUntil(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  kind: DocumentKind,
  until: Date,
): Promise<Date | null> {
  const row = await changesOf(tx, scope, xeroOrgId, kind)
    .where('changed_at', '<=', until)
    .orderBy('changed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.changed_at ?? null;
}

/** When a paper in the middle of a stretch was changed, `skip` papers after its beginning. */
export async function middleChange(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  kind: DocumentKind,
  stretch: { since: Date | null; until: Date | null; skip: number },
): Promise<Date | null> {
  const { since, until, skip } = stretch;
  let query = changesOf(tx, scope, xeroOrgId, kind);
  if (since) query = query.where('changed_at', '>=', since);
  if (until) query = query.where('changed_at', '<', until);
  const row = await query.orderBy('changed_at').offset(skip).limit(1).executeTakeFirst();
  return row?.changed_at ?? null;
}

const CHANGES_MAX = 2_000;

/** When papers of a kind were changed since an instant, oldest first; of very many a part. */
export async function changesSince(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  kind: DocumentKind,
  since: Date,
): Promise<Date[]> {
  const rows = await changesOf(tx, scope, xeroOrgId, kind)
    .where('changed_at', '>', since)
    .orderBy('changed_at')
    .limit(CHANGES_MAX)
    .execute();
  return rows.map((row) => row.changed_at);
}

function changesOf(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId, kind: DocumentKind) {
  return tx
    .selectFrom('paper_marks')
    .select('changed_at')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('kind', '=', kind);
}

/** Removes marks of a kind, changed since, that a walk over them did not meet; says which. */
export async function dropUnmet(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  which: { kind: DocumentKind; since: Date | null; begunAt: Date },
): Promise<string[]> {
  const { rows } = await sql<{ xero_id: string }>`
    delete from paper_marks
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and kind = ${which.kind} and read_at < ${which.begunAt}::timestamptz
      and changed_at >= coalesce(${which.since}::timestamptz, '-infinity')
    returning xero_id`.execute(tx);
  return rows.map((row) => row.xero_id);
}
