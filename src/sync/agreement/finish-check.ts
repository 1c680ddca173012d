import type { AgreementVerdict } from '#contract/agreement';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import { type Check, saveCheck } from './check-store.ts';
import { addSums } from './sum-store.ts';

/** Ends a check: its verdict is kept, told by an event, and shown on open pages. */
export async function finishCheck(run: LaneRun, tx: Tx, check: Check): Promise<void> {
  const { scope, xeroOrgId, deps } = run;
  const isWhole = check.way === 'everything';
  const unequal = isWhole ? await addSums(tx, scope, check) : 0;
  const verdict = verdictOf(check, unequal);
  const position = { compare: [], walk: null };
  await saveCheck(tx, scope, { ...check, step: 'done', finishedAt: run.now(), verdict, position });
  const { differenceCount: differences } = check;
  await deps.events.append(tx, scope, {
    kind: 'agreement.checked',
    xeroOrgId,
    checkId: check.id,
    verdict,
    differences,
  });
  await announce(tx, scope.providerId, 'sync', []);
}

function verdictOf(check: Check, unequalSums: number): AgreementVerdict {
  const isOpen = check.differences.some((difference) => !difference.isMended);
  if (isOpen || unequalSums > 0) return 'differs';
  return check.differenceCount > 0 ? 'mended' : 'agreed';
}
