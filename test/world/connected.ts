import type { z } from 'zod';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import type { Learner, NewLearner } from '#contract/learners';
import type { LearnerSync } from '#contract/sync';
import type { SignedIn } from './people.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** A world whose provider is connected to the Australian organisation and at rest. */
export interface ConnectedWorld extends World {
  readonly owner: SignedIn;
  /** Adds a learner with Sync to Xero on, without waiting for anything. */
  addLearner(fields: z.input<typeof NewLearner>): Promise<Learner>;
  edit(learner: Learner, fields: object): Promise<Learner>;
  syncOf(learnerId: LearnerId): Promise<LearnerSync>;
  /** Where the learner stands and why; `null` when nothing is sent. */
  standingOf(learnerId: LearnerId): Promise<{ standing: string; reasons: string[] } | null>;
  documentsOf(learnerId: LearnerId): ReturnType<typeof documentsOf>;
}

export async function startConnectedWorld(options: WorldOptions = {}): Promise<ConnectedWorld> {
  const world = await startWorld(options);
  const owner = await world.people.owner();
  const landing = await world.connectXero(owner);
  if (landing.outcome !== 'connected') throw new Error(`Connecting ended with ${landing.outcome}`);
  await world.settle();
  const syncOf = (learnerId: LearnerId) => owner.call(api.learnerSync, { params: { learnerId } });
  return {
    ...world,
    owner,
    addLearner: (fields) =>
      owner.call(api.addLearner, { body: { syncToXero: true, saveAnyway: true, ...fields } }),
    edit: (learner, fields) =>
      owner.call(api.editLearner, {
        params: { learnerId: learner.id },
        body: { revision: learner.revision, ...fields },
      }),
    syncOf,
    async standingOf(learnerId) {
      const { link } = await syncOf(learnerId);
      return link && { standing: link.standing, reasons: link.reasons };
    },
    documentsOf: (learnerId) => documentsOf(owner, learnerId),
  };
}

function documentsOf(owner: SignedIn, learnerId: LearnerId) {
  return owner.call(api.listLearnerDocuments, { params: { learnerId } });
}
