import type { LearnerId } from '#contract/ids';
import { displayName, type Learner, type LearnerFields, syncGaps } from '#contract/learners';
import { permissions, roleMay, rolesThatMay } from '#contract/permissions';
import type { EventLog, EventOf } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Logger } from '#platform/logger';
import type { Scope } from '#platform/scope';
import { whoMay } from '#providers/index';
import { changesBetween, numberKey } from './learner.ts';
import { insertLearners, updateLearner } from './learner-store.ts';
import { mergedAmong } from './merges/merge-store.ts';
import { takeLearnerNumbers } from './number-store.ts';

export interface LearnersDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
}

export interface NewLearnerDraft {
  fields: LearnerFields;
  /** Null has one made. */
  learnerNumber: string | null;
}

/**
 * Writes new learners with their events in the caller's transaction, in the order given. No number
 * is made that one of them brings, nor one `promised` to others who are written later.
 * Fails with `learner.number-taken`, or `learner.cannot-sync` where one can't go to Xero as asked.
 */
export async function writeNewLearners(
  deps: Pick<LearnersDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  drafts: readonly NewLearnerDraft[],
  promised: readonly string[] = [],
): Promise<Learner[]> {
  for (const draft of drafts) requireReadyForXero(draft.fields);
  const given = drafts.flatMap((draft) => draft.learnerNumber ?? []);
  const unnumbered = drafts.length - given.length;
  const others = unnumbered === 0 ? [] : [...given, ...promised];
  const numbers = await takeLearnerNumbers(tx, scope, unnumbered, new Set(others.map(numberKey)));
  const at = deps.clock.now().toISOString();
  const learners = drafts.map((draft) => ({
    ...draft.fields,
    id: newId<LearnerId>(),
    learnerNumber: draft.learnerNumber ?? numbers.shift() ?? '',
    revision: 1,
    createdAt: at,
    updatedAt: at,
  }));
  await insertLearners(tx, scope, learners);
  const added = learners.map((learner) => ({
    kind: 'learner.added' as const,
    learnerId: learner.id,
    name: displayName(learner),
    revision: learner.revision,
    syncToXero: learner.syncToXero,
    campus: learner.campus,
  }));
  await deps.events.append(tx, scope, ...added);
  return learners;
}

/**
 * Writes a learner's new fields with one event that names what changed. The caller holds the
 * learner's lock. Where nothing differs nothing is written and the revision stays. Fails with
 * `learner.cannot-sync` where a field that Xero needs would be emptied.
 */
export async function writeLearnerChange(
  deps: Pick<LearnersDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  before: Learner,
  fields: LearnerFields,
): Promise<Learner> {
  const [after] = await writeLearnerChanges(deps, tx, scope, [{ before, fields }]);
  return after ?? before;
}

/** Writes the new fields of many learners as `writeLearnerChange` does for one, in their order. */
export async function writeLearnerChanges(
  deps: Pick<LearnersDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  wanted: readonly { before: Learner; fields: LearnerFields }[],
): Promise<Learner[]> {
  await refuseMerged(
    tx,
    scope,
    wanted.map(({ before }) => before.id),
  );
  const updatedAt = deps.clock.now().toISOString();
  const events: EventOf<'learner.changed'>[] = [];
  const results: Learner[] = [];
  for (const { before, fields } of wanted) {
    const changes = changesBetween(before, fields);
    if (changes.length > 0) requireReadyForXero(fields);
    const revision = before.revision + 1;
    const after = changes.length === 0 ? before : { ...before, ...fields, revision, updatedAt };
    results.push(after);
    if (after === before) continue;
    await updateLearner(tx, scope, before, after);
    const { id: learnerId, syncToXero, campus } = after;
    events.push({ kind: 'learner.changed', learnerId, revision, syncToXero, campus, changes });
  }
  await deps.events.append(tx, scope, ...events);
  return results;
}

/** A learner with Sync to Xero on always has what Xero needs; saying so early beats a failed push. */
function requireReadyForXero(fields: LearnerFields): void {
  if (!fields.syncToXero) return;
  const gaps = syncGaps(fields);
  if (gaps.length === 0) return;
  throw new AppError('learner.cannot-sync', gaps.map((gap) => gap.message).join(' '), {
    extras: { fields: gaps },
  });
}

/**
 * Editing does not include the right to turn Sync to Xero: that one is Finance's too, not Staff's.
 * Refuses with `permission.missing` and who here may.
 */
export async function requireMaySync(tx: Tx, scope: Scope): Promise<void> {
  const { actor } = scope;
  if (actor.kind === 'bursar' || roleMay(actor.role, 'learners.sync')) return;
  const { allows } = permissions['learners.sync'];
  const rule = `Only ${rolesThatMay('learners.sync')} may ${allows}.`;
  throw new AppError('permission.missing', rule, {
    extras: {
      whoMay: await whoMay(tx, scope, 'learners.sync'),
      fields: [{ field: 'syncToXero', message: 'your role can’t change this' }],
    },
  });
}

/** A merged learner rests: fails with `learner.merged`. */
export async function refuseMerged(tx: Tx, scope: Scope, ids: readonly LearnerId[]): Promise<void> {
  const merged = await mergedAmong(tx, scope, ids);
  if (merged.size === 0) return;
  throw new AppError('learner.merged', 'A merged learner stays as they were.');
}
