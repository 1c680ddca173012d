import { driftRoutes, RuleField, winnerTexts } from '#contract/drift';
import { type Endpoint, endpoint } from '#platform/http';
import { announce } from '#platform/live-updates';
import type { SyncDeps } from '../lane/lane-run.ts';
import { decideDrift } from './decide-drift.ts';
import { countOpenDrifts, readRules, writeRules } from './drift-store.ts';
import { findDiffering, presentDrift } from './read-drift.ts';

/**
 * What differs between a party and its contact, and who wins each field. Setting the rules as they
 * are does nothing; other rules have every lane weigh anew what is open.
 */
export function driftEndpoints(deps: SyncDeps): Endpoint[] {
  const { database, clock, events } = deps;
  return [
    endpoint(driftRoutes.partyDrift, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        drift: presentDrift(await findDiffering(deps, tx, scope, params.partyId)),
      })),
    ),

    endpoint(driftRoutes.decideDrift, ({ scope, params, body }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        drift: await decideDrift(deps, tx, scope, params.partyId, body),
      })),
    ),

    endpoint(driftRoutes.getSyncRules, ({ scope }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        rules: await readRules(tx, scope),
        openDrifts: await countOpenDrifts(tx, scope),
      })),
    ),

    endpoint(driftRoutes.setSyncRules, ({ scope, body }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const before = await readRules(tx, scope);
        const changed = RuleField.options.filter((field) => before[field] !== body.rules[field]);
        if (changed.length === 0) return null;
        await writeRules(tx, scope, body.rules, clock.now());
        const changes = changed.map((field) => ({
          field,
          from: winnerTexts[before[field]].title,
          to: winnerTexts[body.rules[field]].title,
        }));
        await events.append(tx, scope, { kind: 'sync-rules.changed', changes });
        await announce(tx, scope.providerId, 'sync', []);
        return null;
      }),
    ),
  ];
}
