import type { LearnerId, WorkplaceId } from '#contract/ids';
import type { LearnerWorkplace } from '#contract/workplaces';
import type { EventOf } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { loadWorkplaces, requireWorkplace } from './workplace-store.ts';
import type { WorkplacesDeps } from './write-workplace.ts';

/** Where a learner works. `request.not-found` for a learner of nobody here. */
export async function learnerWorkplace(
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<LearnerWorkplace> {
  await requireLearner(tx, scope, learnerId, 'none');
  const id = await workplaceIdOf(tx, scope, learnerId);
  const [workplace] = id === null ? [] : await loadWorkplaces(tx, scope, [id]);
  if (!workplace) return { workplace: null };
  const { workplaceNumber, name } = workplace;
  return { workplace: { workplaceId: workplace.id, workplaceNumber, name: name ?? '' } };
}

/**
 * Says where a learner works, with one event in the learner's history. Fails with
 * `request.not-found` for a learner or workplace of nobody here, `learner.merged` for a merged one.
 */
export function setLearnerWorkplace(
  deps: WorkplacesDeps,
  scope: Scope,
  learnerId: LearnerId,
  workplaceId: WorkplaceId | null,
): Promise<LearnerWorkplace> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    await requireLearner(tx, scope, learnerId, 'for-change');
    const wanted = workplaceId === null ? null : await requireWorkplace(tx, scope, workplaceId);
    const before = await learnerWorkplace(tx, scope, learnerId);
    const beforeId = before.workplace?.workplaceId ?? null;
    if (beforeId === workplaceId) return before;
    await put(tx, scope, learnerId, workplaceId, null);
    await deps.events.append(tx, scope, {
      kind: 'learner.workplace-set',
      learnerId,
      workplaceName: wanted?.name ?? null,
      formerName: before.workplace?.name ?? null,
    });
    await announce(tx, scope.providerId, 'learners', [learnerId]);
    const ids = [beforeId, workplaceId].filter((id) => id !== null);
    await announce(tx, scope.providerId, 'workplaces', ids);
    return learnerWorkplace(tx, scope, learnerId);
  });
}

/** A learner who is kept works where the merged one did, if nothing is known of their own. */
export async function takeOver(tx: Tx, scope: Scope, event: EventOf<'learner.merged'>) {
  const { learnerId, mergedId, mergeId } = event;
  const theirs = await workplaceIdOf(tx, scope, mergedId);
  if (theirs === null || (await workplaceIdOf(tx, scope, learnerId)) !== null) return;
  await put(tx, scope, learnerId, theirs, mergeId);
}

/** What a merge brought goes again when it is undone, unless somebody has set another since. */
export async function giveBack(tx: Tx, scope: Scope, event: EventOf<'learner.unmerged'>) {
  await tx
    .deleteFrom('learner_workplaces')
    .where('provider_id', '=', scope.providerId)
    .where('learner_id', '=', event.learnerId)
    .where('merge_id', '=', event.mergeId)
    .execute();
}

async function workplaceIdOf(
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<WorkplaceId | null> {
  const row = await tx
    .selectFrom('learner_workplaces')
    .select('workplace_id')
    .where('provider_id', '=', scope.providerId)
    .where('learner_id', '=', learnerId)
    .executeTakeFirst();
  return (row?.workplace_id as WorkplaceId | undefined) ?? null;
}

async function put(
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
  workplaceId: WorkplaceId | null,
  mergeId: string | null,
): Promise<void> {
  if (workplaceId === null) {
    await tx
      .deleteFrom('learner_workplaces')
      .where('provider_id', '=', scope.providerId)
      .where('learner_id', '=', learnerId)
      .execute();
    return;
  }
  const facts = { workplace_id: workplaceId, merge_id: mergeId };
  await tx
    .insertInto('learner_workplaces')
    .values({ provider_id: scope.providerId, learner_id: learnerId, ...facts })
    .onConflict((conflict) => conflict.column('learner_id').doUpdateSet(facts))
    .execute();
}

/** Learners are a room of the same rank, so that one is there is asked of the database. */
async function requireLearner(
  tx: Tx,
  scope: Scope,
  id: LearnerId,
  lock: 'for-change' | 'none',
): Promise<void> {
  let query = tx
    .selectFrom('learners')
    .select('merged_into')
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id);
  if (lock === 'for-change') query = query.forNoKeyUpdate();
  const learner = await query.executeTakeFirst();
  if (!learner) throw new AppError('request.not-found', 'There is no learner at this address.');
  if (lock === 'for-change' && learner.merged_into !== null) {
    throw new AppError('learner.merged', 'A merged learner stays as they were.');
  }
}
