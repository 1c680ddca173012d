import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import { noteCoverage } from '../agreement/mark-store.ts';
import { readBooks } from '../books/read-books.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { countLinked, markAllPapersDue } from '../links/link-store.ts';
import { beginMatching } from '../matching/matching-store.ts';
import { beginWalk, type Cursor, cursorOf, type Resource, saveCursor } from './cursor-store.ts';
import { keyOf } from './mirror-documents.ts';
import { followMovedPapers } from './moved-papers.ts';
import {
  countAttempt,
  lockNotices,
  removeNotices,
  type WaitingNotice,
  waitingNotices,
} from './notice-store.ts';
import { applyContacts } from './pull-contacts.ts';
import { mirrorDocuments } from './pull-documents.ts';
import { readPageOf } from './read-page.ts';
import { pageOfPapers } from './read-papers.ts';
import { isWhole, paced } from './sweep-pace.ts';
import { readBatches, sweepPayments } from './sweep-payments.ts';
import { advance, fromNowOn } from './walk.ts';

/** Up to here the invoices of linked contacts are asked for by contact, 50 a call. */
const LINKED_BY_CONTACT_MAX = 500;
/** Notices that one page of a walk may settle. */
const NOTICES_MAX = 5_000;

/**
 * Reads one page of what changed since the last sweep, which finds what webhooks lost or never
 * tell; or of a slow walk over all records of a kind. The first walk goes over everything, without
 * a filter: rows may be older than any date we could name. Page and cursor are recorded together,
 * so that a walk goes on where it stopped.
 */
export async function sweep(run: LaneRun, resource: Resource): Promise<void> {
  const cursor = beginWalk(
    await run.record((tx) => cursorOf(tx, run.scope, run.xeroOrgId, resource)),
  );
  switch (resource) {
    case 'contacts':
    case 'all-contacts':
      return sweepContacts(run, cursor);
    case 'payments':
      return sweepPayments(run, cursor);
    case 'batches':
      return readBatches(run, cursor);
    case 'settings':
      return readBooks(run, cursor);
    default:
      return sweepPapers(run, cursor, KIND_OF[resource]);
  }
}

const KIND_OF: Record<
  Exclude<Resource, 'contacts' | 'all-contacts' | 'payments' | 'batches' | 'settings'>,
  DocumentKind
> = {
  invoices: 'invoice',
  'credit-notes': 'credit-note',
  prepayments: 'prepayment',
  overpayments: 'overpayment',
  'all-invoices': 'invoice',
  'all-credit-notes': 'credit-note',
  'all-prepayments': 'prepayment',
  'all-overpayments': 'overpayment',
};

async function sweepContacts(run: LaneRun, cursor: Cursor): Promise<void> {
  const noticed = await run.record((tx) =>
    waitingNotices(tx, run.scope, run.xeroOrgId, 'contact', NOTICES_MAX),
  );
  const client = run.client('background');
  const page = await readPageOf(run, 'contacts', cursor, (query) =>
    client.contacts({ ...query, includeArchived: true }),
  );
  await applyContacts(run, page.rows, async (tx) => {
    const after = await advance(run, tx, cursor, page);
    const read = page.rows.map((contact) => contact.ContactID);
    await settleNotices(run, tx, noticed, read, !after.isWalking);
    if (!after.isWalking) await contactsAreKnown(run, tx);
  });
}

async function sweepPapers(run: LaneRun, cursor: Cursor, kind: DocumentKind): Promise<void> {
  const noticed = await run.record((tx) =>
    waitingNotices(tx, run.scope, run.xeroOrgId, kind, NOTICES_MAX),
  );
  const client = run.client('background');
  const page = await readPageOf(run, kind, cursor, (query) => pageOfPapers(client, kind, query));
  await followMovedPapers(run, kind, page.rows);
  await run.record(async (tx) => {
    await mirrorDocuments(run, tx, kind, page);
    const after = await advance(run, tx, cursor, page);
    // A walk without a filter has met them all.
    const hasMetAll = isWhole(cursor.resource) || cursor.readUntil === null;
    if (!after.isWalking && hasMetAll) await noteCoverage(tx, run.scope, run.xeroOrgId, kind, null);
    const read = page.rows.map((paper) => keyOf(paper).xeroId);
    await settleNotices(run, tx, noticed, read, !after.isWalking);
  });
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
 * How invoices are read the first time, decided once it is known whose contacts were there before
 * us: with few linked, their invoices are asked for by contact, which is cheaper than all invoices
 * of the organisation; with none there is nothing to read. Contacts that we create have no papers
 * yet. Papers that carry credit are few, so they are always walked.
 */
async function chooseFirstReading(run: LaneRun, tx: Tx): Promise<void> {
  const { scope, xeroOrgId } = run;
  const cursor = await cursorOf(tx, scope, xeroOrgId, 'invoices');
  if (cursor.readUntil !== null || cursor.position !== null) return;
  if ((await countLinked(tx, scope, xeroOrgId)) > LINKED_BY_CONTACT_MAX) return;
  await markAllPapersDue(tx, scope, xeroOrgId);
  const after = fromNowOn(run, cursor);
  await saveCursor(tx, scope, xeroOrgId, paced(cursor, after, run.now()));
  await noteCoverage(tx, scope, xeroOrgId, 'invoice', after.readUntil);
}

/**
 * What was noticed before a page was read and stands on that page has been followed up. At the end
 * of a walk the rest is left to be read by id.
 */
async function settleNotices(
  run: LaneRun,
  tx: Tx,
  noticed: readonly WaitingNotice[],
  ids: readonly string[],
  isEnd: boolean,
): Promise<void> {
  const { scope, xeroOrgId } = run;
  const read = new Set(ids);
  const done = noticed.filter((notice) => read.has(notice.resourceId));
  await lockNotices(tx, scope, xeroOrgId, isEnd ? noticed : done);
  await removeNotices(tx, scope, xeroOrgId, done);
  if (!isEnd) return;
  const open = noticed.filter((notice) => !read.has(notice.resourceId));
  await countAttempt(tx, scope, xeroOrgId, open, run.now());
}
