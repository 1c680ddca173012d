import type { AgreementVerdict } from '#contract/agreement';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import { type Check, DIFFERENCES_MAX, NOTHING_TO_DO, saveCheck } from './check-store.ts';
import { copiesWithoutMark, type StaleCopy, staleCopies } from './copy-store.ts';
import { lostPaper, stalePaper, withFound } from './differences.ts';
import { addSums } from './sum-store.ts';

/**
 * Ends a check: its verdict is kept, told by an event, and shown on open pages. `known` is what was
 * found just now of our own records that differ.
 */
export async function finishCheck(
  run: LaneRun,
  tx: Tx,
  check: Check,
  known?: readonly StaleCopy[],
): Promise<void> {
  const { scope, xeroOrgId, deps } = run;
  const stale = known ?? (await staleCopies(tx, scope, xeroOrgId));
  const after = await withUnmended(run, tx, check, stale);
  const unequal = await addSums(
    tx,
    scope,
    after,
    after.way === 'everything' ? after.begunAt : null,
  );
  const verdict = verdictOf(after, unequal);
  const done = { step: 'done', finishedAt: run.now(), verdict, position: NOTHING_TO_DO } as const;
  await saveCheck(tx, scope, { ...after, ...done });
  const { differenceCount: differences } = after;
  await deps.events.append(tx, scope, {
    kind: 'agreement.checked',
    xeroOrgId,
    checkId: check.id,
    verdict,
    differences,
  });
  await announce(tx, scope.providerId, 'sync', []);
}

/**
 * Names what we have a copy of and Xero no longer has, and what still differs after all mending,
 * unless this check has named it already.
 */
async function withUnmended(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
  check: Check,
  stale: readonly StaleCopy[],
): Promise<Check> {
  const lost = await copiesWithoutMark(tx, scope, xeroOrgId, DIFFERENCES_MAX);
  const unmended = check.differences.filter(({ isMended }) => !isMended);
  const named = new Set(unmended.map(({ xeroId }) => xeroId));
  const found = [...lost.map(lostPaper), ...stale.map(stalePaper)];
  return withFound(
    check,
    found.filter(({ xeroId }) => !named.has(xeroId)),
  );
}

function verdictOf(check: Check, unequalSums: number): AgreementVerdict {
  const isOpen = check.differences.some((difference) => !difference.isMended);
  if (isOpen || unequalSums > 0) return 'differs';
  return check.differenceCount > 0 ? 'mended' : 'agreed';
}
