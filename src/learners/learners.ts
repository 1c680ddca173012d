import type { LearnerId } from '#contract/ids';
import type { ImportRun } from '#contract/imports';
import type { Learner } from '#contract/learners';
import type { Tx } from '#platform/database';
import type { Endpoint } from '#platform/http';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import type { Scope } from '#platform/scope';
import { changeLearner } from './change-learner.ts';
import {
  type ChangedBetween,
  type Choice,
  type ChosenLearner,
  chooseLearners,
} from './choose-learners.ts';
import { carryOut, tidyImports } from './imports/carry-out.ts';
import { importFromFiles } from './imports/import-from-files.ts';
import { carryOutImport } from './imports/import-jobs.ts';
import type { GivenFile } from './imports/import-record.ts';
import { importEndpoints } from './imports/import-routes.ts';
import type { ImportOptions } from './imports/set-options.ts';
import { stopImports } from './imports/stop-imports.ts';
import type { FieldsGiven } from './learner.ts';
import { learnerEndpoints } from './learner-routes.ts';
import { findByNumbers, findLearner, idsToSync, loadLearners } from './learner-store.ts';
import { mergeEndpoints } from './merges/merge-routes.ts';
import { type TurnedSync, turnSync, turnSyncOff } from './set-sync.ts';
import type { LearnersDeps } from './write-learners.ts';

/** What other rooms may ask of learners, always inside a transaction of theirs. */
export interface Learners {
  get(tx: Tx, scope: Scope, id: LearnerId): Promise<Learner | null>;
  /** Those that exist here, ordered by id. */
  getMany(tx: Tx, scope: Scope, ids: readonly LearnerId[], lock?: 'for-change'): Promise<Learner[]>;
  /** Learners with Sync to Xero on, walked by id: at most `limit` after the one named. */
  idsToSync(
    tx: Tx,
    scope: Scope,
    after: LearnerId | null,
    limit: number,
  ): Promise<{ id: LearnerId; revision: number; campus: string | null }[]>;
  /**
   * Puts some fields into a learner's record, whatever their revision; locks the learner first.
   * Fails as an edit does.
   */
  change(tx: Tx, scope: Scope, id: LearnerId, given: FieldsGiven): Promise<Learner>;
  /** Learners by learner number, blind to case and spaces. */
  findByNumbers(
    tx: Tx,
    scope: Scope,
    numbers: readonly string[],
  ): Promise<{ id: LearnerId; learnerNumber: string }[]>;
  /** Turns Sync to Xero off for those that have it on; locks them. */
  turnSyncOff(tx: Tx, scope: Scope, ids: readonly LearnerId[]): Promise<void>;
  /** Everyone of a choice, ordered by id; one more than `max` says that there are more. */
  choose(
    tx: Tx,
    scope: Scope,
    choice: Choice,
    max: number,
    changed?: ChangedBetween,
  ): Promise<ChosenLearner[]>;
  /** Turns Sync to Xero on or off for at most some hundreds, and tells who can't and why. */
  turnSync(
    tx: Tx,
    scope: Scope,
    ids: readonly LearnerId[],
    syncToXero: boolean,
  ): Promise<TurnedSync>;
  /** Imports files in one go, in this process: preview and yes in one. */
  importFromFiles(
    scope: Scope,
    files: readonly GivenFile[],
    options?: ImportOptions,
  ): Promise<ImportRun>;
  /** What is due by the clock: imports that were lost on the way, files nobody asked for. */
  tick(): Promise<void>;
  endpoints: Endpoint[];
  handlers: Handler[];
}

/** Wires the room, once for each process: from then on a provider's imports end when it closes. */
export function createLearners(deps: LearnersDeps): Learners {
  deps.events.on('provider.closed', (tx, scope) => stopImports(deps, tx, scope));
  return {
    get: findLearner,
    getMany: loadLearners,
    idsToSync,
    change: (tx, scope, id, given) => changeLearner(deps, tx, scope, id, given),
    findByNumbers,
    turnSyncOff: (tx, scope, ids) => turnSyncOff(deps, tx, scope, ids),
    choose: chooseLearners,
    turnSync: (tx, scope, ids, on) => turnSync(deps, tx, scope, ids, on),
    importFromFiles: (scope, files, options) => importFromFiles(deps, scope, files, options),
    tick: () => tidyImports(deps),
    endpoints: [...learnerEndpoints(deps), ...mergeEndpoints(deps), ...importEndpoints(deps)],
    handlers: [handlerOf(carryOutImport, (which) => carryOut(deps, which))],
  };
}
