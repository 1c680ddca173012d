import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { DocumentId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { inPortions } from '#platform/in-portions';
import type { Scope } from '#platform/scope';
import type { PaperAllocation, PaperPayment, StoredPaper } from './document.ts';
import { toAllocation, toPayment } from './document-row.ts';

/** Rows written in one statement: PostgreSQL takes 65,535 parameters. */
const ROWS_PER_INSERT = 2_000;

/** What settles papers, as it stands on each: by the paper's id. */
export interface Settlements {
  payments: ReadonlyMap<string, PaperPayment[]>;
  /** What a credit gives; told by the credit. */
  allocations: ReadonlyMap<string, PaperAllocation[]>;
}

/** By day, and within a day in the order in which Xero lists them on their paper. */
export async function settlementsOf(
  tx: Tx,
  scope: Scope,
  documentIds: readonly string[],
): Promise<Settlements> {
  if (documentIds.length === 0) return { payments: new Map(), allocations: new Map() };
  const these = sql<string>`any(${documentIds}::uuid[])`;
  const payments = await tx
    .selectFrom('payments')
    .leftJoin('payment_batches', (join) =>
      join
        .onRef('payment_batches.provider_id', '=', 'payments.provider_id')
        .onRef('payment_batches.xero_org_id', '=', 'payments.xero_org_id')
        .onRef('payment_batches.payment_xero_id', '=', 'payments.xero_id'),
    )
    .selectAll('payments')
    .select('payment_batches.batch_xero_id')
    .where('payments.provider_id', '=', scope.providerId)
    .where('payments.document_id', '=', these)
    .orderBy('payments.date')
    .orderBy('payments.position')
    .orderBy('payments.xero_id')
    .execute();
  const allocations = await tx
    .selectFrom('allocations')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('document_id', '=', these)
    .orderBy('date')
    .orderBy('position')
    .orderBy('xero_id')
    .execute();
  return {
    payments: byDocument(payments, toPayment),
    allocations: byDocument(allocations, toAllocation),
  };
}

function byDocument<Row extends { document_id: string }, Settled>(
  rows: readonly Row[],
  read: (row: Row) => Settled,
): Map<string, Settled[]> {
  const groups = Map.groupBy(rows, (row) => row.document_id);
  return new Map([...groups].map(([id, group]) => [id, group.map(read)]));
}

/** Puts what settles these papers in the place of what did before. */
export async function replaceSettlements(
  tx: Tx,
  scope: Scope,
  papers: readonly StoredPaper[],
): Promise<void> {
  if (papers.length === 0) return;
  const these = sql<string>`any(${papers.map((paper) => paper.id)}::uuid[])`;
  for (const table of ['payments', 'allocations'] as const) {
    await tx
      .deleteFrom(table)
      .where('provider_id', '=', scope.providerId)
      .where('document_id', '=', these)
      .execute();
  }
  const payments = papers.flatMap((paper) =>
    paper.payments.map((payment, position) => ({
      provider_id: scope.providerId,
      xero_org_id: paper.xeroOrgId,
      xero_id: payment.xeroId,
      document_id: paper.id,
      position,
      date: payment.date,
      currency: paper.currency,
      amount_minor: payment.amountMinor,
      reference: payment.reference,
    })),
  );
  const allocations = papers.flatMap((paper) =>
    paper.allocations.map((allocation, position) => ({
      provider_id: scope.providerId,
      xero_org_id: paper.xeroOrgId,
      document_id: paper.id,
      position,
      xero_id: allocation.xeroId,
      invoice_xero_id: allocation.invoiceXeroId,
      invoice_number: allocation.invoiceNumber,
      date: allocation.date,
      currency: paper.currency,
      amount_minor: allocation.amountMinor,
    })),
  );
  for (const some of inPortions(payments, ROWS_PER_INSERT)) {
    await tx
      .insertInto('payments')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (const some of inPortions(allocations, ROWS_PER_INSERT)) {
    await tx
      .insertInto('allocations')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await rememberBatches(tx, scope, papers.flatMap(batchesOnPaper));
}

/** One payment and the batch that it was made in, both by Xero's ids. */
export interface BatchedPayment {
  xeroOrgId: string;
  paymentId: string;
  batchId: string;
}

function batchesOnPaper({ xeroOrgId, payments }: StoredPaper): BatchedPayment[] {
  return payments.flatMap(({ xeroId, batchId }) =>
    batchId === null ? [] : { xeroOrgId, paymentId: xeroId, batchId },
  );
}

/** Keeps which batch payments were made in, whether or not their papers are here yet. */
export async function rememberBatches(
  tx: Tx,
  scope: Scope,
  batched: readonly BatchedPayment[],
): Promise<void> {
  for (const some of inPortions(batched, ROWS_PER_INSERT)) {
    await tx
      .insertInto('payment_batches')
      .values(
        some.map(({ xeroOrgId, paymentId, batchId }) => ({
          provider_id: scope.providerId,
          xero_org_id: xeroOrgId,
          payment_xero_id: paymentId,
          batch_xero_id: batchId,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** An allocation with both its papers, as either of them shows it. */
export interface AppliedCredit extends PaperAllocation {
  creditId: DocumentId;
  creditKind: DocumentKind;
  creditNumber: string | null;
  invoiceId: DocumentId | null;
}

/** The allocations from or to these papers, each with both ends. Answers by the papers' ids. */
export async function appliedCredits(
  tx: Tx,
  scope: Scope,
  papers: readonly Pick<StoredPaper, 'id' | 'xeroId'>[],
): Promise<ReadonlyMap<string, AppliedCredit[]>> {
  if (papers.length === 0) return new Map();
  const ids = papers.map((paper) => paper.id);
  const xeroIds = papers.map((paper) => paper.xeroId);
  const rows = await tx
    .selectFrom('allocations')
    .innerJoin('documents as credit', 'credit.id', 'allocations.document_id')
    .leftJoin('documents as invoice', (join) =>
      join
        .onRef('invoice.provider_id', '=', 'allocations.provider_id')
        .onRef('invoice.xero_org_id', '=', 'allocations.xero_org_id')
        .onRef('invoice.xero_id', '=', 'allocations.invoice_xero_id')
        .on('invoice.kind', '=', 'invoice'),
    )
    .selectAll('allocations')
    .select([
      'credit.kind as credit_kind',
      'credit.number as credit_number',
      'invoice.id as invoice_id',
      'invoice.number as own_number',
    ])
    .where('allocations.provider_id', '=', scope.providerId)
    .where((where) =>
      where.or([
        where('allocations.document_id', '=', sql<string>`any(${ids}::uuid[])`),
        where('allocations.invoice_xero_id', '=', sql<string>`any(${xeroIds}::uuid[])`),
      ]),
    )
    .orderBy('allocations.date')
    .orderBy('allocations.position')
    .orderBy('allocations.xero_id')
    .execute();
  const found = rows.map(
    (row): AppliedCredit => ({
      ...toAllocation(row),
      invoiceNumber: row.own_number ?? row.invoice_number,
      creditId: row.document_id as DocumentId,
      creditKind: row.credit_kind as DocumentKind,
      creditNumber: row.credit_number,
      invoiceId: row.invoice_id as DocumentId | null,
    }),
  );
  return new Map(
    ids.map((id) => [id, found.filter((one) => one.creditId === id || one.invoiceId === id)]),
  );
}
