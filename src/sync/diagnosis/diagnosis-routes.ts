import { type Diagnosis, diagnosisRoutes } from '#contract/diagnosis';
import { type Endpoint, endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import { requireParty, type WhichParty } from '../health/party-sync.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { diagnose } from './diagnose.ts';
import { readDiagnosisFacts } from './diagnosis-facts.ts';
import { findMissingPaper } from './find-paper.ts';
import { lookInXero } from './look-in-xero.ts';
import { supportBundle } from './support-bundle.ts';

/**
 * Why a learner or workplace is not as expected in Xero. A diagnosis and a support bundle are made
 * of what is stored; looking in Xero and finding a paper spend calls, and wait for their answers.
 */
export function diagnosisEndpoints(deps: SyncDeps): Endpoint[] {
  const { database } = deps;
  const learner = ({ learnerId: id }: { learnerId: WhichParty['id'] }): WhichParty => ({
    kind: 'learner',
    id,
  });
  const workplace = ({ workplaceId: id }: { workplaceId: WhichParty['id'] }): WhichParty => ({
    kind: 'workplace',
    id,
  });
  const bundle = (scope: Scope, which: WhichParty) =>
    database.asProvider(scope.providerId, (tx) => supportBundle(deps, tx, scope, which));
  return [
    endpoint(diagnosisRoutes.learnerDiagnosis, ({ scope, params }) =>
      diagnosisOf(deps, scope, learner(params)),
    ),
    endpoint(diagnosisRoutes.lookForLearner, async ({ scope, params }) => ({
      look: await lookInXero(deps, scope, learner(params)),
    })),
    endpoint(diagnosisRoutes.learnerSupportBundle, ({ scope, params }) =>
      bundle(scope, learner(params)),
    ),
    endpoint(diagnosisRoutes.workplaceDiagnosis, ({ scope, params }) =>
      diagnosisOf(deps, scope, workplace(params)),
    ),
    endpoint(diagnosisRoutes.lookForWorkplace, async ({ scope, params }) => ({
      look: await lookInXero(deps, scope, workplace(params)),
    })),
    endpoint(diagnosisRoutes.workplaceSupportBundle, ({ scope, params }) =>
      bundle(scope, workplace(params)),
    ),
    endpoint(diagnosisRoutes.findPaper, async ({ scope, body }) => ({
      found: await findMissingPaper(deps, scope, body.number),
    })),
  ];
}

function diagnosisOf(deps: SyncDeps, scope: Scope, which: WhichParty): Promise<Diagnosis> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const party = await requireParty(deps, tx, scope, which);
    const facts = await readDiagnosisFacts(deps, tx, scope, party);
    return {
      checkedAt: facts.now.toISOString(),
      label: party.label,
      number: party.number,
      organisationName: facts.organisation?.name ?? null,
      checks: diagnose(facts),
    };
  });
}
