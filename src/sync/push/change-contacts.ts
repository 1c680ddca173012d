import { plus, SECOND_MS } from '#platform/clock';
import { inPortions } from '#platform/in-portions';
import { IDS_PER_READ, type WireContact } from '#xero/index';
import { type Accepted, acceptedAsFound, DRIFT_FIELDS } from '../drift/judge.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { pageOfWaiting } from '../links/waiting-page-store.ts';
import { applyContacts } from '../pull/pull-contacts.ts';
import { readPageOf } from '../pull/read-page.ts';
import { allAtOnce } from './all-at-once.ts';
import { type ContactFields, fieldsOfContact } from './contact-mapping.ts';
import { sameValue } from './field-value.ts';
import { readContacts } from './find-contacts.ts';
import { type ActSize, loadItemsOf } from './load-items.ts';
import { baseWithOffered } from './offered.ts';
import { archivedWords, erasingWords, goneWords, type PushOutcome } from './push-outcome.ts';
import { type PushItem, type PushResult, recordOutcomes, urgencyOf } from './record-outcomes.ts';
import { type UpdateItem, updateContacts } from './send-contacts.ts';
import { baseForAdopted, threeWay } from './three-way.ts';

/** Contacts that are looked at by their ids in one act: two reads of fifty. */
const CHANGES_BY_IDS = 2 * IDS_PER_READ;

/**
 * Brings contacts that exist up to date, after a look at what the bookkeeper made of them: right
 * before they are written, or something that was typed in between would be overwritten unseen.
 * Where a page of Xero's list holds more of them than are looked at by id, as after an approval of
 * thousands, such a page is read.
 */
export async function changeContacts(
  run: LaneRun,
  items: readonly PushItem[],
  size: ActSize,
): Promise<void> {
  const unchanged = items.filter(hasNothingToSend);
  await recordOutcomes(run, unchanged.map(alreadyInStep));
  const same = new Set(unchanged);
  const differing = items.filter((item) => !same.has(item));
  if (differing.length === 0) return;
  const client = run.client(urgencyOf(differing));
  const page = await lookByPage(run, differing, size);
  const onPage = new Set(page.items.map(({ party }) => party.id));
  // Whoever is not looked at is still due, so the next act goes on with them.
  const others = differing
    .filter(({ party }) => !onPage.has(party.id))
    .slice(0, Math.max(0, CHANGES_BY_IDS - page.items.length));
  const ids = others.flatMap(({ link }) => link.contactId ?? []);
  const contacts = new Map([...page.contacts, ...(await readContacts(client, ids))]);
  const looked = [...page.items, ...others];
  const wanted = new Set(looked.map(({ link }) => link.contactId));
  const merged = [...contacts.values()].filter(
    (contact) => contact.MergedToContactID !== null && wanted.has(contact.ContactID),
  );
  // Who waits for the contact waits for what it was merged into.
  const followed = await applyContacts({ ...run, client: () => client }, merged);

  const updates: UpdateItem[] = [];
  const results: PushResult[] = [];
  for (const item of looked) {
    const contact = contacts.get(item.link.contactId ?? '');
    if (contact && followed.has(contact.ContactID)) continue;
    const next = nextStep(item, contact);
    if ('merge' in next) updates.push(next);
    else results.push(next);
  }
  await recordOutcomes(run, results);
  const batches = inPortions(updates, size.rowsPerCall);
  await allAtOnce(batches, (batch) => updateContacts(run, batch));
}

interface Looked {
  items: PushItem[];
  contacts: ReadonlyMap<string, WireContact>;
}

/** Whoever of all that wait is on the page that begins with the one unchanged for the longest. */
async function lookByPage(
  run: LaneRun,
  differing: readonly PushItem[],
  size: ActSize,
): Promise<Looked> {
  const none = { items: [], contacts: new Map() };
  // Whom somebody waits for goes by id, and does not wait for a page.
  const isWorthAsking = differing.length > CHANGES_BY_IDS && urgencyOf(differing) === 'background';
  if (!isWorthAsking) return none;
  const wanted = await run.record((tx) => pageOfWaiting(tx, run.scope, run.xeroOrgId, run.now()));
  if (wanted === null || wanted.waiting <= CHANGES_BY_IDS) return none;
  const client = run.client('background');
  const walk = { position: plus(wanted.since, -SECOND_MS), page: 1 };
  const { rows } = await readPageOf(run, 'contacts', walk, (query) =>
    client.contacts({ ...query, includeArchived: true }),
  );
  const contacts = new Map(rows.map((contact) => [contact.ContactID, contact]));
  const items = await loadItemsOf(run, [...contacts.keys()], size);
  const isReady = (item: PushItem) => item.party.gaps.length === 0 && !hasNothingToSend(item);
  return { items: items.filter(isReady), contacts };
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
