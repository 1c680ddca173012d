import { sql } from 'kysely';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import {
  ROWS_PER_PAGE,
  type WireContact,
  type WireInvoice,
  type WirePage,
  type WirePayment,
} from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { noteOnLane } from '../lane/lane-store.ts';
import { countLinked, markAllPapersDue } from '../links/link-store.ts';
import { beginMatching } from '../matching/matching-store.ts';
import {
  afterPage,
  beginWalk,
  CLOCK_DOUBT_MS,
  type Cursor,
  cursorOf,
  type Resource,
  saveCursor,
} from './cursor-store.ts';
import {
  countAttempt,
  removeNotices,
  storeNotices,
  type WaitingNotice,
  waitingNotices,
} from './notice-store.ts';
import { applyContacts } from './pull-contacts.ts';
import { mirrorDocuments } from './pull-documents.ts';

/** Up to here the papers of linked contacts are asked for by contact, 50 a call. */
const LINKED_BY_CONTACT_MAX = 500;
/** Notices that one page of a walk may settle. */
const NOTICES_MAX = 5_000;

/**
 * Reads one page of what changed since the last sweep, which finds what webhooks lost or never
 * tell. The first walk goes over everything, without a filter: rows may be older than any date we
 * could name. Page and cursor are recorded together, so that a walk goes on where it stopped.
 */
export async function sweep(run: LaneRun, resource: Resource): Promise<void> {
  const cursor = beginWalk(
    await run.record((tx) => cursorOf(tx, run.scope, run.xeroOrgId, resource)),
  );
  switch (resource) {
    case 'contacts':
      return sweepContacts(run, cursor);
    case 'invoices':
      return sweepInvoices(run, cursor);
    case 'payments':
      return sweepPayments(run, cursor);
  }
}

async function sweepContacts(run: LaneRun, cursor: Cursor): Promise<void> {
  const query = { ...pageOf(cursor), includeArchived: true };
  const page = await run.client('background').contacts(query);
  await applyContacts(run, page.rows, async (tx) => {
    const after = await advance(run, tx, cursor, page);
    if (!after.isWalking) await contactsAreKnown(run, tx);
  });
}

async function sweepInvoices(run: LaneRun, cursor: Cursor): Promise<void> {
  const noticed = await run.record((tx) =>
    waitingNotices(tx, run.scope, run.xeroOrgId, 'invoice', NOTICES_MAX),
  );
  const page = await run.client('background').invoices(pageOf(cursor));
  await run.record(async (tx) => {
    await mirrorDocuments(run, tx, page.rows);
    const after = await advance(run, tx, cursor, page);
    await settleNotices(run, tx, noticed, page.rows, !after.isWalking);
  });
}

/**
 * Payments have no webhook for certain. One that we do not have yet, or no longer should, says that
 * its invoice has changed: the invoice is what is read anew.
 */
async function sweepPayments(run: LaneRun, cursor: Cursor): Promise<void> {
  const { scope, xeroOrgId } = run;
  if (cursor.readUntil === null) {
    // Invoices bring their payments along, so payments matter from now on.
    await run.record((tx) => saveCursor(tx, scope, xeroOrgId, fromNowOn(run, cursor)));
    return;
  }
  const page = await run.client('background').payments(pageOf(cursor));
  await run.record(async (tx) => {
    const invoiceIds = await invoicesToReread(run, tx, page.rows);
    const notices = invoiceIds.map((resourceId) => ({
      kind: 'invoice' as const,
      resourceId,
      eventAt: run.now(),
    }));
    await storeNotices(tx, scope.providerId, xeroOrgId, notices, run.now());
    await advance(run, tx, cursor, page);
  });
}

function pageOf(cursor: Cursor) {
  return {
    ...(cursor.position ? { modifiedSince: cursor.position } : {}),
    page: cursor.page,
    pageSize: ROWS_PER_PAGE,
    order: 'UpdatedDateUTC ASC',
  };
}

type SweptRow = WireContact | WireInvoice | WirePayment;

