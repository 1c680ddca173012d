import type { WorkplaceId } from '#contract/ids';
import type { SyncGap } from '#contract/learners';
import { type Workplace, workplaceGaps } from '#contract/workplaces';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { withFields } from './workplace.ts';
import { loadWorkplaces } from './workplace-store.ts';
import { type WorkplacesDeps, writeChange } from './write-workplace.ts';

/** What became of each of many. */
export interface TurnedSync {
  changed: WorkplaceId[];
  unchanged: WorkplaceId[];
  /** Those that Xero could not take, with what is missing, and ids that are not here. */
  refused: { workplaceId: WorkplaceId; name: string; gaps: SyncGap[] }[];
}

/** Turns Sync to Xero on or off for many workplaces, in the caller's transaction; locks them. */
export async function turnSync(
  deps: Pick<WorkplacesDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  workplaceIds: readonly WorkplaceId[],
  syncToXero: boolean,
): Promise<TurnedSync> {
  const ids = [...new Set(workplaceIds)];
  const found = await loadWorkplaces(tx, scope, ids, 'for-change');
  const here = new Set(found.map(({ id }) => id));
  const turned: TurnedSync = {
    changed: [],
    unchanged: [],
    refused: ids.filter((id) => !here.has(id)).map(refusalOfUnknown),
  };
  for (const workplace of found) {
    if (workplace.syncToXero === syncToXero) {
      turned.unchanged.push(workplace.id);
    } else if (syncToXero && workplaceGaps(workplace).length > 0) {
      turned.refused.push(refusalOf(workplace));
    } else {
      await writeChange(deps, tx, scope, workplace, withFields(workplace, { syncToXero }));
      turned.changed.push(workplace.id);
    }
  }
  return turned;
}

function refusalOf(workplace: Workplace) {
  const { id: workplaceId, workplaceNumber, name } = workplace;
  return { workplaceId, name: name ?? workplaceNumber, gaps: workplaceGaps(workplace) };
}

function refusalOfUnknown(workplaceId: WorkplaceId) {
  const gap = { field: 'workplaceId', message: 'There is no such workplace here.' };
  return { workplaceId, name: 'Unknown workplace', gaps: [gap] };
}
