import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type { ProblemCode } from '#contract/inbox';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { actorMay, type Scope } from '#platform/scope';
import { asideOf, refusalToTell } from '../lane/aside.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf } from '../lane/lane-store.ts';
import { findMatching } from '../matching/matching-store.ts';
import { runNames } from '../runs/run.ts';
import { problemsOfPapers } from './paper-problems.ts';
import type { Problem } from './problem.ts';

/** A shorter pause is nobody's problem. */
const LONG_PAUSE_MS = 15 * MINUTE_MS;
/** Failed runs and mails are told for this long. */
const TOLD_FOR_MS = 30 * DAY_MS;

/**
 * Problems of organisations, papers, runs and mails, which are few, read from the rows that have
 * them: what is cured is no longer there.
 */
export async function problemsOfOthers(deps: SyncDeps, tx: Tx, scope: Scope): Promise<Problem[]> {
  const now = deps.clock.now();
  const parts = [
    await ofLanes(tx, scope, now),
    await problemsOfPapers(deps, tx, scope),
    await ofRuns(tx, scope, now),
    await ofMails(tx, scope, now),
  ];
  return parts.flat();
}

const nothingMore = { since: null, occasion: null, reasons: [], xeroSays: [] };

async function ofLanes(tx: Tx, scope: Scope, now: Date): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const lane of await lanesOf(tx, scope)) {
    if (lane.stop_reason === 'disconnected') continue;
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const about = { subjectId: xeroOrgId, label: lane.organisation_name, xeroOrgId };
    const told = (code: ProblemCode, more: Partial<Problem> = {}) =>
      problems.push({ code, key: code, ...about, ...nothingMore, ...more });
    const { paused_until: until, pause_reason: reason } = lane;
    if (lane.stop_reason === 'consent-lost') told('connection.lost');
    else if (until !== null && until > plus(now, LONG_PAUSE_MS)) {
      // A pause that grows is the same until another day: each day has calls of its own.
      const occasion = until.toISOString().slice(0, 'yyyy-mm-dd'.length);
      told('lane.paused', { occasion, reasons: reason === null ? [] : [reason] });
    }
    const refusal = refusalToTell(asideOf(lane));
    if (refusal) told('lane.refused', { ...refusal, occasion: refusal.since.toISOString() });
    const matching = await findMatching(tx, scope, xeroOrgId);
    if (matching?.state === 'open') told('matching.open');
  }
  return problems;
}

/** Failed runs, unless one of the same kind and organisation has finished since. */
async function ofRuns(tx: Tx, scope: Scope, now: Date): Promise<Problem[]> {
  const { rows } = await sql<{
    id: string;
    kind: keyof typeof runNames;
    organisation_name: string | null;
    xero_org_id: XeroOrgId | null;
    finished_at: Date;
    failure: string | null;
  }>`
    select r.id, r.kind, r.organisation_name, r.xero_org_id, r.finished_at, r.failure
    from sync_runs r
    where r.provider_id = ${scope.providerId} and r.state = 'failed'
      and r.finished_at > ${plus(now, -TOLD_FOR_MS)}::timestamptz
      and not exists (select from sync_runs later
        where later.provider_id = r.provider_id and later.kind = r.kind
          and later.xero_org_id is not distinct from r.xero_org_id
          and later.state = 'finished' and later.id <> r.id and later.finished_at >= r.finished_at)
    order by r.created_at desc limit 50`.execute(tx);
  return rows.map((row) => ({
    code: 'run.failed',
    key: 'run.failed',
    subjectId: row.id,
    label: [runNames[row.kind], row.organisation_name].filter(Boolean).join(', '),
    xeroOrgId: row.xero_org_id,
    since: row.finished_at,
    occasion: null,
    reasons: row.failure === null ? [] : [row.failure],
    xeroSays: [],
  }));
}

/** Mails that failed, with subjects and addresses: told to those alone who may see outgoing mail. */
async function ofMails(tx: Tx, scope: Scope, now: Date): Promise<Problem[]> {
  if (!actorMay(scope, 'mails.view')) return [];
  const rows = await tx
    .selectFrom('mails')
    .select(['id', 'subject', 'queued_at', 'last_error'])
    .where('provider_id', '=', scope.providerId)
    .where('state', '=', 'failed')
    .where('queued_at', '>', plus(now, -TOLD_FOR_MS))
    .limit(200)
    .execute();
  return rows.map((row) => ({
    code: 'mail.failed',
    key: 'mail.failed',
    subjectId: row.id,
    label: row.subject,
    xeroOrgId: null,
    since: row.queued_at,
    occasion: null,
    reasons: row.last_error === null ? [] : [row.last_error],
    xeroSays: [],
  }));
}
