import { createHash } from 'node:crypto';
import {
  type ContactDraft,
  type OrgClient,
  type RowOutcome,
  type WireContact,
  XeroError,
  XeroRefusedError,
  XeroUncertainError,
} from '#xero/index';
import { type Accepted, acceptedAsFound } from '../drift/judge.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { noteOnLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { nextBatch, partsWithin, type Sent } from './batch-size.ts';
import { changeLinks } from './change-links.ts';
import { type ContactFields, draftOf, draftOfNew, fieldsOfContact } from './contact-mapping.ts';
import { sameValue } from './field-value.ts';
import { keyOfNew, keyOfNewRow, matchRows } from './match-rows.ts';
import { baseWithOffered } from './offered.ts';
import type { PushOutcome } from './push-outcome.ts';
import { causeOf, codeTakenWords, refusalReasons } from './push-outcome.ts';
import { type PushItem, type PushResult, recordOutcomes, urgencyOf } from './record-outcomes.ts';
import { stillToCreate } from './still-to-create.ts';
import type { Merge } from './three-way.ts';

/** Tries after which a repeated refusal stands. */
const LOOK_UPS_MAX = 3;

/** One kind of write: what is sent of an item, how, and what a row of the answer means. */
interface Write<Item extends PushItem> {
  kind: 'create' | 'update';
  draftOf(item: Item): ContactDraft;
  send(client: OrgClient, drafts: ContactDraft[], key: string): Promise<RowOutcome<WireContact>[]>;
  /** What an item and the row that tells of it have in common. */
  by: { item(item: Item): string; row(row: WireContact): string };
  outcomeOf(item: Item, row: RowOutcome<WireContact>): PushOutcome;
}

const creating: Write<PushItem> = {
  kind: 'create',
  draftOf: (item) => draftOfNew(item.fields),
  send: (client, drafts, key) => client.createContacts(drafts, key),
  by: { item: (item) => keyOfNew(item.fields), row: keyOfNewRow },
  outcomeOf: createdOutcome,
};

const updating: Write<UpdateItem> = {
  kind: 'update',
  draftOf: (item) => ({ ContactID: item.contactId, ...draftOf(item.merge.send) }),
  send: (client, drafts, key) =>
    client.updateContacts(drafts as (ContactDraft & { ContactID: string })[], key),
  by: { item: (item) => item.contactId, row: (row) => row.ContactID },
  outcomeOf: updatedOutcome,
};

/**
 * Creates contacts. That they may exist, and what they then say, is written down before the request
 * leaves, so that after a crash or a lost answer they are looked for before anything is created
 * again, and known for ours.
 */
export async function createContacts(run: LaneRun, items: readonly PushItem[]): Promise<void> {
  for (const part of partsWithin(items, (item) => bytesOf(creating.draftOf(item)))) {
    const uncertainSince = run.now();
    const fresh = await changeLinks(
      run,
      part,
      (link, { fields }) =>
        // By a merge of learners it may have got a contact since this was read.
        link.contactId === null ? { ...link, uncertainSince, offered: fields } : null,
      (tx, links) => stillToCreate(run, tx, links),
    );
    try {
      if (fresh.length > 0) await sendInParts(run, fresh, creating);
    } catch (error) {
      const wasNothingSent = error instanceof XeroError && !(error instanceof XeroUncertainError);
      if (wasNothingSent) {
        await changeLinks(run, fresh, (link) => ({ ...link, uncertainSince: null, offered: null }));
      }
      throw error;
    }
  }
}

/** An item whose contact exists, with what is to be written. */
export interface UpdateItem extends PushItem {
  contactId: string;
  /** What Xero says now. */
  theirs: ContactFields;
  base: ContactFields;
  /** Fields in which both were found to differ when they were linked. */
  accepted: Accepted;
  merge: Merge;
}

/**
 * Writes the fields that changed on our side to contacts that exist. What is offered is written down
 * before the request leaves: if its answer gets lost, a later look knows our own value by it.
 */
