import type { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import { outlineOf, type WireOutline } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { paperContacts } from '../matching/merged-contacts.ts';
import { isSale, keyOf, type PaperKey } from '../pull/mirror-documents.ts';
import type { PaperPage } from '../pull/read-papers.ts';
import type { Difference } from './check-store.ts';
import { unreadPaper } from './differences.ts';
import { keepMarks, keepUnread, type PaperMark } from './mark-store.ts';

/**
 * Keeps marks of papers on a page that have a form that is new to us, so that they are counted and
 * named until they can be read. Answers with those of which no mark can be kept, where they may be
 * of somebody here.
 */
export async function noteUnread(
  run: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  { rows, unreadable }: PaperPage,
): Promise<Difference[]> {
  const undated = rows.filter((row) => row.updatedAt === null).map(({ raw }) => raw);
  const outlines = [...unreadable, ...undated].map((json) => outlineOf(kind, json));
  if (outlines.length === 0) return [];
  const { scope, xeroOrgId } = run;
  const named = outlines.flatMap(({ contactId }) => contactId ?? []);
  const contactOf = await paperContacts(tx, scope, xeroOrgId, named);
  const marks = outlines
    .flatMap((outline) => markOf(kind, outline))
    .map((mark) => ({
      ...mark,
      contactId: contactOf.get(mark.contactId)?.contactId ?? mark.contactId,
    }));
  await keepMarks(tx, scope, xeroOrgId, marks, run.now());
  const known = outlines.flatMap(({ xeroId }) => (xeroId === null ? [] : [{ kind, xeroId }]));
  await keepUnread(tx, scope, xeroOrgId, known, run.now());
  return unmarked(run, tx, kind, outlines);
}

async function unmarked(
  run: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  outlines: readonly WireOutline[],
): Promise<Difference[]> {
  const loose = outlines.filter((one) => markOf(kind, one).length === 0);
  return ofSomebodyHere(run, tx, kind, loose);
}

/**
 * Papers of a page that Bursar can't read and that are of somebody here, or may be: those in a form
 * that is new to us, and `unreadable` ones, whose state is.
 */
export function unreadOfPage(
  run: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  page: PaperPage,
  unreadable: readonly PaperKey[],
): Promise<Difference[]> {
  const ids = new Set(unreadable.map(({ xeroId }) => xeroId));
  const rows = page.rows.filter((row) => ids.has(keyOf(row).xeroId)).map(({ raw }) => raw);
  const outlines = [...rows, ...page.unreadable].map((json) => outlineOf(kind, json));
  return ofSomebodyHere(run, tx, kind, outlines);
}

async function ofSomebodyHere(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  outlines: readonly WireOutline[],
): Promise<Difference[]> {
  const sales = outlines.filter(mayBeSale);
  if (sales.length === 0) return [];
  const contactIds = sales.flatMap(({ contactId }) => contactId ?? []);
  const contactOf = await paperContacts(tx, scope, xeroOrgId, contactIds);
  return sales.flatMap((outline) => {
    if (outline.contactId === null) return [unreadPaper(kind, outline, null)];
    const link = contactOf.get(outline.contactId)?.link;
    return link ? [unreadPaper(kind, outline, link.papersFor ?? link.partyId)] : [];
  });
}

function markOf(kind: DocumentKind, outline: WireOutline): PaperMark[] {
  const { xeroId, contactId, updatedAt: changedAt } = outline;
  if (xeroId === null || contactId === null || changedAt === null) return [];
  return [{ kind, xeroId, contactId, isSale: mayBeSale(outline), changedAt }];
}

/** Where not even the side can be read, it may be. */
function mayBeSale({ type }: WireOutline): boolean {
  return type === null || isSale({ Type: type });
}
