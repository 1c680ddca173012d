import { api } from '#contract/api';
import type { SyncRunId } from '#contract/ids';
import type { RunWish, SyncRun } from '#contract/runs';
import type { SignedIn } from './people.ts';

/** What somebody does with runs; `owner` is asked for each time, since a story's world comes later. */
export function runsBy(owner: () => SignedIn) {
  return {
    async start(wish: RunWish, who = owner()): Promise<SyncRun> {
      const { runs } = await who.call(api.startSyncRun, { body: wish });
      const [run] = runs;
      if (!run) throw new Error('No run was started');
      return run;
    },
    runOf: (runId: SyncRunId) => owner().call(api.getSyncRun, { params: { runId } }),
    itemsOf: async (runId: SyncRunId) =>
      (await owner().call(api.listSyncRunItems, { params: { runId }, query: { limit: 200 } }))
        .items,
    steer: (runId: SyncRunId, act: 'pause' | 'resume' | 'cancel') =>
      owner().call(api.steerSyncRun, { params: { runId, act } }),
  };
}
