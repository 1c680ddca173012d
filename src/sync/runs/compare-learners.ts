import type { PartyId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { WireContact } from '#xero/index';
import { driftReason } from '../drift/drift-words.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import type { Party } from '../parties/party.ts';
import { fieldsOfContact, fieldsOfParty } from '../push/contact-mapping.ts';
import { goneWords } from '../push/push-outcome.ts';
import { threeWay } from '../push/three-way.ts';
import { type ItemChange, saveItems } from './item-store.ts';
import { type Item, type Run, unlinkedWords } from './run.ts';
import { lockRun } from './run-store.ts';

/** Contacts that were just asked for, and those of them that Xero has. */
interface Asked {
  ids: ReadonlySet<string>;
  contacts: ReadonlyMap<string, WireContact>;
}

/** The run, locked; null where it is over by now: then everybody has an outcome, which stays. */
export async function lockOpenRun(tx: Tx, { scope }: LaneRun, { id }: Run): Promise<Run | null> {
  const run = await lockRun(tx, scope, id);
  return run?.state === 'running' || run?.state === 'paused' ? run : null;
}

/**
 * Compares learners of a run with their contacts as just read, and lets those be sent that differ,
 * were blocked, or have no contact yet. Whoever has another contact by now, as after a merge in
 * Xero, stays open. Answers how many do not.
 */
export async function compareLearners(
  laneRun: LaneRun,
  tx: Tx,
  run: Run,
  items: readonly Item[],
  { ids, contacts }: Asked,
): Promise<number> {
  const { deps, scope, xeroOrgId } = laneRun;
  const partyIds = items.map((item) => item.subjectId as PartyId);
  const parties = await deps.parties.getMany(tx, scope, partyIds);
  const partyOf = new Map<string, Party>(parties.map((party) => [party.id, party]));
  const links = await linksOfParties(tx, scope, xeroOrgId, partyIds);
  const linkOf = new Map<string, ContactLink>(links.map((link) => [link.partyId, link]));
  const toSend: ContactLink[] = [];
  const changes = items.flatMap((item): ItemChange[] => {
    const link = linkOf.get(item.subjectId);
    const party = partyOf.get(item.subjectId);
    if (!party) return [over(item, 'skipped', unlinkedWords.gone)];
    if (!link || link.standing === null) {
      const { elsewhere, off } = unlinkedWords;
      return [over(item, 'skipped', party.syncToXero ? elsewhere : off)];
    }
    if (link.contactId !== null && !ids.has(link.contactId)) return [];
    const verdict = judge(item, link, party, contacts.get(link.contactId ?? ''));
    if (verdict.stage === 'sent') {
      toSend.push({ ...link, standing: 'waiting', reasons: [], nextAttemptAt: laneRun.now() });
    }
    return [verdict];
  });
  await saveLinks(tx, scope, toSend);
  await saveItems(tx, scope, run.id, changes);
  return changes.length;
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
