import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { type Lane, lanesOf } from '../lane/lane-store.ts';
import { findMatching, isGateClosed } from '../matching/matching-store.ts';
import type { Run, Tally } from './run.ts';

/** What a run that is on waits for, in words; null while it goes on. */
type WaitOf = (run: Run) => string | null;

/** Finds out for some runs what their organisations wait for; where none is on, nothing is read. */
export async function waitsOf(
  tx: Tx,
  scope: Scope,
  runs: readonly Run[],
  now: Date,
): Promise<WaitOf> {
  if (!runs.some((run) => run.state === 'running')) return () => null;
  const lanes = (await lanesOf(tx, scope)).filter((lane) => lane.stop_reason !== 'disconnected');
  const unreviewed = new Set<string>();
  for (const { xero_org_id: xeroOrgId } of lanes) {
    const matching = await findMatching(tx, scope, xeroOrgId as XeroOrgId);
    if (isGateClosed(matching)) unreviewed.add(xeroOrgId);
  }
  return (run) => {
    const own = lanes.filter(
      ({ xero_org_id: xeroOrgId }) => run.xeroOrgId === null || xeroOrgId === run.xeroOrgId,
    );
    // Turning Sync to Xero waits for no review: those it concerns are told of it one by one.
    const isHeld = ({ xero_org_id: xeroOrgId }: Lane) =>
      run.xeroOrgId !== null && unreviewed.has(xeroOrgId);
    const waits = own.map((lane) => waitOfLane(lane, isHeld(lane), now));
    return waits.length > 0 && waits.every((words) => words !== null) ? (waits[0] ?? null) : null;
  };
}

function waitOfLane(lane: Lane, isHeldForReview: boolean, now: Date): string | null {
  if (lane.stop_reason === 'paused') {
    return 'The connection is paused. It goes on once somebody resumes it.';
  }
  if (lane.state !== 'running') return 'Xero has to be connected again before it goes on.';
  if (isHeldForReview) return 'Matches are to be reviewed first.';
  const { paused_until: until } = lane;
  if (until === null || until <= now) return null;
  return lane.pause_reason ?? 'Xero asked us to wait. It goes on by itself.';
}

/** What is said of a paused run: it holds those whose turn has not come and calls nobody back. */
export function stillSent(tally: Tally | undefined): string | null {
  const count = tally?.sent ?? 0;
  if (count === 0) return null;
  return `${count.toLocaleString('en-AU')} on their way to Xero already are sent all the same.`;
}
