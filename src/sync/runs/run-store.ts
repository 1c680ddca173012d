import { type Selectable, sql, type Updateable } from 'kysely';
import { z } from 'zod';
import type { SyncRunId, XeroOrgId } from '#contract/ids';
import { LearnerFilter, RunKind, RunOutcome, RunState } from '#contract/runs';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { jsonText } from '#platform/json-text';
import type { SyncRuns } from '#platform/schema';
import type { Actor, Scope } from '#platform/scope';
import { ListWalk, PaperWalk } from '../pull/list-walk.ts';
import type { Run, RunRange } from './run.ts';

const Range = z.object({
  // Runs from before workplaces had any do not say it.
  who: z.enum(['learner', 'workplace']).default('learner'),
  filter: LearnerFilter.nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

const KeptTally = z.object({
  open: z.int(),
  sent: z.int(),
  done: z.partialRecord(RunOutcome, z.int()),
});

function toRun(row: Selectable<SyncRuns>): Run {
  return {
    id: row.id as SyncRunId,
    kind: RunKind.parse(row.kind),
    state: RunState.parse(row.state),
    xeroOrgId: row.xero_org_id as XeroOrgId | null,
    organisationName: row.organisation_name,
    startedBy: row.started_by as unknown as Actor,
    range: Range.parse(row.range),
    step: row.step as Run['step'],
    // One column for both: papers come once the contacts are done with.
    contactWalk: row.step === 'contacts' ? ListWalk.nullable().parse(row.walk) : null,
    walk: row.step === 'papers' ? PaperWalk.nullable().parse(row.walk) : null,
    laneWork: row.lane_work,
    papers: {
      total: row.papers_total,
      read: row.papers_read,
      found: row.papers_found,
      added: row.papers_added,
      changed: row.papers_changed,
      failed: row.papers_failed,
    },
    failure: row.failure,
    tally: KeptTally.nullable().parse(row.tally),
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

/** A run before it is stored. */
interface NewRun {
  kind: RunKind;
  xeroOrgId: XeroOrgId | null;
  organisationName: string | null;
  range: RunRange;
  step: 'contacts' | 'learners' | 'papers';
  laneWork: boolean;
}

/** Stores a run as begun by whoever acts; its items are added after it, in the same transaction. */
export async function insertRun(tx: Tx, scope: Scope, run: NewRun, now: Date): Promise<SyncRunId> {
  const id = newId<SyncRunId>();
  await tx
    .insertInto('sync_runs')
    .values({
      provider_id: scope.providerId,
      id,
      kind: run.kind,
      state: 'running',
      xero_org_id: run.xeroOrgId,
      organisation_name: run.organisationName,
      started_by: jsonText(scope.actor),
      range: jsonText(run.range),
      step: run.step,
      lane_work: run.laneWork,
      created_at: now,
      progressed_at: now,
    })
    .execute();
  return id;
}

/** A run without locking it; null when this provider has none of that id. */
export async function findRun(tx: Tx, scope: Scope, id: SyncRunId): Promise<Run | null> {
  const row = await tx
    .selectFrom('sync_runs')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? toRun(row) : null;
}

/** Locks a run until the transaction ends; with `skip`, null when another one has it. */
export async function lockRun(
  tx: Tx,
  scope: Scope,
  id: SyncRunId,
  whenLocked: 'wait' | 'skip' = 'wait',
): Promise<Run | null> {
  let query = tx
    .selectFrom('sync_runs')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .forNoKeyUpdate();
  if (whenLocked === 'skip') query = query.skipLocked();
  const row = await query.executeTakeFirst();
  return row ? toRun(row) : null;
}

/** Writes how far a run has come. Whoever decides by what it was holds it first, see `lockRun`. */
export async function changeRun(
  tx: Tx,
  scope: Scope,
  id: SyncRunId,
  change: Updateable<SyncRuns>,
): Promise<void> {
  await tx
    .updateTable('sync_runs')
    .set(change)
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** Newest first, after the one named. */
export async function listRuns(
  tx: Tx,
  scope: Scope,
  page: { limit: number; after: { createdAt: Date; id: string } | null },
): Promise<Run[]> {
  let query = tx.selectFrom('sync_runs').selectAll().where('provider_id', '=', scope.providerId);
  if (page.after) {
    const { createdAt, id } = page.after;
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}::timestamptz, ${id}::uuid)`);
  }
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(toRun);
}

/** Runs that ended by themselves, the last one first. */
export async function listEndedRuns(tx: Tx, scope: Scope, limit: number): Promise<Run[]> {
  const rows = await tx
    .selectFrom('sync_runs')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('state', 'in', ['finished', 'failed'])
    .orderBy('finished_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRun);
}

/** The oldest run of an organisation about which its lane has something to do. */
export async function runOfLane(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<Run | null> {
  const row = await tx
    .selectFrom('sync_runs')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('state', '=', 'running')
    .where('lane_work', '=', true)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return row ? toRun(row) : null;
}

/** The first run of an organisation that is on or paused, in the order of ids, after the one named. */
export async function openRunOfOrg(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  after: SyncRunId | null,
): Promise<SyncRunId | null> {
  let query = tx
    .selectFrom('sync_runs')
    .select('id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('state', 'in', ['running', 'paused']);
  if (after !== null) query = query.where('id', '>', after);
  const row = await query.orderBy('id').limit(1).executeTakeFirst();
  return row ? (row.id as SyncRunId) : null;
}

const RUNS_PER_TICK = 50;

/**
 * Runs that are on, and paused ones of which some are still on their way, of all providers: `tx`
 * must be a system transaction.
 */
export async function runsUnderWay(tx: Tx): Promise<{ providerId: string; runId: SyncRunId }[]> {
  const { rows } = await sql<{ provider_id: string; id: SyncRunId }>`
    select provider_id, id from sync_runs run
    where state in ('running', 'paused')
      and (state = 'running'
        or exists (select from sync_run_items item
          where item.run_id = run.id and item.stage = 'sent'))
    order by progressed_at limit ${RUNS_PER_TICK}`.execute(tx);
  return rows.map((row) => ({ providerId: row.provider_id, runId: row.id }));
}

/** Adds what one page of papers brought. */
export async function countPapers(
  tx: Tx,
  scope: Scope,
  id: SyncRunId,
  page: { read: number; found: number; added: number; changed: number; failed: number },
): Promise<void> {
  await sql`
    update sync_runs set papers_read = papers_read + ${page.read}::int,
      papers_found = papers_found + ${page.found}::int,
      papers_added = papers_added + ${page.added}::int,
      papers_changed = papers_changed + ${page.changed}::int,
      papers_failed = papers_failed + ${page.failed}::int
    where provider_id = ${scope.providerId} and id = ${id}`.execute(tx);
}
