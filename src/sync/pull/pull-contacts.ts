import { isDeepStrictEqual } from 'node:util';
import type { LearnerId, PartyId } from '#contract/ids';
import { aboutParty, type BursarEvent } from '#events/index';
import type { Tx } from '#platform/database';
import { foldNumber } from '#platform/folding';
import { announce } from '#platform/live-updates';
import { bearerOf, type WireContact } from '#xero/index';
import { oursByParty } from '../drift/ours.ts';
import { withDrift } from '../drift/with-drift.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { contactEvents, mergedEvent } from '../links/contact-events.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { afterNews, contactStatusOf } from '../links/contact-news.ts';
import { freshAmong } from '../links/fresh-contacts.ts';
import { linksOfContacts, linksOfParties, saveLinks } from '../links/link-store.ts';
import { takeContact } from '../links/merge-links.ts';
import { keepContacts } from '../matching/contact-store.ts';
import {
  contactsChanged,
  findMatching,
  isGateClosed,
  markMatched,
} from '../matching/matching-store.ts';
import type { Party } from '../parties/party.ts';
import { fieldsOfContact, fieldsOfParty } from '../push/contact-mapping.ts';
import { findSurvivors } from '../push/find-contacts.ts';
import { adopt, isTheirs } from '../push/found-contact.ts';
import { mergedIntoOther } from '../push/push-outcome.ts';
import { saysAll } from '../push/three-way.ts';
import { cursorOf } from './cursor-store.ts';
import { mergeNews, readMovedPapers } from './papers-of-merged.ts';

/**
 * Applies contacts as read to the links: status, what they say now, merges followed to the end.
 * A contact of nobody that bears the number of a learner who waits is linked. `alongside` is
 * written in the same transaction.
 *
 * @returns the ids of merged contacts that could be followed to the one that is left
 */
export async function applyContacts(
  run: LaneRun,
  contacts: readonly WireContact[],
  alongside: (tx: Tx) => Promise<void> = async () => undefined,
): Promise<ReadonlySet<string>> {
  const merged = await linkedAmong(
    run,
    contacts.filter((contact) => contact.MergedToContactID !== null),
  );
  const survivors = await findSurvivors(run.client('background'), merged);
  await run.record(async (tx, lane) => {
    const { scope, xeroOrgId } = run;
    const ids = contacts.map((contact) => contact.ContactID);
    const isFirst = lane.contacts_known_at === null;
    const fresh = await freshAmong(tx, scope, xeroOrgId, isFirst ? [] : ids);
    // At a first reading nobody is linked yet; connected anew, links are left of the time before.
    const merges = await mergeNews(run, tx, contacts);
    const differing = await keepContacts(tx, scope, xeroOrgId, contacts);
    await contactsChanged(tx, scope, xeroOrgId, differing);
    const others = contacts.filter((contact) => contact.MergedToContactID === null);
    const links = await linksOfContacts(
      tx,
      scope,
      xeroOrgId,
      others.map((contact) => contact.ContactID),
    );
    const linkOf = new Map(links.map((link) => [link.contactId, link]));
    const [changed, told]: [ContactLink[], BursarEvent[]] = [[], []];
    const news = others.flatMap((contact) => {
      const link = linkOf.get(contact.ContactID);
      return link && !isKnown(link, contact) ? { link, contact } : [];
    });
    const oursOf = await oursByParty(
      run.deps,
      tx,
      scope,
      news.map(({ link }) => link),
    );
    for (const { link, contact } of news) {
      const read = afterNews(link, contact, run.now());
      const ours = oursOf.get(link.partyId);
      const after = ours ? withDrift(read, ours.fields) : read;
      changed.push(after);
      told.push(...contactEvents(link, after));
    }
    await saveLinks(tx, scope, changed);
    await run.deps.events.append(tx, scope, ...told);
    const found = await linkByNumber(
      run,
      tx,
      others.filter((contact) => !linkOf.has(contact.ContactID)),
      fresh,
    );
    const moved = await followMerges(run, tx, survivors);
    await readMovedPapers(run, tx, merges);
    await announceLinks(run, tx, [...changed, ...found, ...moved]);
    await alongside(tx);
  });
  return new Set(survivors.keys());
}

/** Sweeps overlap, so most of what they read of linked contacts is nothing new. */
function isKnown(link: ContactLink, contact: WireContact): boolean {
  const { updatedAt } = contact;
  // Not every change in Xero moves the date of change, nor does one within the same millisecond.
  return (
    updatedAt !== null &&
    updatedAt.getTime() === link.contactChangedAt?.getTime() &&
    contactStatusOf(contact) === link.contactStatus &&
    isDeepStrictEqual(fieldsOfContact(contact), link.seen)
  );
}

async function linkedAmong(run: LaneRun, contacts: WireContact[]): Promise<WireContact[]> {
  if (contacts.length === 0) return [];
  const links = await run.record((tx) =>
    linksOfContacts(
      tx,
      run.scope,
      run.xeroOrgId,
      contacts.map((contact) => contact.ContactID),
    ),
  );
  const linked = new Set(links.map((link) => link.contactId));
  return contacts.filter((contact) => linked.has(contact.ContactID));
}

async function announceLinks(run: LaneRun, tx: Tx, links: readonly ContactLink[]): Promise<void> {
  if (links.length === 0) return;
  const ids = links.map((link) => link.partyId);
  await announce(tx, run.scope.providerId, 'sync', ids);
}

/**
 * Links contacts of nobody to learners who wait for one and whose number they bear. Who is still to
 * be matched is left to that, unless the contact is new and says all that would be sent: then it was
 * sent, by this Bursar before its database was put back.
 */
