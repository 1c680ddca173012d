import { type Books, bookRoutes } from '#contract/books';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import { MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf, wakeLane } from '../lane/lane-store.ts';
import { cursorsOf, sweepSoon } from '../pull/cursor-store.ts';
import { booksOf } from './book-store.ts';

const CHANGES_SHOWN = 20;
/** What was read this recently is not read again: four calls are not spent on a double click. */
const FRESH_FOR_MS = MINUTE_MS;

/**
 * How an organisation's books are set up. Asking to read them now only lets the lane do so.
 * @throws AppError `request.not-found`, `xero.consent-lost` where the lane does not run
 */
export function bookEndpoints(deps: SyncDeps): Endpoint[] {
  const { database, clock } = deps;
  return [
    endpoint(bookRoutes.getBooks, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) =>
        present(deps, tx, scope, await requireLane(tx, scope, params.connectionId)),
      ),
    ),

    endpoint(bookRoutes.readBooksNow, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const lane = await requireLane(tx, scope, params.connectionId);
        const xeroOrgId = lane.xero_org_id as XeroOrgId;
        const now = clock.now();
        const isRunning = await wakeLane(tx, scope.providerId, xeroOrgId, now);
        if (!isRunning) throw new AppError('xero.consent-lost');
        const books = await booksOf(tx, scope, xeroOrgId);
        if (!books || books.readAt < plus(now, -FRESH_FOR_MS)) {
          await sweepSoon(tx, scope, xeroOrgId, ['settings'], now);
        }
        return present(deps, tx, scope, lane);
      }),
    ),
  ];
}

async function requireLane(tx: Tx, scope: Scope, connectionId: ConnectionId): Promise<Lane> {
  const lanes = await lanesOf(tx, scope);
  const lane = lanes.find((one) => one.connection_id === connectionId);
  if (lane && lane.stop_reason !== 'disconnected') return lane;
  throw new AppError('request.not-found', 'There are no connected books at this address.');
}

async function present(deps: SyncDeps, tx: Tx, scope: Scope, lane: Lane): Promise<Books> {
  const xeroOrgId = lane.xero_org_id as XeroOrgId;
  const books = await booksOf(tx, scope, xeroOrgId);
  const cursors = await cursorsOf(tx, scope, xeroOrgId);
  const cursor = cursors.find(({ resource }) => resource === 'settings');
  const isDue = cursor === undefined || cursor.isWalking || cursor.nextAt <= deps.clock.now();
  const subject = { kind: 'books', id: xeroOrgId };
  const events = await deps.events.of(tx, scope, subject, { limit: CHANGES_SHOWN });
  return {
    xeroOrgId,
    organisationName: lane.organisation_name,
    settings: books?.settings ?? null,
    readAt: books?.readAt.toISOString() ?? null,
    changedAt: books?.changedAt?.toISOString() ?? null,
    isBeingRead: lane.state === 'running' && isDue,
    changes: events.flatMap(({ at, event }) =>
      event.kind === 'books.changed' ? { at: at.toISOString(), changes: event.changes } : [],
    ),
  };
}
