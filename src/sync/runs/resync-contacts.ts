import type { Tx } from '#platform/database';
import { IDS_PER_READ } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import type { Lane } from '../lane/lane-store.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { countContacts } from '../matching/contact-store.ts';
import { BEGINNING, walkOn } from '../pull/list-walk.ts';
import { pageSizesOf, rowsPerPage } from '../pull/page-size.ts';
import { applyContacts } from '../pull/pull-contacts.ts';
import { readPageOf } from '../pull/read-page.ts';
import { compareLearners, lockOpenRun } from './compare-learners.ts';
import { countOpenLinked, openAmong } from './item-store.ts';
import type { Run } from './run.ts';
import { changeRun } from './run-store.ts';

/** Pages are larger and slower than reads by ids, so they have to be this many times fewer. */
const WORTH_PAGES = 2;

/**
 * Whether all contacts of the organisation, by pages, take clearly fewer calls than those of the
 * run's learners by their ids.
 */
export async function arePagesCheaper(
  laneRun: LaneRun,
  tx: Tx,
  lane: Lane,
  run: Run,
): Promise<boolean> {
  const { scope, xeroOrgId } = laneRun;
  const linked = await countOpenLinked(tx, scope, run.id, xeroOrgId);
  const rows = rowsPerPage(pageSizesOf(lane), 'contacts', laneRun.now());
  const pages = Math.ceil((await countContacts(tx, scope, xeroOrgId)) / rows);
  return WORTH_PAGES * Math.max(1, pages) < Math.ceil(linked / IDS_PER_READ);
}

/**
 * Reads the next page of all contacts, changed or not, and compares whoever of the run has one on
 * it. It walks by instant as sweeps do, so that contacts edited meanwhile are met. Whoever is open
 * after the last page has no contact, or one that the walk did not meet: they come by their ids.
 */
export async function resyncContacts(laneRun: LaneRun, run: Run): Promise<void> {
  const { scope, xeroOrgId } = laneRun;
  const walk = run.contactWalk ?? BEGINNING;
  const client = laneRun.client('background');
  const page = await readPageOf(laneRun, 'contacts', walk, (query) =>
    client.contacts({ ...query, includeArchived: true }),
  );
  await applyContacts(laneRun, page.rows);
  const next = walkOn(walk, page);
  await laneRun.record(async (tx) => {
    if ((await lockOpenRun(tx, laneRun, run)) === null) return;
    const contacts = new Map(page.rows.map((contact) => [contact.ContactID, contact]));
    const ids = new Set(contacts.keys());
    const links = await linksOfContacts(tx, scope, xeroOrgId, [...ids]);
    const partyIds = links.map((link) => link.partyId);
    const items = await openAmong(tx, scope, run.id, partyIds);
    await compareLearners(laneRun, tx, run, items, { ids, contacts });
    const further = next ? { walk: JSON.stringify(next) } : { walk: null, step: 'learners' };
    await changeRun(tx, scope, run.id, further);
  });
}
