import { plus } from '#platform/clock';
import { foldNumber } from '#platform/folding';
import { inPortions } from '#platform/in-portions';
import type { WireContact } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { CLOCK_DOUBT_MS } from '../pull/cursor-store.ts';
import { allAtOnce } from './all-at-once.ts';
import { changeContacts } from './change-contacts.ts';
import { fieldsOfParty } from './contact-mapping.ts';
import { findByNumbers, findChangedSince } from './find-contacts.ts';
import { asFound, isTheirs } from './found-contact.ts';
import { loadItems } from './load-items.ts';
import { clashesWithin } from './names.ts';
import { codeTakenWords, type PushOutcome } from './push-outcome.ts';
import { type PushItem, type PushResult, recordOutcomes, urgencyOf } from './record-outcomes.ts';
import { createContacts } from './send-contacts.ts';
import { saysAll } from './three-way.ts';

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
  const { items, size } = await loadItems(run);
  const [uncertain, known] = split(items, ({ link }) => link.uncertainSince !== null);
  await lookUp(run, uncertain);

  const wanted = known.filter(({ link }) => link.standing === 'waiting');
  const [incomplete, ready] = split(wanted, ({ party }) => party.gaps.length > 0);
  await recordOutcomes(run, incomplete.map(blockedByGaps));
  const [there, fresh] = split(ready, ({ link }) => link.contactId !== null);
  await changeContacts(run, there, size);
  const batches = inPortions(withDistinctNames(fresh), size.rowsPerCall);
  await allAtOnce(batches, (batch) => createContacts(run, batch));
  return uncertain.length === 0;
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
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
    const contact = found.get(foldNumber(item.party.number));
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
  const missing = numbers.filter((number) => !fresh.has(foldNumber(number)));
  return new Map([...fresh, ...(await findByNumbers(client, missing))]);
}

function foundOutcome(item: PushItem, contact: WireContact): PushOutcome {
  const { link, party, fields } = item;
  const known = asFound(link, party, contact);
  const how = saysAll(known.seen, fields) ? 'created' : 'found';
  const found: PushOutcome = { kind: 'found', how, ...known };
  if (isTheirs(link, party, contact)) return found;
  return { ...found, refusal: [codeTakenWords(party, known.contactStatus === 'archived')] };
}
