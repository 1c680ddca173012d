import type { WorkplaceId } from '#contract/ids';
import { permissions, roleMay, rolesThatMay } from '#contract/permissions';
import {
  type NewWorkplace,
  type Workplace,
  type WorkplaceChange,
  type WorkplaceFields,
  workplaceGaps,
} from '#contract/workplaces';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { whoMay } from '#providers/index';
import { changesBetween, emptyWorkplace, identitiesOf, withFields } from './workplace.ts';
import {
  findByIdentities,
  insertWorkplace,
  loadWorkplaces,
  requireWorkplace,
  takeWorkplaceNumber,
  updateWorkplace,
} from './workplace-store.ts';

export interface WorkplacesDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
}

/**
 * Adds one workplace. Fails with `workplace.possible-duplicate` unless `saveAnyway`,
 * `workplace.cannot-sync`, or `permission.missing` where the caller may not turn Sync to Xero on.
 */
export function addWorkplace(
  deps: WorkplacesDeps,
  scope: Scope,
  given: NewWorkplace,
): Promise<Workplace> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const fields = withFields(emptyWorkplace, given);
    if (fields.syncToXero) await requireMaySync(tx, scope);
    requireReadyForXero(fields);
    if (!given.saveAnyway) await refusePossibleDuplicate(tx, scope, fields, null);
    const at = deps.clock.now().toISOString();
    const workplace: Workplace = {
      ...fields,
      id: newId<WorkplaceId>(),
      workplaceNumber: await takeWorkplaceNumber(tx, scope),
      revision: 1,
      createdAt: at,
      updatedAt: at,
    };
    await insertWorkplace(tx, scope, workplace);
    const { id: workplaceId, revision, syncToXero, campus } = workplace;
    await deps.events.append(tx, scope, {
      kind: 'workplace.added',
      workplaceId,
      name: workplace.name ?? '',
      revision,
      syncToXero,
      campus,
    });
    await announce(tx, scope.providerId, 'workplaces', [workplaceId]);
    return workplace;
  });
}

/**
 * Changes one workplace; fields left out stay. Fails with `request.not-found`, `request.conflict`
 * when someone changed it since the revision given, and as adding one does.
 */
export function editWorkplace(
  deps: WorkplacesDeps,
  scope: Scope,
  id: WorkplaceId,
  change: WorkplaceChange,
): Promise<Workplace> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const before = await requireWorkplace(tx, scope, id, 'for-change');
    if (before.revision !== change.revision) {
      const versions = `You changed version ${change.revision}; version ${before.revision} is here.`;
      throw new AppError('request.conflict', versions);
    }
    const fields = withFields(before, change);
    if (fields.syncToXero !== before.syncToXero) await requireMaySync(tx, scope);
    if (!change.saveAnyway) await refusePossibleDuplicate(tx, scope, fields, before);
    return writeChange(deps, tx, scope, before, fields);
  });
}

/**
 * Turns Sync to Xero on or off, whatever the revision. Fails with `request.not-found`, or
 * `workplace.cannot-sync` with what Xero needs.
 */
export function setWorkplaceSync(
  deps: WorkplacesDeps,
  scope: Scope,
  id: WorkplaceId,
  syncToXero: boolean,
): Promise<Workplace> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const before = await requireWorkplace(tx, scope, id, 'for-change');
    return writeChange(deps, tx, scope, before, withFields(before, { syncToXero }));
  });
}

/** Turns Sync to Xero off for those of these that have it on; locks them. */
export async function turnSyncOff(
  deps: Pick<WorkplacesDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  ids: readonly WorkplaceId[],
): Promise<void> {
  for (const before of await loadWorkplaces(tx, scope, ids, 'for-change')) {
    await writeChange(deps, tx, scope, before, withFields(before, { syncToXero: false }));
  }
}

/** One event names what changed; where nothing differs nothing is written. */
export async function writeChange(
  deps: Pick<WorkplacesDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  before: Workplace,
  fields: WorkplaceFields,
): Promise<Workplace> {
  const changes = changesBetween(before, fields);
  if (changes.length === 0) return before;
  requireReadyForXero(fields);
  const updatedAt = deps.clock.now().toISOString();
  const after: Workplace = { ...before, ...fields, revision: before.revision + 1, updatedAt };
  await updateWorkplace(tx, scope, after);
  const { id: workplaceId, revision, syncToXero, campus } = after;
  const event = { kind: 'workplace.changed' as const, workplaceId, revision, syncToXero, campus };
  await deps.events.append(tx, scope, { ...event, changes });
  await announce(tx, scope.providerId, 'workplaces', [workplaceId]);
  return after;
}

function requireReadyForXero(fields: WorkplaceFields): void {
  const gaps = fields.syncToXero ? workplaceGaps(fields) : [];
  if (gaps.length === 0) return;
  throw new AppError('workplace.cannot-sync', gaps.map((gap) => gap.message).join(' '), {
    extras: { fields: gaps },
  });
}

/** Editing does not include the right to turn Sync to Xero, as with learners. */
async function requireMaySync(tx: Tx, scope: Scope): Promise<void> {
  const { actor } = scope;
  if (actor.kind === 'bursar' || roleMay(actor.role, 'workplaces.sync')) return;
  const { allows } = permissions['workplaces.sync'];
  const rule = `Only ${rolesThatMay('workplaces.sync')} may ${allows}.`;
  throw new AppError('permission.missing', rule, {
    extras: {
      whoMay: await whoMay(tx, scope, 'workplaces.sync'),
      fields: [{ field: 'syncToXero', message: 'your role can’t change this' }],
    },
  });
}

const SHOWN_MAX = 5;

/**
 * Refuses with `workplace.possible-duplicate`, naming up to five, when one here has the same name,
 * business number or e-mail. An edit that leaves these as they were is never asked about again.
 */
async function refusePossibleDuplicate(
  tx: Tx,
  scope: Scope,
  fields: WorkplaceFields,
  before: Workplace | null,
): Promise<void> {
  const known = new Set(before ? identitiesOf(before) : []);
  const keys = identitiesOf(fields).filter((key) => !known.has(key));
  const found = await findByIdentities(tx, scope, keys, SHOWN_MAX + 1);
  const ids = found.filter((id) => id !== before?.id).slice(0, SHOWN_MAX);
  if (ids.length === 0) return;
  const similar = await loadWorkplaces(tx, scope, ids);
  const names = similar.map(({ name, workplaceNumber }) => `${name} (${workplaceNumber})`);
  throw new AppError('workplace.possible-duplicate', `Similar: ${names.join(', ')}.`, {
    extras: {
      similarWorkplaces: similar.map(({ id, name, workplaceNumber }) => ({
        workplaceId: id,
        name: name ?? '',
        workplaceNumber,
      })),
    },
  });
}
