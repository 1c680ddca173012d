import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { matchingFacts } from '../matching/matching-store.ts';
import { beginWalk, cursorsOf, saveCursor } from '../pull/cursor-store.ts';
import type { LaneFacts } from './lane-plan.ts';
import type { LaneRun } from './lane-run.ts';
import { type Lane, noteOnLane } from './lane-store.ts';

/** Without webhooks sweeps are what finds changes; with them they find what got lost. */
const SWEEP_EVERY = { withWebhooks: 10 * MINUTE_MS, without: 10 * MINUTE_MS };
/** Webhooks count as arriving when one did within this time. */
const WEBHOOKS_HEARD_WITHIN_MS = DAY_MS;

/** Everything a plan needs, read under the lane's lock; also lets walks begin that are due. */
export function readFacts(run: LaneRun): Promise<{ facts: LaneFacts; lane: Lane }> {
  const { scope, xeroOrgId } = run;
  return run.record(async (tx, lane) => {
    const now = run.now();
    const nextSweepAt = await beginDueSweep(run, tx, lane, now);
    const cursors = await cursorsOf(tx, scope, xeroOrgId);
    const work = await readWork(tx, scope, xeroOrgId, now);
    const matching = await matchingFacts(tx, scope, xeroOrgId);
    const facts: LaneFacts = {
      now,
      pausedUntil: lane.paused_until,
      pauseSparesPeople: lane.pause_spares_people,
      // While proposals wait for approval nothing may be written, as if nobody were known.
      contactsKnown: lane.contacts_known_at !== null && !matching.isGateClosed,
      matchDue: lane.contacts_known_at !== null && matching.isDue,
      pushes: { forPeople: work.urgent_push, any: work.push },
      papers: { forPeople: work.urgent_papers, any: work.papers },
      notices: {
        contacts: work.contact_notices,
        invoices: work.invoice_notices,
        freshInvoices: work.fresh_invoice_notices,
      },
      resync: work.resync,
      walking: cursors.filter((cursor) => cursor.isWalking).map((cursor) => cursor.resource),
      nextDueAt: earlier(nextSweepAt, work.next_attempt_at),
    };
    return { facts, lane };
  });
}

async function beginDueSweep(run: LaneRun, tx: Tx, lane: Lane, now: Date): Promise<Date> {
  if (lane.next_sweep_at > now) return lane.next_sweep_at;
  const every = run.deps.sweepEvery ?? SWEEP_EVERY;
  const heardAt = lane.webhook_heard_at;
  const areWebhooksHeard = heardAt !== null && heardAt > plus(now, -WEBHOOKS_HEARD_WITHIN_MS);
  const nextSweepAt = plus(now, areWebhooksHeard ? every.withWebhooks : every.without);
  for (const cursor of await cursorsOf(tx, run.scope, run.xeroOrgId)) {
    await saveCursor(tx, run.scope, run.xeroOrgId, beginWalk(cursor));
  }
  await noteOnLane(tx, run.scope, run.lease, { next_sweep_at: nextSweepAt });
  return nextSweepAt;
}

interface Work {
  push: boolean;
  urgent_push: boolean;
  papers: boolean;
  urgent_papers: boolean;
  contact_notices: number;
  invoice_notices: number;
  fresh_invoice_notices: number;
  next_attempt_at: Date | null;
  resync: boolean;
}

/** Counting stops here: more makes no difference to a plan. */
const COUNT_MAX = 200;

async function readWork(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId, now: Date): Promise<Work> {
  const own = sql`provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}`;
  const waiting = sql`contact_links
    where ${own} and (standing = 'waiting' or uncertain_since is not null)
      and (not match_due or contact_id is not null)`;
  const due = sql`next_attempt_at <= ${now}::timestamptz`;
  const papers = sql`contact_links where ${own} and papers_due and contact_id is not null`;
  const notices = (kind: string, only = sql``) => sql`
    (select count(*)::int from
      (select from notices where ${own} and kind = ${kind} ${only} limit ${COUNT_MAX}) as counted)`;
  const { rows } = await sql<Work>`
    select exists (select from ${waiting} and ${due}) as push,
      exists (select from ${waiting} and ${due} and urgent) as urgent_push,
      exists (select from ${papers}) as papers,
      exists (select from ${papers} and urgent) as urgent_papers,
      ${notices('contact')} as contact_notices,
      ${notices('invoice')} as invoice_notices,
      ${notices('invoice', sql`and attempts = 0`)} as fresh_invoice_notices,
      exists (select from sync_runs where ${own} and state = 'running' and lane_work) as resync,
      (select min(next_attempt_at) from ${waiting} and not ${due}) as next_attempt_at`.execute(tx);
  const [work] = rows;
  if (!work) throw new Error('A query without a from clause gave no row');
  return work;
}

function earlier(a: Date, b: Date | null): Date {
  return b !== null && b < a ? b : a;
}
