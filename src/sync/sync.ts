import type { ProviderId } from '#contract/ids';
import type { Endpoint, RawRoutes } from '#platform/http';
import type { Handler } from '#platform/jobs/worker';
import { agreementEndpoints } from './agreement/agreement-routes.ts';
import { bookEndpoints } from './books/book-routes.ts';
import { diagnosisEndpoints } from './diagnosis/diagnosis-routes.ts';
import { driftEndpoints } from './drift/drift-routes.ts';
import { syncEndpoints } from './health/sync-routes.ts';
import { inboxEndpoints } from './inbox/inbox-routes.ts';
import { wakeDueLanes } from './lane/due-lanes.ts';
import type { SyncDeps } from './lane/lane-run.ts';
import { runLaneHandler } from './lane/run-lane.ts';
import { subscribeToMerges } from './links/merge-links.ts';
import { matchingEndpoints } from './matching/matching-routes.ts';
import { createParties, type PartyRooms } from './parties/parties.ts';
import { renewOldPapers } from './pull/renew-papers.ts';
import { webhookRoutes } from './pull/webhook-routes.ts';
import { advanceRun } from './runs/advance-run.ts';
import { runEndpoints } from './runs/run-routes.ts';
import { runsUnderWay } from './runs/run-store.ts';
import { subscribe } from './subscriptions.ts';

/** Learners and Xero kept in step. */
export interface Sync {
  readonly endpoints: Endpoint[];
  readonly rawRoutes: RawRoutes[];
  readonly handlers: Handler[];
  /**
   * Takes runs a step further, reads old papers again after an upgrade, and wakes every lane that is due and that nobody alive holds; called
   * every few seconds by each worker. Finds what a lost job or a dead worker left. Answers with how many.
   */
  tick(): Promise<number>;
}

/** Makes the room and ties it to what happens in the rooms below. */
export function createSync(given: Omit<SyncDeps, 'parties'> & PartyRooms): Sync {
  const deps: SyncDeps = { ...given, parties: createParties(given) };
  subscribe(deps, deps.events);
  subscribeToMerges(deps, deps.events);
  return {
    endpoints: [
      ...syncEndpoints(deps),
      ...agreementEndpoints(deps),
      ...bookEndpoints(deps),
      ...matchingEndpoints(deps),
      ...inboxEndpoints(deps),
      ...driftEndpoints(deps),
      ...diagnosisEndpoints(deps),
      ...runEndpoints(deps),
    ],
    rawRoutes: [webhookRoutes(deps)],
    handlers: [runLaneHandler(deps)],
    async tick() {
      const runs = await deps.database.asSystem((tx) => runsUnderWay(tx));
      for (const { providerId, runId } of runs) {
        await advanceRun(deps, { providerId: providerId as ProviderId, runId });
      }
      await renewOldPapers(deps);
      return deps.database.asSystem((tx) => wakeDueLanes(tx, deps.clock.now()));
    },
  };
}
