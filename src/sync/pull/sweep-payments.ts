import { sql } from 'kysely';
import type { Tx } from '#platform/database';
import type { WirePayment } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { type Cursor, saveCursor } from './cursor-store.ts';
import { type Notice, storeNotices } from './notice-store.ts';
import { readPageOf } from './read-page.ts';
import { paced } from './sweep-pace.ts';
import { advance, fromNowOn } from './walk.ts';

/**
 * Payments have no webhook for certain. One that we do not have yet, or no longer should, says that
 * its paper has changed: the paper is what is read anew. Which batch a payment was made in is told
 * only here.
 */
export async function sweepPayments(run: LaneRun, cursor: Cursor): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  if (cursor.readUntil === null) {
    // Papers bring their payments along, so payments matter from now on.
    await run.record((tx) => {
      const fresh = fromNowOn(run, cursor);
      return saveCursor(tx, scope, xeroOrgId, paced(cursor, fresh, run.now()));
    });
    return;
  }
  const client = run.client('background');
  const page = await readPageOf(run, 'payments', cursor, (query) => client.payments(query));
  await run.record(async (tx) => {
    const batched = page.rows.flatMap(({ PaymentID: paymentId, batchId }) =>
      batchId === null ? [] : { xeroOrgId, paymentId, batchId },
    );
    await deps.billing.rememberBatches(tx, scope, batched);
    const notices = await papersToReread(run, tx, page.rows);
    await storeNotices(tx, scope.providerId, xeroOrgId, notices, run.now());
    await advance(run, tx, cursor, page);
  });
}

/** Reads which payments were made in one batch before payments were first swept: one call. */
export async function readBatches(run: LaneRun, cursor: Cursor): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  const page = await run.client('background').batchPayments();
  const batched = page.rows.flatMap(({ batchId, paymentIds }) =>
    paymentIds.map((paymentId) => ({ xeroOrgId, paymentId, batchId })),
  );
  await run.record(async (tx) => {
    await deps.billing.rememberBatches(tx, scope, batched);
    await saveCursor(tx, scope, xeroOrgId, paced(cursor, fromNowOn(run, cursor), run.now()));
  });
}

async function papersToReread(
  run: LaneRun,
  tx: Tx,
  payments: readonly WirePayment[],
): Promise<Notice[]> {
  const { scope, xeroOrgId } = run;
  const settling = payments.flatMap(({ PaymentID, Status, paper }) =>
    paper ? { paymentId: PaymentID, shouldBeKnown: Status !== 'DELETED', paper } : [],
  );
  if (settling.length === 0) return [];
  const ours = await tx
    .selectFrom('documents')
    .leftJoin('payments', 'payments.document_id', 'documents.id')
    .select(['documents.xero_id as paper_id', 'payments.xero_id as payment_id'])
    .where('documents.provider_id', '=', scope.providerId)
    .where('documents.xero_org_id', '=', xeroOrgId)
    .where('documents.kind', 'in', [...new Set(settling.map(({ paper }) => paper.kind))])
    .where(
      'documents.xero_id',
      '=',
      sql<string>`any(${settling.map(({ paper }) => paper.id)}::uuid[])`,
    )
    .execute();
  const kept = new Set(ours.map((row) => row.paper_id));
  const known = new Set(ours.map((row) => row.payment_id));
  return settling
    .filter(({ paper }) => kept.has(paper.id))
    .filter(({ paymentId, shouldBeKnown }) => known.has(paymentId) !== shouldBeKnown)
    .map(({ paper }) => ({ kind: paper.kind, resourceId: paper.id, eventAt: run.now() }));
}
