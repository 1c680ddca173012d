import type { LearnerId } from '#contract/ids';
import { displayName, type Learner, type LearnerFields } from '#contract/learners';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { personKeys } from './learner.ts';
import { findByIdentities, loadLearners } from './learner-store.ts';

const SHOWN_MAX = 5;

function keysOf(person: LearnerFields): string[] {
  return Object.values(personKeys(person)).filter((key) => key !== null);
}

/**
 * Refuses with `learner.possible-duplicate`, naming up to five learners, when someone here has the
 * same name and date of birth or e-mail, or the same e-mail and family name. An edit that leaves
 * these keys as they were is never asked about again.
 */
export async function refusePossibleDuplicate(
  tx: Tx,
  scope: Scope,
  person: LearnerFields,
  before: Learner | null,
): Promise<void> {
  const known = new Set(before ? keysOf(before) : []);
  const keys = keysOf(person).filter((key) => !known.has(key));
  const found = await findByIdentities(tx, scope, keys);
  const ids = [...new Set(found.map((match) => match.id))].filter((id) => id !== before?.id);
  if (ids.length === 0) return;
  const similar = await loadLearners(tx, scope, ids.slice(0, SHOWN_MAX) as LearnerId[]);
  const names = similar.map((learner) => `${displayName(learner)} (${learner.learnerNumber})`);
  throw new AppError('learner.possible-duplicate', `Similar: ${names.join(', ')}.`, {
    extras: {
      similar: similar.map((learner) => ({
        learnerId: learner.id,
        name: displayName(learner),
        learnerNumber: learner.learnerNumber,
      })),
    },
  });
}
