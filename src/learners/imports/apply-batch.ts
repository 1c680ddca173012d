import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { ImportRunId, LearnerId, ProviderId } from '#contract/ids';
import type { Learner, LearnerFields } from '#contract/learners';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Actor, Scope } from '#platform/scope';
import { emptyFields } from '../learner.ts';
import { loadLearners } from '../learner-store.ts';
import { type LearnersDeps, writeLearnerChanges, writeNewLearners } from '../write-learners.ts';
import { deleteFiles, loadRun, type RunRow } from './import-store.ts';
import { loadLookup, matchRecord } from './match-record.ts';
import { effectOf } from './preview-records.ts';
import {
  addedByRun,
  countRows,
  endRows,
  type RowEnd,
  rowsToApply,
  type StoredRow,
} from './row-store.ts';

export interface WhichImport {
  providerId: ProviderId;
  importId: ImportRunId;
}

/** Rows in one transaction: a stop in between loses nothing and repeats nothing. */
const BATCH = 200;

/**
 * Carries out the next rows of a running import, or ends it when none is left. Every row is
 * matched again with the learners as they are now: what differs from the preview a person said
 * yes to is left out and says so. `promised` are the learner numbers of the whole run, which nobody
 * without one may get. Answers whether there is more to do.
 */
export function applyBatch(
  deps: LearnersDeps,
  { providerId, importId: id }: WhichImport,
  promised: readonly string[],
): Promise<'more' | 'done'> {
  return deps.database.asProvider(providerId, async (tx) => {
    const own: Scope = { providerId, actor: { kind: 'bursar', name: 'Bursar' } };
    const run = await loadRun(tx, own, id, 'for-change');
    if (run.state !== 'running') return 'done';
    const scope: Scope = { providerId, actor: run.committed_by as unknown as Actor };
    const rows = await rowsToApply(tx, id, run.applied_to, BATCH);
    if (rows.length === 0) {
      await finish(deps, tx, scope, id);
      return 'done';
    }
    const ends = await applyRows(deps, tx, scope, { run, rows, promised });
    await endRows(tx, id, ends);
    await saveProgress(deps, tx, id, rows.at(-1)?.position ?? run.applied_to, ends);
    const touched = ends.flatMap((end) => (end.applied && end.learnerId ? [end.learnerId] : []));
    if (touched.length > 0) await announce(tx, providerId, 'learners', touched);
    await announce(tx, providerId, 'imports', [id]);
    return 'more';
  });
}

async function saveProgress(
  deps: LearnersDeps,
  tx: Tx,
  id: ImportRunId,
  position: number,
  ends: readonly RowEnd[],
): Promise<void> {
  const applied = ends.filter((end) => end.applied).length;
  await tx
    .updateTable('import_runs')
    .set({
      applied_to: position,
      rows_applied: sql<number>`rows_applied + ${applied}::int`,
      attempts: 0,
      progressed_at: deps.clock.now(),
    })
    .where('id', '=', id)
    .execute();
}

async function applyRows(
  deps: LearnersDeps,
  tx: Tx,
  scope: Scope,
  work: { run: RunRow; rows: readonly StoredRow[]; promised: readonly string[] },
): Promise<RowEnd[]> {
  const { run, rows, promised } = work;
  // Learners are locked first, then the number counter, then whatever listens: the order in which
  // every other writer takes them.
  const ids = rows.flatMap((row) => (row.learnerId ? [row.learnerId as LearnerId] : []));
  const locked = await loadLearners(tx, scope, ids, 'for-change');
  const present = new Map<string, Learner>(locked.map((learner) => [learner.id, learner]));
  const lookup = await loadLookup(
    tx,
    scope,
    rows.map((row) => row.record),
  );
  const candidates = [...lookup.byIdentity.values()].flat().map((learner) => learner.id);
  const options = {
    importLookAlikes: run.import_look_alikes,
    ownLearners: await addedByRun(tx, run.id as ImportRunId, candidates),
  };
  const ends: RowEnd[] = [];
  const additions: StoredRow[] = [];
  const changes: { row: StoredRow; learner: Learner }[] = [];
  for (const row of rows) {
    const match = matchRecord(row.record, lookup, options);
    if (match.kind === 'faulty') ends.push(leftOut(row, match.reason));
    else if (match.kind === 'nobody' && row.verdict === 'new') additions.push(row);
    else if (match.kind === 'learner' && row.learnerId === match.learner.id) {
      changes.push({ row, learner: present.get(match.learner.id) ?? match.learner });
    } else ends.push(leftOut(row, 'Someone added or changed this learner after the preview.'));
  }
  ends.push(...(await applyAdditions(deps, tx, scope, additions, promised)));
  ends.push(...(await applyChanges(deps, tx, scope, changes)));
  return ends;
}

function leftOut(row: StoredRow, reason: string): RowEnd {
  const { position, learnerId } = row;
  return { position, learnerId, verdict: 'faulty', applied: false, reason };
}

async function applyAdditions(
  deps: LearnersDeps,
  tx: Tx,
  scope: Scope,
  rows: readonly StoredRow[],
  promised: readonly string[],
): Promise<RowEnd[]> {
  const drafts = rows.map(({ record }) => ({
    fields: effectOf(emptyFields, record).fields,
    learnerNumber: record.learnerNumber,
  }));
  const learners = await writeNewLearners(deps, tx, scope, drafts, promised);
  return rows.map(({ position }, index) => ({
    position,
    learnerId: learners[index]?.id ?? null,
    verdict: 'new',
    applied: true,
    reason: null,
  }));
}

async function applyChanges(
  deps: LearnersDeps,
  tx: Tx,
  scope: Scope,
  wanted: readonly { row: StoredRow; learner: Learner }[],
): Promise<RowEnd[]> {
  const writes: { before: Learner; fields: LearnerFields }[] = [];
  const ends = wanted.map(({ row, learner }): RowEnd => {
    const { fields, changes } = effectOf(learner, row.record);
    const { position } = row;
    if (changes.length === 0) {
      const reason = 'Someone made the same change after the preview.';
      return { position, learnerId: learner.id, verdict: 'unchanged', applied: false, reason };
    }
    if (!isDeepStrictEqual(changes, row.changes)) {
      return leftOut(row, 'Someone changed this learner after the preview; import the file again.');
    }
    writes.push({ before: learner, fields });
    return { position, learnerId: learner.id, verdict: 'changed', applied: true, reason: null };
  });
  await writeLearnerChanges(deps, tx, scope, writes);
  return ends;
}

async function finish(deps: LearnersDeps, tx: Tx, scope: Scope, id: ImportRunId): Promise<void> {
  await countRows(tx, id);
  await deleteFiles(tx, id);
  const run = await tx
    .updateTable('import_runs')
    .set({ state: 'done', finished_at: deps.clock.now() })
    .where('id', '=', id)
    .returning(['rows_added', 'rows_applied', 'rows_faulty'])
    .executeTakeFirstOrThrow();
  await deps.events.append(tx, scope, {
    kind: 'import.finished',
    importId: id,
    added: run.rows_added,
    changed: run.rows_applied - run.rows_added,
    faulty: run.rows_faulty,
  });
  await announce(tx, scope.providerId, 'imports', [id]);
  await announce(tx, scope.providerId, 'learners', []);
}
