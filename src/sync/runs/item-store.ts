import { sql } from 'kysely';
import type { PartyId, PartyKind, SyncRunId, XeroOrgId } from '#contract/ids';
import { RunOutcome } from '#contract/runs';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import { actorMay, type Scope } from '#platform/scope';
import type { Item, Run, Stage, Tally } from './run.ts';

const ITEMS_PER_STATEMENT = 5_000;

/** Writes down whom a new run is about. */
export async function insertOpenItems(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  parties: readonly { kind: PartyKind; id: string; label: string }[],
): Promise<void> {
  for (let at = 0; at < parties.length; at += ITEMS_PER_STATEMENT) {
    const some = parties.slice(at, at + ITEMS_PER_STATEMENT);
    await sql`insert into sync_run_items
        (provider_id, run_id, seq, subject_kind, subject_id, label, stage)
      select ${scope.providerId}::uuid, ${runId}::uuid, ${at}::int + given.nr, given.kind,
        given.id, given.label, 'open'
      from unnest(${some.map(({ kind }) => kind)}::text[], ${some.map(({ id }) => id)}::uuid[],
        ${some.map(({ label }) => label)}::text[]) with ordinality as given (kind, id, label, nr)`.execute(
      tx,
    );
  }
}

/** A paper of a run, with what became of it. */
export interface PaperItem {
  id: string;
  label: string;
  outcome: RunOutcome;
  reason: string | null;
}

/** Adds papers as they are met. */
export async function addPaperItems(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  papers: readonly PaperItem[],
): Promise<void> {
  if (papers.length === 0) return;
  await sql`insert into sync_run_items
      (provider_id, run_id, seq, subject_kind, subject_id, label, stage, outcome, reason)
    select ${scope.providerId}::uuid, ${runId}::uuid,
      (select coalesce(max(seq), 0) from sync_run_items where run_id = ${runId}::uuid)
        + row_number() over (), 'document', p.id, p.label, 'done', p.outcome, p.reason
    from jsonb_to_recordset(${jsonText(papers)}::jsonb)
      as p (id uuid, label text, outcome text, reason text)`.execute(tx);
}

