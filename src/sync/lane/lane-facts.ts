import { sql } from 'kysely';
import { DocumentKind } from '#contract/billing';
import type { XeroOrgId } from '#contract/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { agreementFacts } from '../agreement/check-store.ts';
import { isDriftDue } from '../drift/drift-store.ts';
import { areInvoicesToCount } from '../matching/invoice-count-store.ts';
import { matchingFacts } from '../matching/matching-store.ts';
import {
  beginWalk,
  type Cursor,
  cursorsOf,
  openCursors,
  PAPER_RESOURCES,
  RESOURCES,
  type Resource,
  saveCursor,
  sweepSoon,
} from '../pull/cursor-store.ts';
import { knownNotices, removeNotices } from '../pull/notice-store.ts';
import { readingOf } from '../pull/read-linked-papers.ts';
import { isWhole } from '../pull/sweep-pace.ts';
import {
  type AsideActs,
  asideAmong,
  asideOf,
  failingOf,
  heldBack,
  nextTry,
  putLast,
  stillToDo,
} from './aside.ts';
import { takeCalls } from './lane-calls.ts';
import { type LaneFacts, nameOf, noticesToWalk } from './lane-plan.ts';
import type { LaneRun } from './lane-run.ts';
import { type Lane, noteOnLane } from './lane-store.ts';

/** Everything a plan needs, read under the lane's lock; also lets walks begin that are due. */
export function readFacts(run: LaneRun): Promise<{ facts: LaneFacts; lane: Lane }> {
  const { deps, scope, xeroOrgId } = run;
  return run.record(async (tx, held) => {
    const now = run.now();
    const lane = { ...held, wakes: held.wakes + (await takeCalls(deps, tx, scope, xeroOrgId)) };
    const cursors = await beginDueWalks(run, tx, now);
    const work = await readWorthwhile(run, tx, now);
    const matching = await matchingFacts(tx, scope, xeroOrgId);
    const agreement = await agreementFacts(tx, scope, xeroOrgId, now);
    const reading = readingOf(lane);
    const invoicesToCount =
      matching.isGateClosed && (await areInvoicesToCount(tx, scope, xeroOrgId));
    const setAside = asideAmong(await dropDone(run, tx, lane, { ...work, invoicesToCount }));
    const aside = heldBack(setAside, now);
    const isWhoseKnown = lane.contacts_known_at !== null && !matching.isGateClosed;
    const facts: LaneFacts = {
      now,
      pausedUntil: lane.paused_until,
      pauseSparesPeople: lane.pause_spares_people,
      // While proposals wait for approval nothing may be written, as if nobody were known.
      // After an interruption those who came to exist meanwhile are met before anybody is sent.
      contactsKnown:
        isWhoseKnown &&
        !(wasInterrupted(lane, cursors, now) && areContactsWalked(cursors, setAside, now)),
      matchDue: lane.contacts_known_at !== null && matching.isDue,
      invoicesToCount,
      pushes: { forPeople: work.urgent_push, any: work.push },
      papers: {
        forPeople: work.urgent_papers || reading?.isForPerson === true,
        any: work.papers || reading !== null,
      },
      notices: {
        contacts: work.contact_notices,
        // Before it is approved who is whom, papers are nobody's; then all of them are read.
        papers: isWhoseKnown || work.anybody_linked ? work.paper_notices : {},
      },
      drifts: await isDriftDue(tx, scope, xeroOrgId, lane.drift_rules),
      resync: work.resync,
      agreement: agreement.isDue,
      aside,
      last: putLast(setAside),
      walking: cursors
        .filter((cursor) => isOn(cursor, now) && !aside.has(`sweep ${cursor.resource}`))
        .filter((cursor) => isWhoseKnown || !isUnbegunOfPapers(cursor))
        .map((cursor) => cursor.resource),
      nextDueAt: [work.next_attempt_at, agreement.nextAt, nextTry(setAside, now)].reduce(
        earlier,
        nextOf(cursors, now),
      ),
    };
    return { facts, lane };
  });
}

