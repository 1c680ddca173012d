import { sql } from 'kysely';
import { type Paper, sumsOf } from '#billing/index';
import type { DocumentKind } from '#contract/billing';
import type { PartyId, XeroOrgId } from '#contract/ids';
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

const STALE_MAX = 500;

/**
 * Papers of linked contacts whose copy is missing, older than what was seen of them, or comes to
 * something else than Xero said: our own records differ from each other, whatever Xero says. Each
 * mark looks both up by their keys: joined, PostgreSQL may go through all papers once for each mark
 * where it expects few.
 */
export async function staleCopies(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<{ kind: DocumentKind; xeroId: string }[]> {
  const { rows } = await sql<{ kind: DocumentKind; xero_id: string }>`
    select mark.kind, mark.xero_id from paper_marks mark
    where mark.provider_id = ${scope.providerId} and mark.xero_org_id = ${xeroOrgId}
      and mark.is_sale
      and (select link.party_id from contact_links link
        where link.provider_id = mark.provider_id and link.xero_org_id = mark.xero_org_id
          and link.contact_id = mark.contact_id) is not null
      and not exists (select from documents paper
        where paper.provider_id = mark.provider_id and paper.xero_org_id = mark.xero_org_id
          and paper.kind = mark.kind and paper.xero_id = mark.xero_id
          and paper.changed_in_xero_at >= mark.changed_at
          and (mark.status is null
            or (paper.status = mark.status and paper.currency = mark.currency
              and paper.total_minor = mark.total_minor
              and paper.due_minor + paper.remaining_minor = mark.due_minor)))
    order by mark.kind, mark.xero_id limit ${STALE_MAX}`.execute(tx);
  return rows.map((row) => ({ kind: row.kind, xeroId: row.xero_id }));
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

/** A copy of a paper, as far as it has to be named. */
export interface Copy {
  kind: DocumentKind;
  xeroId: string;
  number: string | null;
  partyId: PartyId | null;
}

/** Copies of papers that were met nowhere in Xero any more: of very many a part. */
export async function copiesWithoutMark(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  limit: number,
): Promise<Copy[]> {
  const { rows } = await sql<Copy>`
    select paper.kind, paper.xero_id as "xeroId", paper.number, paper.party_id as "partyId"
    from documents paper
    where paper.provider_id = ${scope.providerId} and paper.xero_org_id = ${xeroOrgId}
      and not exists (select from paper_marks mark
        where mark.provider_id = paper.provider_id and mark.xero_org_id = paper.xero_org_id
          and mark.kind = paper.kind and mark.xero_id = paper.xero_id)
    order by paper.kind, paper.xero_id limit ${limit}`.execute(tx);
  return rows;
}
