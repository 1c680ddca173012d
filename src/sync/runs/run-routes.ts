import { z } from 'zod';
import type { SyncRunId } from '#contract/ids';
import { runRoutes, type SyncRun } from '#contract/runs';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { listItems, talliesOf } from './item-store.ts';
import { presentRun } from './present-run.ts';
import type { Run } from './run.ts';
import { runReport } from './run-report.ts';
import { findRun, listEndedRuns, listRuns } from './run-store.ts';
import { stillSent, waitsOf } from './run-waits.ts';
import { startRun } from './start-run.ts';
import { steerRun } from './steer-run.ts';

/** More do not end between two looks of an open page. */
const ENDS_SHOWN = 20;

/**
 * Bulk runs: begun, steered, listed and reported. The lanes carry them out; an act on one answers
 * with the run as it stands right after.
 */
export function runEndpoints(deps: SyncDeps): Endpoint[] {
  const { database } = deps;
  const oneOf = async (tx: Tx, scope: Scope, id: SyncRunId) => {
    const [shown] = await present(deps, tx, scope, [await requireRun(tx, scope, id)]);
    if (!shown) throw new AppError('request.not-found', 'There is no such run.');
    return shown;
  };
  return [
    endpoint(runRoutes.startSyncRun, ({ scope, body }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const ids = await startRun(deps, tx, scope, body);
        return { runs: await Promise.all(ids.map((id) => oneOf(tx, scope, id))) };
      }),
    ),

    endpoint(runRoutes.listSyncRuns, ({ scope, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const after = query.cursor === undefined ? null : decodePlace(query.cursor);
        const found = await listRuns(tx, scope, { limit: query.limit + 1, after });
        const shown = found.slice(0, query.limit);
        const last = shown.at(-1);
        return {
          items: await present(deps, tx, scope, shown),
          nextCursor: found.length > query.limit && last ? encodePlace(last) : null,
        };
      }),
    ),

    endpoint(runRoutes.listRunEnds, ({ scope }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const runs = await listEndedRuns(tx, scope, ENDS_SHOWN);
        const shown = await present(deps, tx, scope, runs);
        return {
          items: shown.flatMap(({ id, kind, state, counts, finishedAt }) =>
            finishedAt === null ? [] : [{ id, kind, state, failed: counts.failed, finishedAt }],
          ),
        };
      }),
    ),

    endpoint(runRoutes.getSyncRun, ({ scope, params }) =>
      database.asProvider(scope.providerId, (tx) => oneOf(tx, scope, params.runId)),
    ),

    endpoint(runRoutes.listSyncRunItems, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const run = await requireRun(tx, scope, params.runId);
        const afterSeq = query.cursor === undefined ? 0 : decodeSeq(query.cursor);
        const { limit, outcome } = query;
        const found = await listItems(tx, scope, run.id, { limit: limit + 1, afterSeq, outcome });
        const shown = found.slice(0, limit);
        return {
          items: shown.map(({ seq, subjectKind, subjectId, label, reason, ...item }) => ({
            seq,
            subject: subjectKind,
            subjectId,
            label,
            outcome: item.outcome,
            reason,
          })),
          nextCursor: found.length > limit ? String(shown.at(-1)?.seq) : null,
        };
      }),
    ),

    endpoint(runRoutes.steerSyncRun, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) => {
        await steerRun(deps, tx, scope, params.runId, params.act);
        return oneOf(tx, scope, params.runId);
      }),
    ),

    endpoint(runRoutes.syncRunReport, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) =>
        runReport(tx, scope, await requireRun(tx, scope, params.runId)),
      ),
    ),
  ];
}

async function requireRun(tx: Tx, scope: Scope, id: SyncRunId): Promise<Run> {
  const run = await findRun(tx, scope, id);
  if (run) return run;
  throw new AppError('request.not-found', 'There is no run at this address.');
}

async function present(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  runs: readonly Run[],
): Promise<SyncRun[]> {
  const tallies = await talliesOf(tx, scope, runs);
  const waitOf = await waitsOf(tx, scope, runs, deps.clock.now());
  return runs.map((run) => {
    const tally = tallies.get(run.id);
    if (run.state === 'paused') return presentRun(run, tally, stillSent(tally));
    return presentRun(run, tally, run.state === 'running' ? waitOf(run) : null);
  });
}

const Place = z.tuple([z.iso.datetime(), z.uuid()]);

function encodePlace(run: Run): string {
  const place = JSON.stringify([run.createdAt.toISOString(), run.id]);
  return Buffer.from(place).toString('base64url');
}

function decodePlace(cursor: string): { createdAt: Date; id: string } {
  try {
    const json: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [createdAt, id] = Place.parse(json);
    return { createdAt: new Date(createdAt), id };
  } catch (cause) {
    throw foreignCursor(cause);
  }
}

function decodeSeq(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw foreignCursor();
}

function foreignCursor(cause?: unknown): AppError {
  return new AppError('request.invalid', 'This cursor does not belong to this list.', { cause });
}