export async function updateContacts(run: LaneRun, items: readonly UpdateItem[]): Promise<void> {
  for (const part of partsWithin(items, (item) => bytesOf(updating.draftOf(item)))) {
    const held = await changeLinks(run, part, withOffer);
    if (held.length > 0) await sendInParts(run, held, updating);
  }
}

function withOffer(link: ContactLink, item: UpdateItem): ContactLink | null {
  if (link.contactId !== item.contactId) return null;
  const accepted = { ...link.accepted, ...item.accepted };
  // Somebody may have decided about a field since this was read.
  const base = link.base ? baseWithOffered(link.base, link.offered, item.theirs) : item.base;
  // Both are as Xero was read just now, or somebody would be asked about what it no longer says.
  return { ...link, base, seen: item.theirs, accepted, offered: item.merge.send };
}

/**
 * Sends a batch and records each row's outcome. If Xero refuses the batch as a whole it is sent
 * again in halves, so that one row it can't take never holds up its neighbours.
 */
async function sendInParts<Item extends PushItem>(
  run: LaneRun,
  items: readonly Item[],
  write: Write<Item>,
): Promise<void> {
  try {
    const rows = await sendOnce(run, items, write);
    const matched = matchRows(items, rows, write.by);
    const results = items.map((item, index): PushResult => {
      const row = matched[index] ?? null;
      const unnamed: PushOutcome = { kind: 'uncertain', wasAnswered: true };
      return { item, outcome: row === null ? unnamed : write.outcomeOf(item, row) };
    });
    await recordOutcomes(run, results);
  } catch (error) {
    if (error instanceof XeroUncertainError) {
      await recordOutcomes(run, all(items, { kind: 'uncertain' }));
    }
    if (!(error instanceof XeroRefusedError)) throw error;
    const [only] = items;
    if (items.length === 1 && only) {
      const reasons = refusalReasons(error.messages, only.party, standingEmail(only));
      await recordOutcomes(run, all(items, { kind: 'refused', reasons }));
      return;
    }
    const middle = Math.ceil(items.length / 2);
    await sendInParts(run, items.slice(0, middle), write);
    await sendInParts(run, items.slice(middle), write);
  }
}

/** One call, from which the size of the next batch is learnt. */
async function sendOnce<Item extends PushItem>(
  run: LaneRun,
  items: readonly Item[],
  write: Write<Item>,
): Promise<RowOutcome<WireContact>[]> {
  const drafts = items.map(write.draftOf);
  const rows = items.length;
  const bytes = drafts.reduce((sum, draft) => sum + bytesOf(draft), 0);
  const begunAt = run.now().getTime();
  try {
    const key = keyOf(run, write.kind, items, drafts);
    await run.stillHeld();
    const outcomes = await write.send(run.client(urgencyOf(items)), drafts, key);
    const tookMs = run.now().getTime() - begunAt;
    await learnSize(run, { how: 'answered', rows, tookMs, bytes });
    return outcomes;
  } catch (error) {
    if (error instanceof XeroUncertainError) await learnSize(run, { how: 'lost', rows });
    if (error instanceof XeroRefusedError && isTooLarge(error)) {
      await learnSize(run, { how: 'too-large', rows });
    }
    throw error;
  }
}

async function learnSize(run: LaneRun, sent: Sent): Promise<void> {
  await run.record(async (tx, lane) => {
    const size = { rows: lane.push_rows, isCareful: lane.push_careful };
    const next = nextBatch(size, sent, run.deps.contactsPerCall);
    if (next.rows === size.rows && next.isCareful === size.isCareful) return;
    const facts = { push_rows: next.rows, push_careful: next.isCareful };
    await noteOnLane(tx, run.scope, run.lease, facts);
  });
}

const TOO_LARGE = /too large|exceeds? .*(size|limit)|at most \d+ contacts/i;

function isTooLarge(error: XeroRefusedError): boolean {
  return error.httpStatus === 413 || error.messages.some((message) => TOO_LARGE.test(message));
}

/** What a row takes in the body, its comma included. */
function bytesOf(draft: ContactDraft): number {
  return Buffer.byteLength(JSON.stringify(draft)) + 1;
}

