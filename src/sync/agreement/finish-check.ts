import type { AgreementVerdict } from '#contract/agreement';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import { type Check, DIFFERENCES_MAX, saveCheck } from './check-store.ts';
import { copiesWithoutMark } from './copy-store.ts';
import { lostPaper } from './differences.ts';
import { addSums } from './sum-store.ts';

/** Ends a check: its verdict is kept, told by an event, and shown on open pages. */
export async function finishCheck(run: LaneRun, tx: Tx, check: Check): Promise<void> {
  const { scope, xeroOrgId, deps } = run;
  const after = await withLostPapers(run, tx, check);
  const unequal = await addSums(
    tx,
    scope,
    after,
    after.way === 'everything' ? after.begunAt : null,
  );
  const verdict = verdictOf(after, unequal);
  const position = { compare: [], walk: null };
  await saveCheck(tx, scope, { ...after, step: 'done', finishedAt: run.now(), verdict, position });
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

/** Names what we have a copy of and Xero no longer has, unless this check has named it already. */
async function withLostPapers({ scope, xeroOrgId }: LaneRun, tx: Tx, check: Check): Promise<Check> {
  const lost = await copiesWithoutMark(tx, scope, xeroOrgId, DIFFERENCES_MAX);
  const named = new Set(check.differences.map(({ xeroId }) => xeroId));
  const found = lost.filter(({ xeroId }) => !named.has(xeroId)).map(lostPaper);
  return {
    ...check,
    differences: [...check.differences, ...found].slice(0, DIFFERENCES_MAX),
    differenceCount: check.differenceCount + found.length,
  };
}

function verdictOf(check: Check, unequalSums: number): AgreementVerdict {
  const isOpen = check.differences.some((difference) => !difference.isMended);
  if (isOpen || unequalSums > 0) return 'differs';
  return check.differenceCount > 0 ? 'mended' : 'agreed';
}
