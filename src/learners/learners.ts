import type { LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import type { Tx } from '#platform/database';
import type { Endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import { learnerEndpoints } from './learner-routes.ts';
import { findByNumbers, findLearner, idsToSync, loadLearners } from './learner-store.ts';
import type { LearnersDeps } from './write-learners.ts';

/** What other rooms may ask of learners, always inside a transaction of theirs. */
export interface Learners {
  get(tx: Tx, scope: Scope, id: LearnerId): Promise<Learner | null>;
  /** Those that exist here, ordered by id. */
  getMany(tx: Tx, scope: Scope, ids: readonly LearnerId[]): Promise<Learner[]>;
  /** Learners with Sync to Xero on, walked by id: at most `limit` after the one named. */
  idsToSync(
    tx: Tx,
    scope: Scope,
    after: LearnerId | null,
    limit: number,
  ): Promise<{ id: LearnerId; revision: number }[]>;
  /** Learners by learner number, blind to case and spaces. */
  findByNumbers(
    tx: Tx,
    scope: Scope,
    numbers: readonly string[],
  ): Promise<{ id: LearnerId; learnerNumber: string }[]>;
  endpoints: Endpoint[];
}

export function createLearners(deps: LearnersDeps): Learners {
  return {
    get: findLearner,
    getMany: (tx, scope, ids) => loadLearners(tx, scope, ids),
    idsToSync,
    findByNumbers,
    endpoints: learnerEndpoints(deps),
  };
}