/**
 * With so many notices of one kind waiting that a walk is the way to follow them, those of papers
 * that one has read since are dropped unread: it saves calls by the dozen. Fewer are read again all
 * the same, since a second change within the second of the first one would otherwise wait for a sweep.
 */
async function readWorthwhile(run: LaneRun, tx: Tx, now: Date): Promise<Work> {
  const { scope, xeroOrgId } = run;
  const work = await readWork(tx, scope, xeroOrgId, now);
  const isMany = DocumentKind.options.some(
    (kind) => (work.paper_notices[kind]?.waiting ?? 0) > noticesToWalk(kind),
  );
  if (!isMany) return work;
  await dropKnown(run, tx, now);
  return readWork(tx, scope, xeroOrgId, now);
}

/** A sweep settles within this time what may have changed twice in one second. */
const DOUBT_WAIT_MS = 10 * MINUTE_MS;

/** What was read already need not be read because its notice came later. */
async function dropKnown({ scope, xeroOrgId }: LaneRun, tx: Tx, now: Date): Promise<void> {
  const known = await knownNotices(tx, scope, xeroOrgId);
  if (known.length === 0) return;
  await removeNotices(tx, scope, xeroOrgId, known);
  const inDoubt = new Set(known.filter((one) => one.isInDoubt).map((one) => one.kind));
  const resources = DocumentKind.options
    .filter((kind) => inDoubt.has(kind))
    .map((kind) => `${kind}s` as const);
  if (resources.length === 0) return;
  await sweepSoon(tx, scope, xeroOrgId, resources, plus(now, DOUBT_WAIT_MS));
}

/**
 * What did not come about when it was tried may have come about some other way, as by a sweep that
 * read what was noticed: then it is done, although it never came to be tried again.
 */
async function dropDone(run: LaneRun, tx: Tx, lane: Lane, work: ToDo): Promise<AsideActs> {
  const failing = failingOf(lane);
  const left = stillToDo(failing, toDoBy(work, lane));
  if (Object.keys(left).length === Object.keys(failing).length) return failing;
  await noteOnLane(tx, run.scope, run.lease, { set_aside: jsonText(left) });
  await announce(tx, run.scope.providerId, 'sync', []);
  return left;
}

/** Whether there is still something to do, now or later, of acts that have no time of their own. */
function toDoBy(work: ToDo, lane: Lane): Record<string, boolean> {
  const pulls = DocumentKind.options.map((kind) => {
    const isNoticed = (work.paper_notices[kind]?.waiting ?? 0) > 0;
    return [nameOf({ do: 'pull-papers', kind }), isNoticed];
  });
  return {
    push: work.push || work.next_attempt_at !== null,
    'read-papers': work.papers || readingOf(lane) !== null,
    'pull-contacts': work.contact_notices > 0,
    'count-invoices': work.invoicesToCount,
    resync: work.resync,
    ...Object.fromEntries(pulls),
  };
}

async function beginDueWalks(run: LaneRun, tx: Tx, now: Date): Promise<Cursor[]> {
  const { scope, xeroOrgId } = run;
  let cursors = await cursorsOf(tx, scope, xeroOrgId);
  if (cursors.length < RESOURCES.length) {
    // A lane that is older than some of what is swept today.
    await openCursors(tx, scope, xeroOrgId, now, false);
    cursors = await cursorsOf(tx, scope, xeroOrgId);
  }
  const begun: Cursor[] = [];
  for (const cursor of cursors) {
    const isDue = !cursor.isWalking && cursor.nextAt <= now;
    const after = isDue ? beginWalk(cursor) : cursor;
    if (isDue) await saveCursor(tx, scope, xeroOrgId, after);
    begun.push(after);
  }
  return begun;
}

/** A slow walk rests between its steps. */
function isOn(cursor: Cursor, now: Date): boolean {
  return cursor.isWalking && (!isWhole(cursor.resource) || cursor.nextAt <= now);
}

/** A lane looks every few seconds: one so late stood still, or its database was put back. */
const LATE_MS = HOUR_MS;
/** A reading of contacts that fails as often holds nothing up: others get their turn. */
const READ_FIRST_TRIES = 3;

