import type { LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { IDS_PER_READ, type WireContact } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfLearners, saveLinks } from '../links/link-store.ts';
import { applyContacts } from '../pull/pull-contacts.ts';
import { fieldsOfContact, fieldsOfLearner } from '../push/contact-mapping.ts';
import { readContacts } from '../push/find-contacts.ts';
import { goneWords } from '../push/push-outcome.ts';
import { threeWay } from '../push/three-way.ts';
import { type ItemChange, itemsOf, saveItems } from './item-store.ts';
import type { Item, Run } from './run.ts';

/**
 * Compares the next fifty learners of a run with their contacts as they are now, and lets those be
 * sent that differ, were blocked, or have no contact yet. Answers whether no learner is left.
 */
export async function resyncLearners(laneRun: LaneRun, run: Run): Promise<boolean> {
  const { deps, scope, xeroOrgId } = laneRun;
  const { items, links } = await laneRun.record(async (tx) => {
    const open = await itemsOf(tx, scope, run.id, 'open', IDS_PER_READ);
    const ids = open.map((item) => item.subjectId as LearnerId);
    return { items: open, links: await linksOfLearners(tx, scope, xeroOrgId, ids) };
  });
  if (items.length === 0) return true;
  const contactIds = links.flatMap((link) => link.contactId ?? []);
  const contacts = await readContacts(laneRun.client('background'), contactIds);
  await applyContacts(laneRun, [...contacts.values()]);
  await laneRun.record(async (tx) => {
    const ids = items.map((item) => item.subjectId as LearnerId);
    const learners = await deps.learners.getMany(tx, scope, ids);
    const learnerOf = new Map<string, Learner>(learners.map((learner) => [learner.id, learner]));
    const now = await linksOfLearners(tx, scope, xeroOrgId, ids);
    const linkOf = new Map<string, ContactLink>(now.map((link) => [link.learnerId, link]));
    const toSend: ContactLink[] = [];
    const changes = items.map((item): ItemChange => {
      const link = linkOf.get(item.subjectId);
      const learner = learnerOf.get(item.subjectId);
      if (!learner) return over(item, 'skipped', 'The learner is no longer here.');
      if (!link || link.standing === null) return over(item, 'skipped', 'Sync to Xero is off.');
      const verdict = judge(item, link, learner, contacts.get(link.contactId ?? ''));
      if (verdict.stage === 'sent') {
        toSend.push({ ...link, standing: 'waiting', reasons: [], nextAttemptAt: laneRun.now() });
      }
      return verdict;
    });
    await saveLinks(tx, scope, toSend);
    await saveItems(tx, scope, run.id, changes);
  });
  return items.length < IDS_PER_READ;
}

function judge(
  item: Item,
  link: ContactLink,
  learner: Learner,
  contact: WireContact | undefined,
): ItemChange {
  if (link.standing === 'undecided') return over(item, 'failed', link.reasons.join(' '));
  if (link.contactId === null) return { ...item, stage: 'sent', aim: 'added' };
  if (!contact) return over(item, 'failed', goneWords);
  if (link.contactStatus !== 'active') return over(item, 'failed', link.reasons.join(' '));
  const isBehind = link.standing !== 'in-step';
  return isBehind || differs(link, learner, contact)
    ? { ...item, stage: 'sent', aim: 'changed' }
    : over(item, 'unchanged', null);
}

function differs(link: ContactLink, learner: Learner, contact: WireContact): boolean {
  const ours = fieldsOfLearner(learner, link.bearsNumber);
  const { send } = threeWay(link.base ?? ours, ours, fieldsOfContact(contact));
  return Object.keys(send).length > 0;
}

function over(item: Item, outcome: NonNullable<Item['outcome']>, reason: string | null) {
  return { ...item, stage: 'done' as const, outcome, reason: reason || null };
}
