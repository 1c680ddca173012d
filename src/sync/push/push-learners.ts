import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { IDS_PER_READ, ROWS_PER_PAGE, type WireContact } from '#xero/index';
import { type Accepted, acceptedAsFound, DRIFT_FIELDS } from '../drift/judge.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { type ContactLink, LOOK_UP_AFTER_MS } from '../links/contact-link.ts';
import { contactStatusOf } from '../links/contact-news.ts';
import { awaitingOthers } from '../links/handover-store.ts';
import { linksToPush, saveLinks } from '../links/link-store.ts';
import { CLOCK_DOUBT_MS } from '../pull/cursor-store.ts';
import { applyContacts } from '../pull/pull-contacts.ts';
import { allAtOnce } from './all-at-once.ts';
import { callsAtOnce, inBatches } from './batch-size.ts';
import { type ContactFields, fieldsOfContact, fieldsOfParty } from './contact-mapping.ts';
import { sameValue } from './field-value.ts';
import { findByNumbers, findChangedSince, readContacts } from './find-contacts.ts';
import { clashesWithin } from './names.ts';
import { baseWithOffered } from './offered.ts';
import { archivedWords, erasingWords, goneWords, type PushOutcome } from './push-outcome.ts';
import { type PushItem, type PushResult, recordOutcomes, urgencyOf } from './record-outcomes.ts';
import { createContacts, type UpdateItem, updateContacts } from './send-contacts.ts';
import { baseForAdopted, baseForFound, saysAll, threeWay } from './three-way.ts';

/** Contacts looked at before they are changed in one act: two reads of fifty ids, one write. */
const CHANGES_PER_ACT = 2 * IDS_PER_READ;
/** Above this, one page of what is new is cheaper than look-ups, twenty numbers a call. */
const MANY_UNCERTAIN = 20;

/**
 * Closes the gap of some links: looks for contacts that may exist after a lost answer, changes those
 * that do exist, creates the others. As many as one call carries, or several such batches at once
 * where calls are as large as they get and Xero is quick. Each outcome is recorded before the next
 * call, so that a crash at any point leaves rows from which the next run goes on.
 *
 * @returns whether the gap of anybody was closed, as far as it can be; false: it was only looked for
 *   what may exist, and to send is for the next act
 */