function wasInterrupted(lane: Lane, cursors: readonly Cursor[], now: Date): boolean {
  if (lane.catching_up_since !== null) return true;
  const contacts = cursors.find(({ resource }) => resource === 'contacts');
  const isLate = contacts !== undefined && plus(contacts.nextAt, LATE_MS) < now;
  const { times } = asideOf(lane)['sweep contacts'] ?? { times: 0 };
  return isLate && Math.max(lane.failures, times) < READ_FIRST_TRIES;
}

function areContactsWalked(cursors: readonly Cursor[], aside: AsideActs, now: Date): boolean {
  const failing = aside['sweep contacts'];
  if (failing?.how === 'refused' && failing.times >= READ_FIRST_TRIES) return false;
  return cursors.some((cursor) => cursor.resource === 'contacts' && isOn(cursor, now));
}

/**
 * Papers are read for the first time once it is known and approved whose they are: before that they
 * are nobody's, and all of them would have to be read again.
 */
function isUnbegunOfPapers({ resource, readUntil, position, page }: Cursor): boolean {
  const isOfPapers = (PAPER_RESOURCES as readonly Resource[]).includes(resource);
  return isOfPapers && readUntil === null && position === null && page === 1;
}

function nextOf(cursors: readonly Cursor[], now: Date): Date {
  const times = cursors.filter((cursor) => !isOn(cursor, now)).map((cursor) => cursor.nextAt);
  return times.reduce((a, b) => (a < b ? a : b), plus(now, DAY_MS));
}

interface Work {
  push: boolean;
  urgent_push: boolean;
  papers: boolean;
  urgent_papers: boolean;
  anybody_linked: boolean;
  contact_notices: number;
  paper_notices: LaneFacts['notices']['papers'];
  resync: boolean;
  next_attempt_at: Date | null;
}

type ToDo = Work & { invoicesToCount: boolean };

/** Counting stops here: more makes no difference to a plan. */
const COUNT_MAX = 200;

/** What waits in the database for a lane; what it costs does not grow with how much waits. */
export async function readWork(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  now: Date,
): Promise<Work> {
  const own = sql`provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}`;
  // The index of what waits is led by the hurry, so that each half is found at one place.
  const waiting = (urgent: boolean) => sql`contact_links
    where ${own} and (standing = 'waiting' or uncertain_since is not null)
      and (not match_due or contact_id is not null) and urgent = ${sql.lit(urgent)}`;
  const due = sql`next_attempt_at <= ${now}::timestamptz`;
  const papers = sql`contact_links where ${own} and papers_due and contact_id is not null`;
  const counted = (only: ReturnType<typeof sql>) => sql`
    (select count(*)::int from
      (select from notices where ${own} and ${only} limit ${COUNT_MAX}) as counted)`;
  const ofPaper = (kind: string) => sql`${sql.lit(kind)}, json_build_object(
    'waiting', ${counted(sql`kind = ${sql.lit(kind)}`)},
    'fresh', ${counted(sql`kind = ${sql.lit(kind)} and attempts = 0`)})`;
  const isDue = (urgent: boolean) => sql`exists (select from ${waiting(urgent)} and ${due})`;
  const nextAt = (urgent: boolean) =>
    sql`(select min(next_attempt_at) from ${waiting(urgent)} and not ${due})`;
  const { rows } = await sql<Work>`
    select ${isDue(true)} or ${isDue(false)} as push, ${isDue(true)} as urgent_push,
      exists (select from ${papers}) as papers,
      exists (select from ${papers} and urgent) as urgent_papers,
      exists (select from contact_links where ${own} and contact_id is not null) as anybody_linked,
      ${counted(sql`kind = 'contact'`)} as contact_notices,
      json_build_object(${sql.join(DocumentKind.options.map(ofPaper))}) as paper_notices,
      exists (select from sync_runs where ${own} and state = 'running' and lane_work) as resync,
      least(${nextAt(true)}, ${nextAt(false)}) as next_attempt_at`.execute(tx);
  const [work] = rows;
  if (!work) throw new Error('A query without a from clause gave no row');
  return work;
}

function earlier(a: Date, b: Date | null): Date {
  return b !== null && b < a ? b : a;
}
