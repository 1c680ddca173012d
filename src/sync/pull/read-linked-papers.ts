import { z } from 'zod';
import { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import { announce } from '#platform/live-updates';
import { CREDITS_PER_READ, isFilterRefused, type Urgency, type WirePage } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { type Lane, noteOnLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfContacts, linksToRead, saveLinks } from '../links/link-store.ts';
import { withMerged } from '../matching/merged-contacts.ts';
import { type Cursor, cursorsOf, sweepSoon } from './cursor-store.ts';
import { PaperWalk, walkAfter, walkOf } from './list-walk.ts';
import type { WirePaper } from './mirror-documents.ts';
import { followMovedPapers } from './moved-papers.ts';
import { mirrorDocuments } from './pull-documents.ts';
import { readPageOf } from './read-page.ts';
import { pageOfPapers } from './read-papers.ts';

/** A reading of the papers of some contacts that is on, as its lane keeps it. */
const PaperReading = z.object({
  contactIds: z.array(z.string()),
  /** Which of them is asked for by itself; null: all at once. */
  alone: z.int().nullable(),
  /** Someone waits for it in front of a page. */
  isForPerson: z.boolean(),
  kinds: z.array(DocumentKind),
  walk: PaperWalk,
});
type PaperReading = z.infer<typeof PaperReading>;

/** The reading that is on; null: none. */
export function readingOf(lane: Pick<Lane, 'paper_reading'>): PaperReading | null {
  return PaperReading.nullable().parse(lane.paper_reading);
}

/** Whether the papers of a link's contact are being read, or about to be. */
export function arePapersToCome(
  lane: Pick<Lane, 'paper_reading'>,
  { contactId, papersDue }: ContactLink,
): boolean {
  if (contactId === null) return false;
  return papersDue || (readingOf(lane)?.contactIds.includes(contactId) ?? false);
}

/**
 * Reads the papers of contacts that were linked after their papers had gone by, or for which
 * somebody asks. Page and place are recorded together, so that after a pause it goes on where it
 * was.
 */
export async function readLinkedPapers(run: LaneRun, urgency: Urgency): Promise<void> {
  let reading = await run.record(async (tx, lane) => readingOf(lane) ?? (await begin(run, tx)));
  // One by one they take many calls, between which others get their turn.
  do reading = reading && (await readPage(run, reading, urgency));
  while (reading?.alone === null);
}

/** Takes contacts up: whoever asks for their papers from now on has them read once more. */
async function begin(run: LaneRun, tx: Tx): Promise<PaperReading | null> {
  const { scope, xeroOrgId } = run;
  const { links, contactIds } = await takenUp(run, tx);
  const taken = links.map((link) => ({
    ...link,
    papersDue: false,
    isUrgent: link.isUrgent && link.standing === 'waiting',
  }));
  await saveLinks(tx, scope, taken);
  const kinds = kindsGoneBy(await cursorsOf(tx, scope, xeroOrgId));
  const [first] = kinds;
  const isForPerson = links.some((link) => link.isUrgent);
  const begun = { contactIds, alone: firstAlone(contactIds), isForPerson, kinds };
  const reading = first ? { ...begun, walk: walkOf(first) } : null;
  await save(run, tx, contactIds, reading);
  return reading;
}

/** As many as one call can be asked for, with the contacts that were merged into theirs; at least one. */
async function takenUp({ scope, xeroOrgId }: LaneRun, tx: Tx) {
  let links = await linksToRead(tx, scope, xeroOrgId, CREDITS_PER_READ);
  for (;;) {
    const own = links.flatMap((link) => link.contactId ?? []);
    const contactIds = await withMerged(tx, scope, xeroOrgId, own);
    const tooMany = contactIds.length - CREDITS_PER_READ;
    if (tooMany <= 0 || links.length <= 1) return { links, contactIds };
    links = links.slice(0, Math.max(1, links.length - tooMany));
  }
}

/** More than one call can be asked for are asked for one by one from the beginning. */
function firstAlone(contactIds: readonly string[]): number | null {
  return contactIds.length > CREDITS_PER_READ ? 0 : null;
}

async function readPage(
  run: LaneRun,
  reading: PaperReading,
  urgency: Urgency,
): Promise<PaperReading | null> {
  const { contactIds, alone, walk } = reading;
  const asked = alone === null ? contactIds : contactIds.slice(alone, alone + 1);
  try {
    const client = run.client(urgency);
    const page = await readPageOf(run, walk.kind, walk, (query) =>
      pageOfPapers(client, walk.kind, { contactIds: asked, ...query }),
    );
    await followMovedPapers(run, walk.kind, page.rows);
    const after = afterReading(reading, page);
    await run.record(async (tx) => {
      await mirrorDocuments(run, tx, walk.kind, page, { readsCredits: true });
      await save(run, tx, contactIds, after);
    });
    return after;
  } catch (error) {
    if (asked.length === 1 || !isFilterRefused(error)) throw error;
    // By one contact Xero filters credit notes however many there are.
    const after = { ...reading, alone: 0, walk: walkOf(walk.kind) };
    await run.record((tx) => save(run, tx, contactIds, after));
    return after;
  }
}

/**
 * Goes on with the next kind where Xero refuses one, so that nobody's other papers wait for it. What
 * was left out comes home by a walk over all of that kind, which waits by itself where it is refused.
 */
export async function skipRefusedPapers(run: LaneRun): Promise<void> {
  const { scope, xeroOrgId } = run;
  await run.record(async (tx, lane) => {
    const reading = readingOf(lane);
    if (!reading) return;
    const { kind } = reading.walk;
    const next = reading.kinds[reading.kinds.indexOf(kind) + 1];
    const alone = firstAlone(reading.contactIds);
    const after = next ? { ...reading, alone, walk: walkOf(next) } : null;
    await save(run, tx, reading.contactIds, after);
    await sweepSoon(tx, scope, xeroOrgId, [`all-${kind}s`], run.now());
  });
}

/** One page further; where they are read one by one, at the next of them. */
function afterReading(reading: PaperReading, page: WirePage<WirePaper>): PaperReading | null {
  const { contactIds, alone, kinds, walk } = reading;
  const next = walkAfter(walk, page, kinds);
  if (next?.kind === walk.kind) return { ...reading, walk: next };
  const isAnotherLeft = alone !== null && alone + 1 < contactIds.length;
  if (isAnotherLeft) return { ...reading, alone: alone + 1, walk: walkOf(walk.kind) };
  return next && { ...reading, alone: firstAlone(contactIds), walk: next };
}

async function save(
  run: LaneRun,
  tx: Tx,
  contactIds: readonly string[],
  reading: PaperReading | null,
): Promise<void> {
  const { scope, xeroOrgId, lease } = run;
  await noteOnLane(tx, scope, lease, { paper_reading: reading && jsonText(reading) });
  if (reading !== null) return;
  const read = await linksOfContacts(tx, scope, xeroOrgId, contactIds);
  const partyIds = read.map((link) => link.partyId);
  await announce(tx, scope.providerId, 'sync', partyIds);
}

/** Kinds whose first walk has not begun are left to it: it is to come by all of them anyway. */
function kindsGoneBy(cursors: readonly Cursor[]): DocumentKind[] {
  const untouched = new Set(cursors.filter(isUntouched).map((cursor) => cursor.resource));
  return DocumentKind.options.filter((kind) => !untouched.has(`${kind}s`));
}

function isUntouched({ readUntil, position, page }: Cursor): boolean {
  return readUntil === null && position === null && page === 1;
}
