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
 * found just now of our own records that differ. All records are held against each other, which may
 * take long: that is done as of one moment and without the lane, for which others wait; the verdict
 * alone is written under its lock.
 */
export async function finishCheck(
  run: LaneRun,
  check: Check,
  known?: readonly StaleCopy[],
): Promise<void> {
  const { scope, xeroOrgId, deps } = run;
  await run.stillHeld();
  const found = await deps.database.asOfOneMoment(scope.providerId, async (tx) => {
    const stale = known ?? (await staleCopies(tx, scope, xeroOrgId));
    const after = await withUnmended(run, tx, check, stale);
    const since = after.way === 'everything' ? after.begunAt : null;
    return { after, unequal: await addSums(tx, scope, after, since) };
  });
  const { after } = found;
  const verdict = verdictOf(after, found.unequal);
  await run.record(async (tx) => {
    const done = { step: 'done', finishedAt: run.now(), verdict, position: NOTHING_TO_DO } as const;
    await saveCheck(tx, scope, { ...after, ...done });
    await deps.events.append(tx, scope, {
      kind: 'agreement.checked',
      xeroOrgId,
      checkId: check.id,
      verdict,
      differences: after.differenceCount,
    });
    await announce(tx, scope.providerId, 'sync', []);
  });
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