async function linkByNumber(
  run: LaneRun,
  tx: Tx,
  contacts: readonly WireContact[],
  fresh: ReadonlySet<string>,
): Promise<ContactLink[]> {
  const { deps, scope, xeroOrgId } = run;
  const numbered = contacts.filter(({ ContactNumber }) => ContactNumber !== null);
  const byNumber = Map.groupBy(numbered, (contact) => foldNumber(contact.ContactNumber ?? ''));
  const named = await deps.parties.findByNumbers(tx, scope, [...byNumber.keys()]);
  const links = await linksOfParties(
    tx,
    scope,
    xeroOrgId,
    named.map((party) => party.id),
  );
  const waiting = links.filter((link) => link.contactId === null && link.standing !== null);
  const isGateOpen =
    waiting.some((link) => link.isMatchDue) &&
    !isGateClosed(await findMatching(tx, scope, xeroOrgId));
  const parties = await deps.parties.getMany(
    tx,
    scope,
    waiting.map((link) => link.partyId),
  );
  const partyOf = new Map(parties.map((party) => [party.id, party]));
  const areRead = await arePapersRead(run, tx);
  const found: ContactLink[] = [];
  for (const link of waiting) {
    const party = partyOf.get(link.partyId);
    const alike = byNumber.get(foldNumber(party?.number ?? '')) ?? [];
    const contact = party && bearerOf(alike, party.number);
    if (!party || !contact) continue;
    const ours = fieldsOfParty(party, link.bearsNumber);
    const isNew = isGateOpen && fresh.has(contact.ContactID);
    if (link.isMatchDue && !(isNew && saysAll(fieldsOfContact(contact), ours))) continue;
    if (!link.isMatchDue && !isTheirs(link, party, contact)) continue;
    const linked = adopt(link, party, contact, 'found', run.now());
    const papersDue = areRead && !fresh.has(contact.ContactID);
    found.push({ ...afterNews(linked, contact, run.now()), papersDue });
  }
  await saveLinks(tx, scope, found);
  const matched = found.filter((link) => link.isMatchDue).map((link) => link.partyId);
  await markMatched(tx, scope, xeroOrgId, matched);
  await deps.events.append(tx, scope, ...found.map((link) => linkedEvent(link, 'found')));
  return found;
}

/** Whether invoices were read before, so that a new link's own have to be fetched. */
async function arePapersRead(run: LaneRun, tx: Tx): Promise<boolean> {
  const cursor = await cursorOf(tx, run.scope, run.xeroOrgId, 'invoices');
  return cursor.readUntil !== null || cursor.position !== null;
}

/**
 * Lets links follow their merged contacts, unless another learner has the one that is left. Whoever
 * was merged here into the learner who follows gives it to them, as at a merge that comes later.
 */
async function followMerges(
  run: LaneRun,
  tx: Tx,
  survivors: ReadonlyMap<string, WireContact>,
): Promise<ContactLink[]> {
  const { deps, scope, xeroOrgId } = run;
  const moved: ContactLink[] = [];
  const events: BursarEvent[] = [];
  for (const [from, survivor] of survivors) {
    const [link] = await linksOfContacts(tx, scope, xeroOrgId, [from]);
    if (!link) continue;
    const [holder] = await linksOfContacts(tx, scope, xeroOrgId, [survivor.ContactID]);
    const party = await deps.parties.get(tx, scope, holder ? nameable(holder, link) : link.partyId);
    if (party && holder?.papersFor === link.partyId) {
      events.push(
        mergedEvent(link),
        linkedEvent({ ...link, contactId: holder.contactId }, 'adopted'),
      );
      moved.push(link);
      await saveLinks(tx, scope, [{ ...link, contactStatus: 'merged' }]);
      const from = { id: party.id as LearnerId, number: party.number };
      const to = holder.papersFor;
      await takeContact(tx, scope, xeroOrgId, { from, to, now: run.now() });
      continue;
    }
    // The overlap of sweeps meets a merged contact again and again.
    if (!party || (holder && isToldOf(link, party))) continue;
    const after = holder
      ? undecided(link, party)
      : adopt(link, party, survivor, 'moved', run.now());
    if (!holder || link.contactStatus !== 'merged') events.push(mergedEvent(link));
    if (!holder) events.push(linkedEvent(after, 'adopted'));
    moved.push(after);
    // At once: the next link may have been merged into the same contact.
    await saveLinks(tx, scope, holder ? [after, { ...holder, papersDue: true }] : [after]);
  }
  await deps.events.append(tx, scope, ...events);
  return moved;
}

/** Who is named to whoever's contact went: not somebody who was merged here, but who took them in. */
function nameable({ partyId, papersFor }: ContactLink, link: ContactLink): PartyId {
  return papersFor === null || papersFor === link.partyId ? partyId : papersFor;
}

function isToldOf({ partyKind, contactStatus, reasons }: ContactLink, holder: Party): boolean {
  const told = mergedIntoOther(partyKind, holder);
  return contactStatus === 'merged' && reasons.includes(told);
}

function undecided(link: ContactLink, holder: Party): ContactLink {
  return {
    ...link,
    contactStatus: 'merged',
    standing: link.standing === null ? null : 'undecided',
    reasons: [mergedIntoOther(link.partyKind, holder)],
  };
}

function linkedEvent(link: ContactLink, how: 'found' | 'adopted'): BursarEvent {
  const { xeroOrgId, contactId } = link;
  const about = { ...aboutParty(link), xeroOrgId };
  return { kind: 'contact.linked', ...about, contactId: contactId ?? '', how };
}
