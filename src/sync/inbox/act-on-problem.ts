import type { PartyId, XeroOrgId } from '#contract/ids';
import { problemTexts } from '#contract/inbox';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf, tryRefusedAgain, wakeLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import { CLOCK_DOUBT_MS } from '../pull/cursor-store.ts';
import { storeNotices } from '../pull/notice-store.ts';
import { dropIgnores, storeIgnores } from './ignore-store.ts';
import { weighProblems } from './inbox.ts';
import { rereadPapers } from './paper-problems.ts';
import type { Problem } from './problem.ts';

/** One of so few is pushed as if somebody waited for it. */
const FEW = 20;

interface Which {
  key: string;
  /** Left out: all that have this cause. */
  subjectIds?: readonly string[] | undefined;
}

async function chosen(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
): Promise<{ problem: Problem; isIgnored: boolean }[]> {
  const wanted = which.subjectIds && new Set(which.subjectIds);
  const weighed = await weighProblems(deps, tx, scope);
  return weighed
    .filter(({ problem }) => problem.key === which.key)
    .filter(({ problem }) => wanted === undefined || wanted.has(problem.subjectId))
    .map(({ problem, ignore }) => ({ problem, isIgnored: ignore !== null }));
}

/**
 * Looks again at once, because somebody fixed the cause here or in Xero: the contact is read, what
 * waits is sent. If the cause is still there, so is the problem.
 */
export async function retryProblem(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
): Promise<number> {
  const now = deps.clock.now();
  // Lanes are locked before anything under them is read to be changed.
  const lanes = (await lanesOf(tx, scope)).map((lane) => lane.xero_org_id as XeroOrgId);
  for (const xeroOrgId of lanes) await wakeLane(tx, scope.providerId, xeroOrgId, now);
  const open = (await chosen(deps, tx, scope, which)).filter(({ isIgnored }) => !isIgnored);
  for (const xeroOrgId of lanes) {
    const mine = open.map(({ problem }) => problem).filter((one) => one.xeroOrgId === xeroOrgId);
    const partyIds = mine.filter(isAboutContact).map((one) => one.subjectId as PartyId);
    await lookAgain(tx, scope, xeroOrgId, partyIds, now);
    const unread = mine.filter(({ code }) => code === 'paper.unreadable');
    const whose = unread.map(({ subjectId }) => subjectId as PartyId);
    await rereadPapers(tx, scope, xeroOrgId, whose, now);
    if (mine.some(({ code }) => code === 'lane.refused')) {
      await tryRefusedAgain(tx, scope, xeroOrgId, now);
    }
  }
  await announce(tx, scope.providerId, 'sync', []);
  return open.length;
}

/** Nobody has said who it is in Xero: whoever has nobody like them there needs no decision. */
function isToMatch({ standing, isMatchDue, contactId }: ContactLink): boolean {
  return standing === 'undecided' && isMatchDue && contactId === null;
}

function isAboutContact({ code }: Problem): boolean {
  return problemTexts[code].subject === 'learner' && code !== 'paper.unreadable';
}

async function lookAgain(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
  now: Date,
): Promise<void> {
  const links = await linksOfParties(tx, scope, xeroOrgId, partyIds);
  const isUrgent = links.length <= FEW;
  const asked = links
    .filter((link) => link.standing === 'blocked' || isToMatch(link))
    .map(
      (link): ContactLink => ({
        ...link,
        standing: 'waiting',
        reasons: [],
        attempts: 0,
        nextAttemptAt: now,
        isUrgent: link.isUrgent || isUrgent,
      }),
    );
  await saveLinks(tx, scope, asked);
  // Dated ahead of any doubt about clocks, so that it counts as news of the contact.
  const eventAt = plus(now, CLOCK_DOUBT_MS);
  const notices = links.flatMap(({ contactId }) =>
    contactId ? [{ kind: 'contact' as const, resourceId: contactId, eventAt }] : [],
  );
  await storeNotices(tx, scope.providerId, xeroOrgId, notices, now);
}

/** Puts problems aside with a note, until their cause changes. */
export async function ignoreProblem(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which & { note?: string | undefined },
): Promise<number> {
  // What was put aside before keeps the note that it has.
  const found = (await chosen(deps, tx, scope, which))
    .filter(({ isIgnored }) => !isIgnored)
    .map(({ problem }) => problem);
  const [first] = found;
  if (!first) return 0;
  const note = which.note || null;
  await storeIgnores(tx, scope, found, note, deps.clock.now());
  const count = found.length;
  await deps.events.append(tx, scope, {
    kind: 'sync-problem.ignored',
    problem: first.code,
    count,
    note,
  });
  await announce(tx, scope.providerId, 'sync', []);
  return count;
}

export async function unignoreProblem(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
): Promise<void> {
  const found = await chosen(deps, tx, scope, which);
  await dropIgnores(
    tx,
    scope,
    found.map(({ problem }) => problem),
  );
  await announce(tx, scope.providerId, 'sync', []);
}
