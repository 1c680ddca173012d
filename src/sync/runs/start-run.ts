import type { PartyKind, SyncRunId, XeroOrgId } from '#contract/ids';
import { organisationFor } from '#contract/organisations';
import {
  type LearnerChoice,
  RUN_LEARNERS_MAX,
  type RunWish,
  type WorkplaceChoice,
} from '#contract/runs';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { getProvider } from '#providers/index';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf, wakeLane } from '../lane/lane-store.ts';
import { insertOpenItems } from './item-store.ts';
import { chosenBy, type Named, type RunRange, rangeOf } from './run.ts';
import { insertRun } from './run-store.ts';

type Chosen = readonly { kind: PartyKind; id: string; label: string; campus: string | null }[];

/**
 * Writes a run down with all it is about, so that from here on it goes by itself. Whoever matches
 * the filter now is in it. A resync makes one run for each organisation, with those who belong to
 * it; where it is about learners or workplaces alone, none for an organisation without any.
 *
 * @throws AppError `run.nothing-to-do` when nobody matches or belongs to an organisation that is
 *   connected, `request.too-large` above RUN_LEARNERS_MAX learners or
 *   workplaces
 */
export async function startRun(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  wish: RunWish,
): Promise<SyncRunId[]> {
  const now = deps.clock.now();
  const range = rangeOf(wish);
  if (wish.kind === 'sync-on' || wish.kind === 'sync-off') {
    const parties = await choose(deps, tx, scope, chosenBy(wish));
    const none = { xeroOrgId: null, organisationName: null };
    const run = { kind: wish.kind, ...none, range, step: 'learners' as const, laneWork: false };
    const id = await insertRun(tx, scope, run, now);
    await insertOpenItems(tx, scope, id, parties);
    await tellStart(deps, tx, scope, id, wish.kind, parties.length);
    return [id];
  }
  const lanes = await lanesToRead(tx, scope, wish.xeroOrgId);
  const parties =
    wish.kind === 'resync-papers'
      ? null
      : wish.kind === 'resync-everything'
        ? await everybody(deps, tx, scope)
        : await choose(deps, tx, scope, chosenBy(wish), range);
  const { rules, connected } = await deps.connections.routing(tx, scope);
  const ids: SyncRunId[] = [];
  for (const lane of lanes) {
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const own =
      parties?.filter((one) => organisationFor(one, rules, connected) === xeroOrgId) ?? null;
    if (own?.length === 0 && wish.kind !== 'resync-everything') continue;
    await wakeLane(tx, scope.providerId, xeroOrgId, now);
    const step = parties === null ? ('papers' as const) : ('contacts' as const);
    const { organisation_name: organisationName } = lane;
    const run = { kind: wish.kind, xeroOrgId, organisationName, range, step, laneWork: true };
    const id = await insertRun(tx, scope, run, now);
    if (own) await insertOpenItems(tx, scope, id, own);
    await tellStart(deps, tx, scope, id, wish.kind, own?.length ?? null);
    ids.push(id);
  }
  if (ids.length === 0) throw new AppError('run.nothing-to-do', elsewhere(wish.xeroOrgId));
  return ids;
}

function elsewhere(xeroOrgId: XeroOrgId | undefined): string {
  return xeroOrgId === undefined
    ? 'None of them belongs to a Xero organisation that is connected.'
    : 'None of them belongs to that Xero organisation.';
}

async function lanesToRead(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId | undefined,
): Promise<Lane[]> {
  const lanes = (await lanesOf(tx, scope)).filter(
    (lane) =>
      lane.stop_reason !== 'disconnected' &&
      (xeroOrgId === undefined || lane.xero_org_id === xeroOrgId),
  );
  if (lanes.length > 0) return lanes;
  throw new AppError('run.nothing-to-do', 'That Xero organisation is not connected.');
}

async function choose(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  named: Named,
  days: Pick<RunRange, 'from' | 'to'> = { from: null, to: null },
): Promise<Chosen> {
  const timeZone = (await getProvider(tx, scope))?.timeZone ?? 'UTC';
  const changed = { ...days, timeZone };
  const found =
    named.who === 'learner'
      ? await learnersOf(deps, tx, scope, named.choice ?? all, changed)
      : await workplacesOf(deps, tx, scope, named.choice ?? all, changed);
  if (found.length === 0) throw new AppError('run.nothing-to-do', `No ${named.who} matches.`);
  return found;
}

/** Without a choice: all that are to be in Xero. */
const all = { filter: { syncToXero: true } };

type Changed = Pick<RunRange, 'from' | 'to'> & { timeZone: string };

async function learnersOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  choice: LearnerChoice,
  changed: Changed,
): Promise<Chosen> {
  const found = await deps.learners.choose(tx, scope, choice, RUN_LEARNERS_MAX, changed);
  refuseTooMany(found, 'learners');
  return found.map(({ id, name, learnerNumber, campus }) => ({
    kind: 'learner',
    id,
    label: `${name} (${learnerNumber})`,
    campus,
  }));
}

async function workplacesOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  choice: WorkplaceChoice,
  changed: Changed,
): Promise<Chosen> {
  const found = await deps.workplaces.choose(tx, scope, choice, RUN_LEARNERS_MAX, changed);
  refuseTooMany(found, 'workplaces');
  return found.map(({ id, name, workplaceNumber, campus }) => ({
    kind: 'workplace',
    id,
    label: `${name} (${workplaceNumber})`,
    campus,
  }));
}

/** All learners and workplaces with Sync to Xero on. */
async function everybody(deps: SyncDeps, tx: Tx, scope: Scope): Promise<Chosen> {
  const always = { from: null, to: null, timeZone: 'UTC' };
  const people = await learnersOf(deps, tx, scope, all, always);
  const companies = await workplacesOf(deps, tx, scope, all, always);
  const found = [...people, ...companies];
  if (found.length === 0) throw new AppError('run.nothing-to-do', 'No learner matches.');
  return found;
}

function refuseTooMany(found: readonly unknown[], who: string): void {
  if (found.length <= RUN_LEARNERS_MAX) return;
  const most = `${RUN_LEARNERS_MAX.toLocaleString('en-AU')} ${who}`;
  throw new AppError('request.too-large', `A run takes ${most}. Narrow the filter.`);
}

async function tellStart(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  run: string,
  total: number | null,
): Promise<void> {
  await deps.events.append(tx, scope, { kind: 'sync-run.started', runId, run, total });
  await announce(tx, scope.providerId, 'runs', [runId]);
}