/** Those of some subjects of which a run tells already that they failed. */
export async function failedAmong(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('sync_run_items')
    .select('subject_id')
    .where('provider_id', '=', scope.providerId)
    .where('run_id', '=', runId)
    .where('outcome', '=', 'failed')
    .where('subject_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.subject_id));
}

/** The next learners of a stage, in their order. */
export async function itemsOf(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  stage: Stage,
  limit: number,
): Promise<Item[]> {
  const rows = await tx
    .selectFrom('sync_run_items')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('run_id', '=', runId)
    .where('stage', '=', stage)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(toItem);
}

/** Those of some learners who are in a run and whose turn is still to come. */
export async function openAmong(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  partyIds: readonly PartyId[],
): Promise<Item[]> {
  if (partyIds.length === 0) return [];
  const rows = await tx
    .selectFrom('sync_run_items')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('run_id', '=', runId)
    .where('stage', '=', 'open')
    .where('subject_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .orderBy('seq')
    .execute();
  return rows.map(toItem);
}

/**
 * How many of those whose turn is still to come have a contact in an organisation. No join: right
 * after thousands were written PostgreSQL has no statistics of them, and would go through all of
 * the one for each of the others.
 */
export async function countOpenLinked(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  xeroOrgId: XeroOrgId,
): Promise<number> {
  const { rows } = await sql<{ linked: number }>`
    select count(*)::int as linked from (
      select subject_id from sync_run_items
      where provider_id = ${scope.providerId} and run_id = ${runId} and stage = 'open'
      intersect
      select party_id from contact_links
      where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
        and contact_id is not null) as both_sides`.execute(tx);
  return rows[0]?.linked ?? 0;
}

/**
 * A page of a run's items, all or those of one outcome. Papers are left out for whoever may not see
 * them.
 */
export async function listItems(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  page: { limit: number; afterSeq: number; outcome?: RunOutcome | undefined },
): Promise<Item[]> {
  let query = tx
    .selectFrom('sync_run_items')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('run_id', '=', runId)
    .where('seq', '>', page.afterSeq);
  if (page.outcome) query = query.where('outcome', '=', page.outcome);
  if (!actorMay(scope, 'documents.view')) query = query.where('subject_kind', '<>', 'document');
  return (await query.orderBy('seq').limit(page.limit).execute()).map(toItem);
}

/** What is written of an item as it goes on. */
export type ItemChange = Pick<Item, 'seq' | 'stage' | 'aim' | 'outcome' | 'reason'>;

/**
 * Writes what became of items, by their place in the run. The caller holds the run, so that an item
 * that is over stays so.
 */
export async function saveItems(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  items: readonly ItemChange[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item) => ({
    seq: item.seq,
    stage: item.stage,
    aim: item.aim,
    outcome: item.outcome,
    reason: item.reason,
  }));
  await sql`update sync_run_items as i
    set stage = now.stage, aim = now.aim, outcome = now.outcome, reason = now.reason
    from jsonb_to_recordset(${jsonText(rows)}::jsonb)
      as now (seq integer, stage text, aim text, outcome text, reason text)
    where i.provider_id = ${scope.providerId} and i.run_id = ${runId} and i.seq = now.seq`.execute(
    tx,
  );
}

/** Ends all that stand at one stage alike. */
export async function endItems(
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  stage: 'open' | 'sent',
  end: { outcome: RunOutcome; reason: string },
): Promise<void> {
  await tx
    .updateTable('sync_run_items')
    .set({ stage: 'done', ...end })
    .where('provider_id', '=', scope.providerId)
    .where('run_id', '=', runId)
    .where('stage', '=', stage)
    .execute();
}

/** Whether the turn of some learners is still to come, or what was sent of them has not arrived. */
export async function isAnyLeft(tx: Tx, scope: Scope, runId: SyncRunId): Promise<boolean> {
  const { rows } = await sql`select from sync_run_items
    where provider_id = ${scope.providerId} and run_id = ${runId} and stage in ('open', 'sent')
    limit 1`.execute(tx);
  return rows.length > 0;
}

/** How many are on their way to Xero. */
export async function countSent(tx: Tx, scope: Scope, runId: SyncRunId): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from sync_run_items
    where provider_id = ${scope.providerId} and run_id = ${runId} and stage = 'sent'`.execute(tx);
  return rows[0]?.count ?? 0;
}

/**
 * How many learners stand where, for several runs at once. Those that are over know it; only of the
 * others items are counted, since each may have a hundred thousand.
 */
export async function talliesOf(
  tx: Tx,
  scope: Scope,
  runs: readonly Pick<Run, 'id' | 'tally'>[],
): Promise<Map<SyncRunId, Tally>> {
  const open = runs.filter((run) => run.tally === null).map(({ id }) => id);
  const tallies = await countItems(tx, scope, open);
  for (const { id, tally } of runs) if (tally) tallies.set(id, tally);
  return tallies;
}

/** Writes down how many of a run that ends stand where. */
export async function keepTally(tx: Tx, scope: Scope, runId: SyncRunId): Promise<void> {
  const tally = (await countItems(tx, scope, [runId])).get(runId) ?? { open: 0, sent: 0, done: {} };
  await tx
    .updateTable('sync_runs')
    .set({ tally: jsonText(tally) })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', runId)
    .execute();
}

async function countItems(
  tx: Tx,
  scope: Scope,
  runIds: readonly SyncRunId[],
): Promise<Map<SyncRunId, Tally>> {
  const tallies = new Map<SyncRunId, Tally>();
  if (runIds.length === 0) return tallies;
  const counted = await sql<{
    run_id: SyncRunId;
    stage: Stage;
    outcome: string | null;
    count: number;
  }>`
    select run_id, stage, outcome, count(*)::int as count from sync_run_items
    where provider_id = ${scope.providerId} and run_id = any(${[...runIds]}::uuid[])
      and subject_kind <> 'document'
    group by run_id, stage, outcome`.execute(tx);
  for (const { run_id, stage, outcome, count } of counted.rows) {
    const tally = tallies.get(run_id) ?? { open: 0, sent: 0, done: {} };
    if (stage === 'done') tally.done[RunOutcome.parse(outcome)] = count;
    else tally[stage] = count;
    tallies.set(run_id, tally);
  }
  return tallies;
}

interface ItemRow {
  seq: number;
  subject_kind: string;
  subject_id: string;
  label: string;
  stage: string;
  aim: string;
  outcome: string | null;
  reason: string | null;
}

function toItem(row: ItemRow): Item {
  return {
    seq: row.seq,
    subjectKind: row.subject_kind as Item['subjectKind'],
    subjectId: row.subject_id,
    label: row.label,
    stage: row.stage as Stage,
    aim: row.aim as Item['aim'],
    outcome: RunOutcome.nullable().parse(row.outcome),
    reason: row.reason,
  };
}