function all(items: readonly PushItem[], outcome: PushOutcome): PushResult[] {
  return items.map((item) => ({ item, outcome }));
}

function createdOutcome(item: PushItem, row: RowOutcome<WireContact>): PushOutcome {
  if (row.ok) {
    const seen = fieldsOfContact(row.row);
    return {
      kind: 'in-step',
      how: 'created',
      contactId: row.row.ContactID,
      base: item.fields,
      seen,
      changedAt: row.row.updatedAt,
      wasSent: true,
      bearsNumber: item.bearsNumber,
      overwritten: [],
      left: [],
      // Xero may keep a value in its own way; nobody changed it.
      accepted: acceptedAsFound(item.fields, item.fields, seen),
    };
  }
  const cause = causeOf(row.messages);
  const mayLookAgain = item.link.attempts < LOOK_UPS_MAX;
  // Names of archived contacts are free, so that such a one has our number: finding it says whose it is.
  const isNumberTaken = cause === 'number-taken' || cause === 'archived';
  if (isNumberTaken && mayLookAgain) return { kind: 'look-up' };
  if (cause !== 'archived') return refusedOutcome(item, row.messages);
  return { kind: 'refused', reasons: [codeTakenWords(item.party, true)] };
}

function updatedOutcome(item: UpdateItem, row: RowOutcome<WireContact>): PushOutcome {
  if (!row.ok) return refusedUpdate(item, row.messages);
  const seen = fieldsOfContact(row.row);
  const { send, overwritten, left } = item.merge;
  const keptOtherwise = acceptedAsFound(item.fields, item.fields, {
    ...item.fields,
    ...only(seen, send),
  });
  return {
    kind: 'in-step',
    how: 'updated',
    contactId: row.row.ContactID,
    base: item.fields,
    seen,
    changedAt: row.row.updatedAt,
    wasSent: true,
    bearsNumber: item.bearsNumber,
    overwritten,
    left,
    accepted: { ...item.accepted, ...keptOtherwise },
  };
}

/** Of what Xero answered, the fields that were sent. */
function only(seen: ContactFields, send: Partial<ContactFields>): Partial<ContactFields> {
  return Object.fromEntries(Object.entries(seen).filter(([field]) => field in send));
}

/**
 * A contact that was merged away keeps our number, archived, and can't be told to give it up: then
 * the one that is left goes without, and is known by its id.
 */
function refusedUpdate(item: UpdateItem, messages: readonly string[]): PushOutcome {
  const isAboutCode = causeOf(messages) === 'number-taken' && 'contactNumber' in item.merge.send;
  if (!isAboutCode) return refusedOutcome(item, messages);
  const { contactNumber } = item.fields;
  return { kind: 'without-code', base: { ...item.base, contactNumber } };
}

function refusedOutcome(item: PushItem, messages: readonly string[]): PushOutcome {
  const cause = causeOf(messages);
  if (cause === 'name-taken' && !item.bearsNumber) return { kind: 'name-taken' };
  const reasons = refusalReasons(messages, item.party, standingEmail(item));
  return { kind: 'refused', reasons, ...(cause === 'archived' ? { contactStatus: cause } : {}) };
}

/** Another e-mail address than ours that a change leaves in Xero. */
function standingEmail({ merge, theirs, fields }: PushItem & Partial<UpdateItem>): string | null {
  if (!merge || !theirs || 'email' in merge.send) return null;
  return sameValue(theirs.email, fields.email) ? null : theirs.email;
}

/**
 * The same rows in the same state give the same key, so a request repeated by the network is done
 * once. A known outcome makes a new one, also where tries are counted anew: Xero replays refusals.
 */
function keyOf(
  run: LaneRun,
  kind: 'create' | 'update',
  items: readonly PushItem[],
  drafts: readonly ContactDraft[],
): string {
  const state = items.map((item) => [
    item.party.id,
    item.party.revision,
    item.link.attempts,
    item.link.lastAttemptAt,
    item.link.lastPushedAt,
  ]);
  const text = JSON.stringify([run.xeroOrgId, kind, state, drafts]);
  return `bursar-${createHash('sha256').update(text).digest('hex')}`;
}
