import type { PartyId } from '#contract/ids';
import { IDS_PER_READ, type WireContact } from '#xero/index';
import { driftReason } from '../drift/drift-words.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import type { Party } from '../parties/party.ts';
import { applyContacts } from '../pull/pull-contacts.ts';
import { fieldsOfContact, fieldsOfParty } from '../push/contact-mapping.ts';
import { readContacts } from '../push/find-contacts.ts';
import { goneWords } from '../push/push-outcome.ts';
import { threeWay } from '../push/three-way.ts';
import { type ItemChange, itemsOf, saveItems } from './item-store.ts';
import { type Item, type Run, unlinkedWords } from './run.ts';
import { lockRun } from './run-store.ts';

/**
 * Compares the next fifty learners of a run with their contacts as they are now, and lets those be
 * sent that differ, were blocked, or have no contact yet. Answers whether no learner is left. Where
 * the run is over by the time Xero has answered, everybody has an outcome already, which stays.
 */
export async function resyncLearners(laneRun: LaneRun, run: Run): Promise<boolean> {
  const { deps, scope, xeroOrgId } = laneRun;
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
    const still = await lockRun(tx, scope, run.id);
    if (still?.state !== 'running' && still?.state !== 'paused') return false;
    const ids = items.map((item) => item.subjectId as PartyId);
    const parties = await deps.parties.getMany(tx, scope, ids);
    const partyOf = new Map<string, Party>(parties.map((party) => [party.id, party]));
    const now = await linksOfParties(tx, scope, xeroOrgId, ids);
    const linkOf = new Map<string, ContactLink>(now.map((link) => [link.partyId, link]));
    const toSend: ContactLink[] = [];
    const changes = items.map((item): ItemChange => {
      const link = linkOf.get(item.subjectId);
      const party = partyOf.get(item.subjectId);
      if (!party) return over(item, 'skipped', unlinkedWords.gone);
      if (!link || link.standing === null) {
        const { elsewhere, off } = unlinkedWords;
        return over(item, 'skipped', party.syncToXero ? elsewhere : off);
      }
      const verdict = judge(item, link, party, contacts.get(link.contactId ?? ''));
      if (verdict.stage === 'sent') {
        toSend.push({ ...link, standing: 'waiting', reasons: [], nextAttemptAt: laneRun.now() });
      }
      return verdict;
    });
    await saveLinks(tx, scope, toSend);
    await saveItems(tx, scope, run.id, changes);
    return items.length < IDS_PER_READ;
  });
}

function judge(
  item: Item,
  link: ContactLink,
  party: Party,
  contact: WireContact | undefined,
): ItemChange {
  if (link.standing === 'undecided') return over(item, 'failed', link.reasons.join(' '));
  if (link.contactId === null) return { ...item, stage: 'sent', aim: 'added' };
  if (!contact) return over(item, 'failed', goneWords[link.partyKind]);
  if (link.contactStatus !== 'active') return over(item, 'failed', link.reasons.join(' '));
  const isBehind = link.standing !== 'in-step';
  return isBehind || differs(link, party, contact)
    ? { ...item, stage: 'sent', aim: 'changed' }
    : over(item, 'unchanged', driftReason(link.drift));
}

function differs(link: ContactLink, party: Party, contact: WireContact): boolean {
  const ours = fieldsOfParty(party, link.bearsNumber);
  const { send } = threeWay(link.base ?? ours, ours, fieldsOfContact(contact));
  return Object.keys(send).length > 0;
}

function over(item: Item, outcome: NonNullable<Item['outcome']>, reason: string | null) {
  return { ...item, stage: 'done' as const, outcome, reason: reason || null };
}