export async function pushLearners(run: LaneRun): Promise<boolean> {
  const { items, rowsPerCall } = await loadItems(run);
  const [uncertain, known] = split(items, ({ link }) => link.uncertainSince !== null);
  await lookUp(run, uncertain);

  const wanted = known.filter(({ link }) => link.standing === 'waiting');
  const [incomplete, ready] = split(wanted, ({ party }) => party.gaps.length > 0);
  await recordOutcomes(run, incomplete.map(blockedByGaps));
  const [there, fresh] = split(ready, ({ link }) => link.contactId !== null);
  await change(run, there);
  const batches = inBatches(withDistinctNames(fresh), rowsPerCall);
  await allAtOnce(batches, (batch) => createContacts(run, batch));
  return uncertain.length === 0;
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

interface Loaded {
  items: PushItem[];
  rowsPerCall: number;
}

function loadItems(run: LaneRun): Promise<Loaded> {
  const { deps, scope, xeroOrgId } = run;
  return run.record(async (tx, lane) => {
    const now = run.now();
    const size = { rows: lane.push_rows, isCareful: lane.push_careful };
    const rowsPerCall = Math.min(size.rows, deps.contactsPerCall);
    const calls = callsAtOnce(size, deps.contactsPerCall);
    const doubt = { now, limit: ROWS_PER_PAGE, inDoubtOnly: true };
    // In a pause the calls that are left are kept for people; else others fill the batch up.
    const isPaused = lane.paused_until !== null && lane.paused_until > now;
    const among = (all: ContactLink[]) => (isPaused ? all.filter((one) => one.isUrgent) : all);
    const inDoubt = among(await linksToPush(tx, scope, xeroOrgId, doubt));
    const due = { now, limit: rowsPerCall * calls };
    // One page tells of all that are in doubt, however small the batch has become by a lost answer.
    const links =
      inDoubt.length > 0
        ? inDoubt
        : await withoutAwaiting(run, tx, among(await linksToPush(tx, scope, xeroOrgId, due)));
    const parties = await deps.parties.getMany(
      tx,
      scope,
      links.map((link) => link.partyId),
    );
    const byId = new Map(parties.map((party) => [party.id, party]));
    const orphans = links.filter((link) => !byId.has(link.partyId));
    await saveLinks(
      tx,
      scope,
      orphans.map((link) => ({ ...link, standing: null })),
    );
    const items = links.flatMap((link): PushItem[] => {
      const party = byId.get(link.partyId);
      if (!party) return [];
      const { bearsNumber } = link;
      return [{ link, party, bearsNumber, fields: fieldsOfParty(party, bearsNumber) }];
    });
    return { items, rowsPerCall };
  });
}

/** Leaves out whom a merged learner's contact may be for: a second one would be made for them. */
async function withoutAwaiting(
  run: LaneRun,
  tx: Tx,
  links: readonly ContactLink[],
): Promise<ContactLink[]> {
  const { scope, xeroOrgId } = run;
  const fresh = links.filter(({ contactId }) => contactId === null);
  const ids = fresh.map(({ partyId }) => partyId);
  const awaiting = await awaitingOthers(tx, scope, xeroOrgId, ids);
  const [later, now] = split(links, ({ partyId }) => awaiting.has(partyId));
  const nextAttemptAt = plus(run.now(), LOOK_UP_AFTER_MS);
  await saveLinks(
    tx,
    scope,
    later.map((link) => ({ ...link, nextAttemptAt })),
  );
  return now;
}

function blockedByGaps(item: PushItem): PushResult {
  const reasons = item.party.gaps.map((gap) => gap.message);
  return { item, outcome: { kind: 'refused', reasons } };
}

function withDistinctNames(items: readonly PushItem[]): PushItem[] {
  const named = items.map(({ party, bearsNumber }) => ({ ...party, bearsNumber }));
  const clashing = clashesWithin(named);
  return items.map((item, index) => {
    const one = named[index];
    if (!one || !clashing.has(one)) return item;
    return { ...item, bearsNumber: true, fields: fieldsOfParty(item.party, true) };
  });
}

/** Finds out whether contacts were created by a request whose answer never came. */
async function lookUp(run: LaneRun, items: readonly PushItem[]): Promise<void> {
  if (items.length === 0) return;
  const found = await findUncertain(run, items);
  const results = items.flatMap((item): PushResult[] => {
    const contact = found.get(item.party.number.toLowerCase());
    // Whom this act could not ask for is still in doubt, so the next one goes on with them.
    if (contact === undefined) return [];
    return [{ item, outcome: contact ? foundOutcome(item, contact) : { kind: 'absent' } }];
  });
  await recordOutcomes(run, results);
}

/**
 * A lost answer leaves a whole batch in doubt: what came to exist since it was sent is read in a
 * page, and only those who are not there are asked for by number.
 */
async function findUncertain(
  run: LaneRun,
  items: readonly PushItem[],
): Promise<Map<string, WireContact | null>> {
  const client = run.client(urgencyOf(items));
  const since = items.flatMap(({ link }) => link.uncertainSince ?? []);
  const [first] = since.sort((a, b) => a.getTime() - b.getTime());
  const fresh: ReadonlyMap<string, WireContact | null> =
    items.length > MANY_UNCERTAIN && first
      ? await findChangedSince(client, plus(first, -CLOCK_DOUBT_MS))
      : new Map();
  const numbers = items.map((item) => item.party.number);
  const missing = numbers.filter((number) => !fresh.has(number.toLowerCase()));
  return new Map([...fresh, ...(await findByNumbers(client, missing))]);
}

function foundOutcome(item: PushItem, contact: WireContact): PushOutcome {
  const seen = fieldsOfContact(contact);
  const isOurs = saysAll(seen, item.fields);
  const base = baseWithOffered(baseForFound(item.fields, seen), item.link.offered, seen);
  return {
    kind: 'found',
    how: isOurs ? 'created' : 'found',
    contactId: contact.ContactID,
    base,
    accepted: acceptedAsFound(base, item.fields, seen),
    seen,
    changedAt: contact.updatedAt,
    contactStatus: contactStatusOf(contact),
  };
}

/** Brings contacts that exist up to date, after a look at what the bookkeeper made of them. */
async function change(run: LaneRun, items: readonly PushItem[]): Promise<void> {
  const unchanged = items.filter(hasNothingToSend);
  await recordOutcomes(run, unchanged.map(alreadyInStep));
  const same = new Set(unchanged);
  // The rest is still due, so the next act goes on with it.
  const differing = items.filter((item) => !same.has(item)).slice(0, CHANGES_PER_ACT);
  if (differing.length === 0) return;
  const ids = differing.flatMap(({ link }) => link.contactId ?? []);
  const client = run.client(urgencyOf(differing));
  const contacts = await readContacts(client, ids);
  const merged = [...contacts.values()].filter((contact) => contact.MergedToContactID !== null);
  // Who waits for the contact waits for what it was merged into.
  const followed = await applyContacts({ ...run, client: () => client }, merged);

  const updates: UpdateItem[] = [];
  const results: PushResult[] = [];
  for (const item of differing) {
    const contact = contacts.get(item.link.contactId ?? '');
    if (contact && followed.has(contact.ContactID)) continue;
    const next = nextStep(item, contact);
    if ('merge' in next) updates.push(next);
    else results.push(next);
  }
  await recordOutcomes(run, results);
  await updateContacts(run, updates);
}

/** By what Xero last said: then it is not asked anew, since nothing will be written. */
function hasNothingToSend({ link, fields }: PushItem): boolean {
  const { base, seen, contactStatus, offered } = link;
  if (base === null || contactStatus !== 'active') return false;
  // Xero may say what a write with a lost answer said.
  if (offered !== null) return false;
  return Object.keys(threeWay(base, fields, seen ?? base).send).length === 0;
}

/** Nothing has to be sent: both sides say the same. */
function inStep(
  { link, fields, bearsNumber }: PushItem,
  known: {
    contactId: string;
    seen: ContactFields;
    changedAt: Date | null;
    accepted?: Accepted;
  },
): PushOutcome {
  const { contactId, seen, changedAt, accepted = {} } = known;
  return {
    kind: 'in-step',
    how: 'updated',
    contactId,
    base: fields,
    seen,
    changedAt: changedAt ?? link.contactChangedAt,
    wasSent: false,
    bearsNumber,
    overwritten: [],
    accepted,
    left: DRIFT_FIELDS.filter((field) => !sameValue(fields[field], seen[field])),
  };
}

function alreadyInStep(item: PushItem): PushResult {
  const { contactId, seen, contactChangedAt } = item.link;
  const known = {
    contactId: contactId ?? '',
    seen: seen ?? item.fields,
    changedAt: contactChangedAt,
  };
  return { item, outcome: inStep(item, known) };
}

function nextStep(item: PushItem, contact: WireContact | undefined): UpdateItem | PushResult {
  const refused = (reason: string, contactStatus?: 'archived' | 'erasing'): PushResult => ({
    item,
    outcome: {
      kind: 'refused',
      reasons: [reason],
      ...(contactStatus ? { contactStatus } : {}),
    },
  });
  if (!contact || contact.MergedToContactID) return refused(goneWords[item.party.kind]);
  if (contact.ContactStatus === 'ARCHIVED') return refused(archivedWords, 'archived');
  if (contact.ContactStatus === 'GDPRREQUEST') return refused(erasingWords, 'erasing');
  const theirs = fieldsOfContact(contact);
  const { base: agreed, offered, replacesCode } = item.link;
  const base = agreed
    ? baseWithOffered(agreed, offered, theirs)
    : baseForAdopted(item.fields, theirs, replacesCode);
  const accepted = agreed ? {} : acceptedAsFound(base, item.fields, theirs);
  const merge = threeWay(base, item.fields, theirs);
  if (Object.keys(merge.send).length > 0) {
    return { ...item, contactId: contact.ContactID, theirs, base, accepted, merge };
  }
  const { ContactID: contactId, updatedAt: changedAt } = contact;
  return { item, outcome: inStep(item, { contactId, seen: theirs, changedAt, accepted }) };
}