async function advance(
  run: LaneRun,
  tx: Tx,
  cursor: Cursor,
  page: WirePage<SweptRow>,
): Promise<Cursor> {
  if (page.unreadable > 0) {
    const { xeroOrgId } = run;
    const facts = { xeroOrgId, resource: cursor.resource, rows: page.unreadable };
    run.deps.logger.error(facts, 'a sweep met rows that can’t be read');
  }
  const after = afterPage(cursor, {
    changedAt: page.rows.map((row) => row.updatedAt),
    hasMore: page.page < page.pageCount,
  });
  const isFirst = !after.isWalking && after.readUntil === null;
  await saveCursor(tx, run.scope, run.xeroOrgId, isFirst ? fromNowOn(run, after) : after);
  if (!after.isWalking) await noteOnLane(tx, run.scope, run.lease, { last_sweep_at: run.now() });
  return after;
}

/** Nothing older is of interest: the next walk begins at about this moment. */
function fromNowOn(run: LaneRun, cursor: Cursor): Cursor {
  return { ...cursor, isWalking: false, readUntil: plus(run.now(), -CLOCK_DOUBT_MS), page: 1 };
}

async function contactsAreKnown(run: LaneRun, tx: Tx): Promise<void> {
  await tx
    .updateTable('lanes')
    .set({ contacts_known_at: sql<Date>`coalesce(contacts_known_at, ${run.now()}::timestamptz)` })
    .where('provider_id', '=', run.scope.providerId)
    .where('xero_org_id', '=', run.xeroOrgId)
    .execute();
  await beginMatching(tx, run.scope, run.xeroOrgId);
  await chooseFirstReading(run, tx);
}

/**
 * How papers are read the first time, decided once it is known whose contacts were there before us:
 * with few linked, their papers are asked for by contact, which is cheaper than all papers of the
 * organisation; with none there is nothing to read. Contacts that we create have no papers yet.
 */
async function chooseFirstReading(run: LaneRun, tx: Tx): Promise<void> {
  const { scope, xeroOrgId } = run;
  const cursor = await cursorOf(tx, scope, xeroOrgId, 'invoices');
  if (cursor.readUntil !== null || cursor.position !== null) return;
  if ((await countLinked(tx, scope, xeroOrgId)) > LINKED_BY_CONTACT_MAX) return;
  await markAllPapersDue(tx, scope, xeroOrgId);
  await saveCursor(tx, scope, xeroOrgId, fromNowOn(run, cursor));
}

/**
 * What was noticed before a page was read and stands on that page has been followed up. At the end
 * of a walk the rest is left to be read by id.
 */
async function settleNotices(
  run: LaneRun,
  tx: Tx,
  noticed: readonly WaitingNotice[],
  invoices: readonly WireInvoice[],
  isEnd: boolean,
): Promise<void> {
  const { scope, xeroOrgId } = run;
  const read = new Set(invoices.map((invoice) => invoice.InvoiceID));
  const done = noticed.filter((notice) => read.has(notice.resourceId));
  await removeNotices(tx, scope, xeroOrgId, done);
  if (!isEnd) return;
  const open = noticed.filter((notice) => !read.has(notice.resourceId));
  await countAttempt(tx, scope, xeroOrgId, open, run.now());
}

async function invoicesToReread(
  run: LaneRun,
  tx: Tx,
  payments: readonly WirePayment[],
): Promise<string[]> {
  const { scope, xeroOrgId } = run;
  const ofInvoices = payments.filter((payment) => payment.Invoice !== null);
  if (ofInvoices.length === 0) return [];
  const invoiceIds = ofInvoices.map((payment) => payment.Invoice?.InvoiceID ?? '');
  const ours = await tx
    .selectFrom('documents')
    .leftJoin('payments', 'payments.document_id', 'documents.id')
    .select(['documents.xero_id as invoice_id', 'payments.xero_id as payment_id'])
    .where('documents.provider_id', '=', scope.providerId)
    .where('documents.xero_org_id', '=', xeroOrgId)
    .where('documents.xero_id', '=', sql<string>`any(${invoiceIds}::uuid[])`)
    .execute();
  const kept = new Set(ours.map((row) => row.invoice_id));
  const known = new Set(ours.map((row) => row.payment_id));
  const differing = ofInvoices.filter((payment) => {
    const shouldBeKnown = payment.Status !== 'DELETED';
    return known.has(payment.PaymentID) !== shouldBeKnown;
  });
  const stale = differing.map((payment) => payment.Invoice?.InvoiceID ?? '');
  return [...new Set(stale)].filter((id) => kept.has(id));
}
