import type { PartyId } from '#contract/ids';
import { IDS_PER_READ } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { linksOfParties } from '../links/link-store.ts';
import { applyContacts } from '../pull/pull-contacts.ts';
import { readContacts } from '../push/find-contacts.ts';
import { compareLearners, lockOpenRun } from './compare-learners.ts';
import { itemsOf } from './item-store.ts';
import type { Run } from './run.ts';

/**
 * Compares the next fifty learners of a run with their contacts, asked for by their ids. Answers
 * whether no learner is left.
 */
export async function resyncLearners(laneRun: LaneRun, run: Run): Promise<boolean> {
  const { scope, xeroOrgId } = laneRun;
  const { items, links } = await laneRun.record(async (tx) => {
    const open = await itemsOf(tx, scope, run.id, 'open', IDS_PER_READ);
    const ids = open.map((item) => item.subjectId as PartyId);
    return { items: open, links: await linksOfParties(tx, scope, xeroOrgId, ids) };
  });
  if (items.length === 0) return true;
  const contactIds = links.flatMap((link) => link.contactId ?? []);
  const contacts = await readContacts(laneRun.client('background'), contactIds);
  await applyContacts(laneRun, [...contacts.values()]);
  return laneRun.record(async (tx) => {
    if ((await lockOpenRun(tx, laneRun, run)) === null) return false;
    const asked = { ids: new Set(contactIds), contacts };
    const settled = await compareLearners(laneRun, tx, run, items, asked);
    return settled === items.length && items.length < IDS_PER_READ;
  });
}
