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
import { type Chosen, chooseAll, chooseSome, type Which } from './choose-problems.ts';
import { dropIgnores, storeIgnores, weigh } from './ignore-store.ts';
import type { LinkPlace } from './link-problems.ts';
import { rereadPapers } from './paper-problems.ts';
import type { Problem } from './problem.ts';

/** One of so few is pushed as if somebody waited for it. */
const FEW = 20;

/**
 * Looks again at once, because somebody fixed the cause here or in Xero: the contact is read, what
 * waits is sent. If the cause is still there, so is the problem. Goes batch by batch, each of which
 * is committed, so that no lane waits for all of many thousands.
 */
export async function retryProblem(deps: SyncDeps, scope: Scope, which: Which): Promise<number> {
  let tried = 0;
  for (let from: LinkPlace | null = null; ; ) {
    const { some, next }: Chosen = await deps.database.asProvider(scope.providerId, (tx) =>
      retrySome(deps, tx, scope, which, from),
    );
    tried += some.length;
    if (next === null) return tried;
    from = next;
  }
}

async function retrySome(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
  from: LinkPlace | null,
): Promise<Chosen> {
  const now = deps.clock.now();
  // Lanes are locked before anything under them is read to be changed.
  const lanes = (await lanesOf(tx, scope)).map((lane) => lane.xero_org_id as XeroOrgId);
  for (const xeroOrgId of lanes) await wakeLane(tx, scope.providerId, xeroOrgId, now);
  const { some, next } = await chooseSome(deps, tx, scope, which, from);
  const open = some.filter(({ ignore }) => ignore === null);
  const isUrgent = from === null && next === null && open.length <= FEW;
  for (const xeroOrgId of lanes) {
    const mine = open.map(({ problem }) => problem).filter((one) => one.xeroOrgId === xeroOrgId);
    const partyIds = mine.filter(isAboutContact).map((one) => one.subjectId as PartyId);
    await lookAgain(tx, scope, xeroOrgId, partyIds, isUrgent, now);
    const unread = mine.filter(({ code }) => code === 'paper.unreadable');
    const whose = unread.map(({ subjectId }) => subjectId as PartyId);
    await rereadPapers(tx, scope, xeroOrgId, whose, now);
    if (mine.some(({ code }) => code === 'lane.refused')) {
      await tryRefusedAgain(tx, scope, xeroOrgId, now);
    }
  }
  await announce(tx, scope.providerId, 'sync', []);
  return { some: open, next };
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
  isUrgent: boolean,
  now: Date,
): Promise<void> {
  const links = await linksOfParties(tx, scope, xeroOrgId, partyIds);
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
  const note = which.note || null;
  let first: Problem | undefined;
  let count = 0;
  for await (const some of chooseAll(deps, tx, scope, which)) {
    // What was put aside before keeps the note that it has.
    const open = (await weigh(tx, scope, some))
      .filter(({ ignore }) => ignore === null)
      .map(({ problem }) => problem);
    await storeIgnores(tx, scope, open, note, deps.clock.now());
    first ??= open[0];
    count += open.length;
  }
  if (!first) return 0;
  await deps.events.append(tx, scope, {
    kind: 'sync-problem.ignored',
    problem: first.code,
    count,
    note,
  });
  await announce(tx, scope.providerId, 'sync', []);
  return count;
}

/**
 * Lets problems that were put aside count as open again; their notes are dropped. All in the
 * caller's transaction, however many they are.
 */
export async function unignoreProblem(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
): Promise<void> {
  for await (const some of chooseAll(deps, tx, scope, which)) {
    await dropIgnores(tx, scope, some);
  }
  await announce(tx, scope.providerId, 'sync', []);
}
