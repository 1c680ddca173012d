import type { WorkplaceId } from '#contract/ids';
import type { Workplace } from '#contract/workplaces';
import type { Tx } from '#platform/database';
import type { Endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import { type Choice, chooseWorkplaces } from './choose-workplaces.ts';
import { giveBack, takeOver } from './learner-workplace.ts';
import { type TurnedSync, turnSync } from './turn-sync.ts';
import { workplaceEndpoints } from './workplace-routes.ts';
import { findByNumbers, idsToSync, loadWorkplaces } from './workplace-store.ts';
import { turnSyncOff, type WorkplacesDeps } from './write-workplace.ts';

/** What other rooms may ask of workplaces, always inside a transaction of theirs. */
export interface Workplaces {
  /** Those that exist here, ordered by id. */
  getMany(
    tx: Tx,
    scope: Scope,
    ids: readonly WorkplaceId[],
    lock?: 'for-change',
  ): Promise<Workplace[]>;
  /** Workplaces with Sync to Xero on, walked by id: at most `limit` after the one named. */
  idsToSync(
    tx: Tx,
    scope: Scope,
    after: WorkplaceId | null,
    limit: number,
  ): Promise<{ id: WorkplaceId; revision: number; campus: string | null }[]>;
  /** By workplace number, blind to case and spaces. */
  findByNumbers(
    tx: Tx,
    scope: Scope,
    numbers: readonly string[],
  ): Promise<{ id: WorkplaceId; workplaceNumber: string }[]>;
  /** Turns Sync to Xero off for those that have it on; locks them. */
  turnSyncOff(tx: Tx, scope: Scope, ids: readonly WorkplaceId[]): Promise<void>;
  /** Each of a choice that is here, ordered by id; at most `max` and one more, if there are more. */
  choose(
    tx: Tx,
    scope: Scope,
    choice: Choice,
    max: number,
    changed: Parameters<typeof chooseWorkplaces>[4],
  ): ReturnType<typeof chooseWorkplaces>;
  /** Turns Sync to Xero for many; those that Xero could not take are named with what is missing. */
  turnSync(
    tx: Tx,
    scope: Scope,
    ids: readonly WorkplaceId[],
    syncToXero: boolean,
  ): Promise<TurnedSync>;
  endpoints: Endpoint[];
}

/**
 * Puts the room together. It hears merges of learners and their undoing, with which the place of
 * work goes along.
 */
export function createWorkplaces(deps: WorkplacesDeps): Workplaces {
  deps.events.on('learner.merged', takeOver);
  deps.events.on('learner.unmerged', giveBack);
  return {
    getMany: loadWorkplaces,
    idsToSync,
    findByNumbers,
    turnSyncOff: (tx, scope, ids) => turnSyncOff(deps, tx, scope, ids),
    choose: chooseWorkplaces,
    turnSync: (tx, scope, ids, on) => turnSync(deps, tx, scope, ids, on),
    endpoints: workplaceEndpoints(deps),
  };
}
