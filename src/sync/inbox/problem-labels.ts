import type { LearnerId, WorkplaceId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { Problem } from './problem.ts';

/** The same problems with the names of learners and workplaces, where they have none yet. */
export async function labelled(
  deps: Pick<SyncDeps, 'learners' | 'workplaces'>,
  tx: Tx,
  scope: Scope,
  problems: readonly Problem[],
): Promise<Problem[]> {
  const nameless = problems.filter(isNameless);
  const idsOf = (kind: Problem['partyKind']) => [
    ...new Set(nameless.filter((one) => one.partyKind === kind).map((one) => one.subjectId)),
  ];
  const ids = idsOf('learner') as LearnerId[];
  const learners = await deps.learners.choose(tx, scope, { ids }, ids.length);
  const workplaces = await deps.workplaces.getMany(tx, scope, idsOf('workplace') as WorkplaceId[]);
  const labels = new Map<string, string>([
    ...learners.map((one) => [one.id, `${one.name} (${one.learnerNumber})`] as const),
    ...workplaces.map(
      (one) => [one.id, `${one.name ?? one.workplaceNumber} (${one.workplaceNumber})`] as const,
    ),
  ]);
  return problems.map((problem) =>
    isNameless(problem)
      ? { ...problem, label: labels.get(problem.subjectId) ?? `A ${problem.partyKind}` }
      : problem,
  );
}

function isNameless({ label, partyKind }: Problem): boolean {
  return label === '' && partyKind !== undefined;
}
