import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import type { ConnectedWorld } from './connected.ts';

/** A learner as they stand by now. */
export function learnerNow({ owner }: ConnectedWorld, { id }: Learner): Promise<Learner> {
  return owner.call(api.getLearner, { params: { learnerId: id } });
}

/** Merges two learners as they stand by now, and lets Xero hear of it. */
export async function mergeLearners(
  world: ConnectedWorld,
  kept: Learner,
  merged: Learner,
): Promise<Learner> {
  const [one, other] = await Promise.all([learnerNow(world, kept), learnerNow(world, merged)]);
  const after = await world.owner.call(api.mergeLearners, {
    params: { learnerId: one.id },
    body: { otherLearnerId: other.id, revision: one.revision, otherRevision: other.revision },
  });
  await world.settle();
  return after;
}

/** Undoes the last merge into a learner. */
export async function undoMerge(world: ConnectedWorld, { id }: Learner): Promise<Learner> {
  const params = { learnerId: id };
  const { merges } = await world.owner.call(api.listLearnerMerges, { params });
  const after = await world.owner.call(api.undoLearnerMerge, {
    params: { ...params, mergeId: merges[0]?.id ?? '' },
  });
  await world.settle();
  return after;
}
