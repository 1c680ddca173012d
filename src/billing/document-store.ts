import { type SelectQueryBuilder, sql } from 'kysely';
import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { DocumentId, PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { inPortions } from '#platform/in-portions';
import type { Schema } from '#platform/schema';
import type { Scope } from '#platform/scope';
import type { BalanceEntry } from './balance.ts';
import { openOf, type Paper, type StoredPaper, statusOf } from './document.ts';
import { PAPER_COLUMNS, PAPER_SHAPE, toPaper, toRow } from './document-row.ts';
import { type PaperContent, standsAsRead } from './paper-changes.ts';
import { replaceSettlements, settlementsOf } from './settlement-store.ts';
import type { StatementPaper } from './statement.ts';

/** Rows written in one statement: PostgreSQL takes 65,535 parameters. */
const ROWS_PER_INSERT = 500;

/** What became of a paper that was handed to the store. */
export interface MirroredPaper {
  before: StoredPaper | null;
  after: StoredPaper;
}

/**
 * Writes papers of one organisation that are newer than our copy and different from it; a version
 * older than ours never overwrites it. Answers with those written, and what stood there before.
 */
export async function writePapers(
  tx: Tx,
  scope: Scope,
  papers: readonly Paper[],
  now: Date,
): Promise<MirroredPaper[]> {
  const newest = newestOfEach(papers);
  const ours = await papersByXeroId(tx, scope, newest);
  const written: MirroredPaper[] = [];
  const settled: StoredPaper[] = [];
  const rows: ReturnType<typeof toRow>[] = [];
  for (const paper of newest) {
    const known = ours.get(keyOf(paper));
    if (known && known.paper.changedAt > paper.changedAt) continue;
    const content = contentOf(paper);
    const isSame = known !== undefined && standsAsRead(known, content);
    const isOlder = known !== undefined && known.shape < PAPER_SHAPE;
    const isAsOld = known?.paper.changedAt.getTime() === paper.changedAt.getTime();
    if (isSame && !isOlder && isAsOld) continue;
    const id = known?.paper.id ?? newId<DocumentId>();
    rows.push(toRow(scope, id, { ...content, changedAt: paper.changedAt, raw: paper.raw }, now));
    const after = { ...content, id, changedAt: paper.changedAt, mirroredAt: now };
    if (!isSame || isOlder) settled.push(after);
    if (isSame) continue;
    written.push({ before: known?.paper ?? null, after });
  }
  for (const some of inPortions(rows, ROWS_PER_INSERT)) {
    await upsert(tx, some);
  }
  await replaceSettlements(tx, scope, settled);
  return written;
}

/** Removes copies of papers that no longer belong to a linked contact; answers with them. */
export async function removePapers(
  tx: Tx,
  scope: Scope,
  papers: readonly { xeroOrgId: XeroOrgId; kind: DocumentKind; xeroId: string }[],
): Promise<StoredPaper[]> {
  const known = [...(await papersByXeroId(tx, scope, papers)).values()];
  if (known.length === 0) return [];
  await tx
    .deleteFrom('documents')
    .where('provider_id', '=', scope.providerId)
    .where(
      'id',
      'in',
      known.map(({ paper }) => paper.id),
    )
    .execute();
  return known.map(({ paper }) => paper);
}

/** Removes all copies of one organisation's papers, with what settles them. */
export async function removeBooks(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  for (const table of ['documents', 'payment_batches'] as const) {
    await tx
      .deleteFrom(table)
      .where('provider_id', '=', scope.providerId)
      .where('xero_org_id', '=', xeroOrgId)
      .execute();
  }
}

/** A paper of this provider, or null. */
export async function findPaper(tx: Tx, scope: Scope, id: DocumentId): Promise<StoredPaper | null> {
  const rows = await ofProvider(tx, scope).where('id', '=', id).execute();
  return (await withSettlements(tx, scope, rows))[0] ?? null;
}

/** Where a list goes on: after the paper of this day and id. */
export interface PaperPosition {
  day: string;
  id: string;
}

export interface PaperFilter {
  partyId?: PartyId;
  status?: DocumentStatus | undefined;
  kind?: DocumentKind | undefined;
  after: PaperPosition | null;
  limit: number;
}

/** Papers without a date stand at the end of a list that has the newest first. */
export const NO_DAY = '0001-01-01';
const day = sql<string>`coalesce(date, ${sql.lit(NO_DAY)}::date)`;

/** Papers newest first, walked by day and id. */
export async function listPapers(
  tx: Tx,
  scope: Scope,
  filter: PaperFilter,
): Promise<StoredPaper[]> {
  let query = ofProvider(tx, scope);
  if (filter.partyId) query = query.where('party_id', '=', filter.partyId);
  if (filter.status) query = query.where('status', '=', filter.status);
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  const { after } = filter;
  if (after) {
    query = query.where(sql<boolean>`(${day}, id) < (${after.day}::date, ${after.id}::uuid)`);
  }
  const rows = await query.orderBy(day, 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  return withSettlements(tx, scope, rows);
}

/** All that a learner's statement is made of: every paper that is or was issued. */
export async function statementPapers(
  tx: Tx,
  scope: Scope,
  partyId: PartyId,
): Promise<StatementPaper[]> {
  const rows = await tx
    .selectFrom('documents')
    .select(PAPER_COLUMNS.filter((column) => column !== 'lines'))
    .where('provider_id', '=', scope.providerId)
    .where('party_id', '=', partyId)
    .where('status', 'not in', ['draft', 'submitted', 'deleted'])
    .execute();
  return withSettlements(
    tx,
    scope,
    rows.map((row) => ({ ...row, lines: [] })),
  );
}

/** The sums of a learner's papers by organisation, currency, kind and status; overdue as of `today`. */
export async function balanceEntries(
  tx: Tx,
  scope: Scope,
  partyId: PartyId,
  today: string,
): Promise<BalanceEntry[]> {
  const total = (column: string) => sql<bigint>`coalesce(sum(${sql.ref(column)}), 0)::bigint`;
  const rows = await tx
    .selectFrom('documents')
    .select(['xero_org_id', 'currency', 'kind', 'status'])
    .select(
      sql<boolean>`xero_org_id <> all(former_organisations(${scope.providerId}))`.as(
        'is_connected',
      ),
    )
    .select([
      total('total_minor').as('total'),
      total('paid_minor').as('paid'),
      total('credited_minor').as('credited'),
      total('due_minor').as('due'),
      total('remaining_minor').as('remaining'),
      sql<bigint>`coalesce(sum(due_minor) filter (where due_date < ${today}::date), 0)::bigint`.as(
        'past_due',
      ),
    ])
    .where('provider_id', '=', scope.providerId)
    .where('party_id', '=', partyId)
    .groupBy(['xero_org_id', 'currency', 'kind', 'status'])
    .execute();
  return rows.map((row) => ({
    xeroOrgId: row.xero_org_id as XeroOrgId,
    isConnected: row.is_connected,
    currency: row.currency,
    kind: row.kind as DocumentKind,
    status: row.status as DocumentStatus,
    totalMinor: row.total,
    paidMinor: row.paid,
    creditedMinor: row.credited,
    dueMinor: row.due,
    remainingMinor: row.remaining,
    pastDueMinor: row.past_due,
  }));
}

type PaperRowQuery = SelectQueryBuilder<Schema, 'documents', Parameters<typeof toPaper>[0]>;

function ofProvider(tx: Tx, scope: Scope): PaperRowQuery {
  return tx
    .selectFrom('documents')
    .select(PAPER_COLUMNS)
    .where('provider_id', '=', scope.providerId);
}

async function withSettlements(
  tx: Tx,
  scope: Scope,
  rows: Parameters<typeof toPaper>[0][],
): Promise<StoredPaper[]> {
  const ids = rows.map((row) => row.id);
  const { payments, allocations } = await settlementsOf(tx, scope, ids);
  return rows.map((row) => toPaper(row, payments.get(row.id) ?? [], allocations.get(row.id) ?? []));
}

interface PaperKey {
  xeroOrgId: XeroOrgId;
  kind: DocumentKind;
  xeroId: string;
}

function keyOf(paper: PaperKey): string {
  return `${paper.xeroOrgId} ${paper.kind} ${paper.xeroId}`;
}

function newestOfEach(papers: readonly Paper[]): Paper[] {
  const newest = new Map<string, Paper>();
  for (const paper of papers) {
    const other = newest.get(keyOf(paper));
    if (!other || other.changedAt <= paper.changedAt) newest.set(keyOf(paper), paper);
  }
  return [...newest.values()];
}

interface KnownPaper {
  paper: StoredPaper;
  hash: Buffer;
  shape: number;
}

function contentOf(paper: Paper): PaperContent {
  const { state, raw: _raw, changedAt: _changedAt, ...rest } = paper;
  return {
    ...rest,
    status: statusOf(state, paper),
    dueMinor: openOf(state, paper.dueMinor),
    remainingMinor: openOf(state, paper.remainingMinor),
  };
}

async function papersByXeroId(tx: Tx, scope: Scope, keys: readonly PaperKey[]) {
  const known = new Map<string, KnownPaper>();
  const first = keys[0];
  if (!first) return known;
  const rows = await ofProvider(tx, scope)
    .select(['content_hash', 'shape'])
    .where('xero_org_id', '=', first.xeroOrgId)
    // The index has the kind before the id.
    .where('kind', 'in', [...new Set(keys.map((key) => key.kind))])
    .where('xero_id', '=', sql<string>`any(${keys.map((key) => key.xeroId)}::uuid[])`)
    .execute();
  const papers = await withSettlements(tx, scope, rows);
  papers.forEach((paper, index) => {
    const row = rows[index];
    if (row) known.set(keyOf(paper), { paper, hash: row.content_hash, shape: row.shape });
  });
  return known;
}

async function upsert(tx: Tx, rows: ReturnType<typeof toRow>[]): Promise<void> {
  const fields = Object.keys(rows[0] ?? {}).filter((field) => field !== 'id');
  await tx
    .insertInto('documents')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .constraint('documents_of_xero')
        .doUpdateSet(
          Object.fromEntries(fields.map((field) => [field, sql`${sql.ref(`excluded.${field}`)}`])),
        )
        .where(sql<boolean>`excluded.changed_in_xero_at >= documents.changed_in_xero_at`),
    )
    .execute();
}
