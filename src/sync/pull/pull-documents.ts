import type { Tx } from '#platform/database';
import { IDS_PER_READ, ROWS_PER_PAGE, type WireInvoice } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { noteOnLane } from '../lane/lane-store.ts';
import { linksOfContacts, linksToRead, saveLinks } from '../links/link-store.ts';
import { afterPage, beginWalk, freshCursor } from './cursor-store.ts';
import { mirrorInvoices } from './mirror-documents.ts';
import { countAttempt, removeNotices, waitingNotices } from './notice-store.ts';

/** Reads of a paper in a form we don't know, before its notice is given up and left to a sweep. */
const ATTEMPTS_MAX = 3;

/** Follows up what Xero said about invoices: reads them all as they are now, many ids a call. */
export async function pullInvoices(run: LaneRun): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  const notices = await run.record((tx) =>
    waitingNotices(tx, scope, xeroOrgId, 'invoice', IDS_PER_READ),
  );
  if (notices.length === 0) return;
  const ids = notices.map((notice) => notice.resourceId);
  // A page has to be asked for: without one Xero leaves out the lines.
  const page = await run.client('background').invoices({ ids, page: 1, pageSize: ids.length });
  const read = new Set(page.rows.map((invoice) => invoice.InvoiceID));
  await run.record(async (tx) => {
    await mirrorDocuments(run, tx, page.rows);
    // What is not in the answer is no longer there, unless it came in a form that we can't read.
    const isReadable = page.unreadable === 0;
    const done = notices.filter(
      (notice) => isReadable || read.has(notice.resourceId) || notice.attempts >= ATTEMPTS_MAX,
    );
    const open = notices.filter((notice) => !done.includes(notice));
    if (open.length > 0) deps.logger.error({ xeroOrgId, ids: open }, 'invoices can’t be read');
    await removeNotices(tx, scope, xeroOrgId, done);
    await countAttempt(tx, scope, xeroOrgId, open, run.now());
  });
}

/** Reads the papers of contacts that were linked after their papers had gone by. */
export async function readPapers(run: LaneRun): Promise<void> {
  const { scope, xeroOrgId } = run;
  const links = await run.record((tx) => linksToRead(tx, scope, xeroOrgId, IDS_PER_READ));
  if (links.length === 0) return;
  const urgency = links.some((link) => link.isUrgent) ? 'person' : 'background';
  const contactIds = links.flatMap((link) => link.contactId ?? []);
  let walk = beginWalk(freshCursor('invoices'));
  while (walk.isWalking) {
    const page = await run.client(urgency).invoices({
      contactIds,
      ...(walk.position ? { modifiedSince: walk.position } : {}),
      page: walk.page,
      pageSize: ROWS_PER_PAGE,
      order: 'UpdatedDateUTC ASC',
    });
    await run.record((tx) => mirrorDocuments(run, tx, page.rows));
    walk = afterPage(walk, {
      changedAt: page.rows.map((invoice) => invoice.updatedAt),
      hasMore: page.page < page.pageCount,
    });
  }
  await run.record(async (tx) => {
    const now = await linksOfContacts(tx, scope, xeroOrgId, contactIds);
    const read = now.map((link) => ({
      ...link,
      papersDue: false,
      isUrgent: link.isUrgent && link.standing === 'waiting',
    }));
    await saveLinks(tx, scope, read);
  });
}

/**
 * Where webhook, sweep and hand-made reads end: turns papers as read into ours, for linked contacts
 * only, and hands them to billing. A paper of ours that was moved to somebody else is dropped.
 */
export async function mirrorDocuments(
  run: LaneRun,
  tx: Tx,
  invoices: readonly WireInvoice[],
): Promise<number> {
  const { deps, scope, xeroOrgId } = run;
  const contactIds = [...new Set(invoices.map((invoice) => invoice.Contact.ContactID))];
  const links = await linksOfContacts(tx, scope, xeroOrgId, contactIds);
  const learnerOf = new Map(links.map((link) => [link.contactId ?? '', link.learnerId]));
  const { papers, strangers, unreadable } = mirrorInvoices(xeroOrgId, invoices, learnerOf);
  if (unreadable.length > 0) {
    deps.logger.error({ xeroOrgId, ids: unreadable }, 'invoices in a state that is new to us');
  }
  const written = await deps.billing.mirror(tx, scope, papers);
  const dropped = await deps.billing.forget(tx, scope, strangers);
  await noteOnLane(tx, scope, run.lease, { last_pull_at: run.now() });
  return written + dropped;
}
