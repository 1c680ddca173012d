import type { MirroredPaper, Paper, StoredPaper } from '#billing/index';
import type { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { WireInvoice } from '#xero/index';
import type { Difference } from '../agreement/check-store.ts';
import {
  keepMarks,
  keepSums,
  keepUnread,
  type PaperMark,
  unchangedMarks,
} from '../agreement/mark-store.ts';
import { noteUnread } from '../agreement/unread-papers.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { noteOnLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { type PaperContact, paperContacts } from '../matching/merged-contacts.ts';
import {
  isSale,
  keyOf,
  mirrorPapers,
  type Owner,
  type PaperKey,
  type WirePaper,
} from './mirror-documents.ts';
import { followMovedPapers } from './moved-papers.ts';
import { countAttempt, lockNotices, removeNotices, waitingNotices } from './notice-store.ts';
import { idsPerRead, type PaperPage, papersByIds } from './read-papers.ts';
import { askAboutSetCredits } from './set-credits.ts';

/** Reads of a paper in a form we don't know, before its notice is given up and left to a sweep. */
const ATTEMPTS_MAX = 3;

/** Follows up what Xero said about papers: reads them all as they are now, many ids a call. */
export async function pullPapers(run: LaneRun, kind: DocumentKind): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  const most = idsPerRead(kind);
  const waiting = await run.record((tx) => waitingNotices(tx, scope, xeroOrgId, kind, most));
  if (waiting.length === 0) return;
  const ids = waiting.map((notice) => notice.resourceId);
  const page = await papersByIds(run.client('background'), kind, ids);
  await followMovedPapers(run, kind, page.rows);
  const notices = waiting.filter(({ resourceId }) => page.asked.includes(resourceId));
  const read = new Set(page.rows.map((paper) => keyOf(paper).xeroId));
  await run.record(async (tx) => {
    await mirrorDocuments(run, tx, kind, page);
    // What is not in the answer is no longer there, unless it came in a form that we can't read.
    const done = notices.filter(
      (notice) => page.isReadable || read.has(notice.resourceId) || notice.attempts >= ATTEMPTS_MAX,
    );
    const open = notices.filter((notice) => !done.includes(notice));
    if (open.length > 0) deps.logger.error({ xeroOrgId, kind, ids: open }, 'papers can’t be read');
    await lockNotices(tx, scope, xeroOrgId, notices);
    await removeNotices(tx, scope, xeroOrgId, done);
    await countAttempt(tx, scope, xeroOrgId, open, run.now());
  });
}

/** What a reading brought: all papers that are ours to keep, and which of them were news. */
export interface TakenOver {
  papers: Paper[];
  written: MirroredPaper[];
  /** Our copies of papers that are nobody's here any more. */
  dropped: StoredPaper[];
  /** Papers of somebody here in a state that is new to us. */
  unreadable: PaperKey[];
  /** Unreadable ones of which no note can be kept. */
  unread: Difference[];
}

/**
 * Where webhook, sweep and hand-made reads end: turns papers as read into ours, for linked contacts
 * only, and hands them to billing. A paper of ours that was moved to somebody else is dropped. Of
 * every paper met, whoever's it is, a mark is kept. Credits of which an invoice says something else
 * than our copies are asked about, unless the caller is about to read them itself.
 */
export async function mirrorDocuments(
  run: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  page: PaperPage,
  { readsCredits = false } = {},
): Promise<TakenOver> {
  const { rows } = page;
  const { deps, scope, xeroOrgId } = run;
  const contactIds = [...new Set(rows.map((paper) => paper.Contact.ContactID))];
  const contactOf = await paperContacts(tx, scope, xeroOrgId, contactIds);
  const ownerOf = new Map(
    [...contactOf].flatMap(([id, { link }]) => (link ? [[id, ownerBy(link)] as const] : [])),
  );
  const { papers, strangers, unreadable } = mirrorPapers(xeroOrgId, rows, ownerOf);
  if (unreadable.length > 0) {
    const ids = unreadable.map(({ xeroId }) => xeroId);
    deps.logger.error({ xeroOrgId, ids }, 'papers in a state that is new to us');
  }
  const written = await deps.billing.mirror(tx, scope, papers);
  const dropped = await deps.billing.forget(tx, scope, strangers);
  if (!readsCredits)
    await askAboutSetCredits(run, tx, await newsAmong(run, tx, rows, { papers, written }));
  const marks = rows.flatMap((row) => markOf(row, contactOf));
  await keepMarks(tx, scope, xeroOrgId, marks, run.now());
  await keepSums(tx, scope, xeroOrgId, papers);
  await keepUnread(tx, scope, xeroOrgId, unreadable, run.now());
  const unread = await noteUnread(run, tx, kind, page);
  if (unreadable.length + page.unreadable.length > 0) {
    await announce(tx, scope.providerId, 'sync', []);
  }
  await noteOnLane(tx, scope, run.lease, { last_pull_at: run.now() });
  return { papers, written, dropped, unreadable, unread };
}

/**
 * Invoices of ours that are dated later than when they were last met, or say something else. To be
 * asked before their marks are kept.
 */
async function newsAmong(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
  rows: readonly WirePaper[],
  { papers, written }: Pick<TakenOver, 'papers' | 'written'>,
): Promise<WireInvoice[]> {
  const ours = new Set(papers.map((paper) => paper.xeroId));
  const differ = new Set(written.map(({ after }) => after.xeroId));
  const invoices = rows
    .filter((row) => 'InvoiceID' in row)
    .filter((row) => ours.has(row.InvoiceID));
  const unchanged = await unchangedMarks(
    tx,
    scope,
    xeroOrgId,
    invoices.flatMap((row) => markOf(row)),
  );
  return invoices.filter(({ InvoiceID: id }) => differ.has(id) || !unchanged.has(id));
}

/** The papers of a learner who was merged go to the one who is kept. */
function ownerBy({ partyKind, partyId, papersFor, contactId }: ContactLink): Owner {
  return { partyKind, partyId: papersFor ?? partyId, contactId: contactId ?? '' };
}

function markOf(
  row: WirePaper,
  contactOf: ReadonlyMap<string, PaperContact> = new Map(),
): PaperMark[] {
  if (row.updatedAt === null) return [];
  const { ContactID: named } = row.Contact;
  const contactId = contactOf.get(named)?.contactId ?? named;
  return [{ ...keyOf(row), contactId, isSale: isSale(row), changedAt: row.updatedAt }];
}
