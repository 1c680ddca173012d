import { MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { IDS_PER_READ, ROWS_PER_PAGE } from '#xero/index';
import { asideOf } from '../lane/aside.ts';
import { noticesToWalk } from '../lane/lane-plan.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { isAnybodyUnmatched } from '../matching/matching-store.ts';
import { readContacts } from '../push/find-contacts.ts';
import { sweepSoon } from './cursor-store.ts';
import { removeNotices, type WaitingNotice, waitingNotices } from './notice-store.ts';
import { applyContacts } from './pull-contacts.ts';

/** A sweep settles within this time what happened in the second of our own writes. */
const DOUBT_WAIT_MS = 10 * MINUTE_MS;
/** So long changes of contacts that are nobody's are gathered, to be read by one call. */
const STRANGERS_WAIT_MS = 5 * MINUTE_MS;

/**
 * Follows up what Xero said about contacts: reads the linked ones as they are now. Few are read by
 * their ids, many by one walk over what changed, which takes their notices along.
 */
export async function pullContacts(run: LaneRun): Promise<void> {
  const { scope, xeroOrgId } = run;
  const telling = await run.record(async (tx, lane) => {
    const news = await newsAmong(run, tx, ROWS_PER_PAGE);
    const fresh = news.filter(({ attempts }) => attempts === 0);
    const mayWalk = !('sweep contacts' in asideOf(lane));
    if (fresh.length <= noticesToWalk('contact') || !mayWalk) return news.slice(0, IDS_PER_READ);
    await sweepSoon(tx, scope, xeroOrgId, ['contacts'], run.now());
    return [];
  });
  if (telling.length === 0) return;
  const ids = telling.map((notice) => notice.resourceId);
  const contacts = await readContacts(run.client('background'), ids);
  await applyContacts(run, [...contacts.values()], (tx) =>
    removeNotices(tx, scope, xeroOrgId, telling),
  );
}

/** Those of the notices that wait which tell us anything; the others are done with. */
async function newsAmong(run: LaneRun, tx: Tx, atMost: number): Promise<WaitingNotice[]> {
  const { scope, xeroOrgId } = run;
  const notices = await waitingNotices(tx, scope, xeroOrgId, 'contact', atMost);
  const ids = notices.map((notice) => notice.resourceId);
  const links = await linksOfContacts(tx, scope, xeroOrgId, ids);
  const linkOf = new Map(links.map((link) => [link.contactId, link]));
  const strangersMatter = await isAnybodyUnmatched(tx, scope, xeroOrgId);
  const news = notices.filter((notice) => {
    const link = linkOf.get(notice.resourceId);
    return link ? isNews(notice, link) : strangersMatter;
  });
  if (notices.some((notice) => isOfSameSecond(notice, linkOf.get(notice.resourceId)))) {
    await sweepSoon(tx, scope, xeroOrgId, ['contacts'], plus(run.now(), DOUBT_WAIT_MS));
  }
  if (!strangersMatter && notices.some((notice) => !linkOf.has(notice.resourceId))) {
    await sweepSoon(tx, scope, xeroOrgId, ['contacts'], plus(run.now(), STRANGERS_WAIT_MS));
  }
  const told = new Set(news);
  const known = notices.filter((notice) => !told.has(notice));
  await removeNotices(tx, scope, xeroOrgId, known);
  return news;
}

/**
 * Whether a notice tells us anything: our own writes come back as notices of what we know already.
 * Both sides are exact to the second only. Contacts of nobody here matter only while somebody is to
 * be matched; else one sweep a few minutes later reads whatever changed meanwhile.
 */
function isNews(notice: WaitingNotice, link: ContactLink): boolean {
  const known = link.contactChangedAt;
  return known === null || seconds(notice.eventAt) > seconds(known);
}

/**
 * A notice of the very second of our own write is nearly always that write; but a bookkeeper may
 * have edited in the same second. One sweep a little later settles all such doubts in one call.
 */
function isOfSameSecond(notice: WaitingNotice, link: ContactLink | undefined): boolean {
  const known = link?.contactChangedAt ?? null;
  return known !== null && seconds(notice.eventAt) === seconds(known);
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1_000);
}
