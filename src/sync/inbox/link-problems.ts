import { sql } from 'kysely';
import type { PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { namesOfFields } from '../drift/drift-words.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { causeOfLink, likeness, ownReasons } from './causes.ts';
import { hashOf, PROBLEMS_MAX, type Problem } from './problem.ts';

interface LinkRow {
  party_kind: PartyKind;
  party_id: PartyId;
  xero_org_id: XeroOrgId;
  standing: string;
  reasons: string[];
  drift: string[];
  since: Date | null;
  drift_since: Date | null;
}

/** Links of organisations that were not disconnected, of a query whose condition goes on. */
const linksOf = (scope: Scope) => sql`contact_links l
  where l.provider_id = ${scope.providerId} and l.xero_org_id in
    (select lanes.xero_org_id from lanes where lanes.provider_id = ${scope.providerId}
      and lanes.stop_reason is distinct from 'disconnected')`;
const isHeld = sql`l.standing in ('blocked', 'undecided')`;
const isDrifting = sql`l.standing is not null and l.drift <> '{}'`;
const columns = sql`l.party_kind, l.party_id, l.xero_org_id, l.standing, l.reasons, l.drift,
  l.drift_since, greatest(l.last_attempt_at, l.contact_changed_at) as since`;

/** Problems of learners and workplaces, the newest first. */
export async function problemsOfLinks(deps: SyncDeps, tx: Tx, scope: Scope): Promise<Problem[]> {
  const { rows } = await sql<LinkRow>`
    select ${columns} from ${linksOf(scope)} and (${isHeld} or (${isDrifting}))
    order by since desc nulls last limit ${PROBLEMS_MAX}`.execute(tx);
  const ids = [...new Set(rows.map((row) => row.party_id))];
  const parties = await deps.parties.getMany(tx, scope, ids);
  const labels = new Map<string, string>(
    parties.map(({ id, label, number }) => [id, `${label} (${number})`]),
  );
  return rows.flatMap((row) => problemsOf(row, labels.get(row.party_id) ?? `A ${row.party_kind}`));
}

/** How many there are, up to a limit. */
export async function countProblemsOfLinks(tx: Tx, scope: Scope, limit: number): Promise<number> {
  // Apart, since each has an index of its own.
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from ${linksOf(scope)} and ${isHeld}
      union all select from ${linksOf(scope)} and ${isDrifting}
      limit ${limit}) as found`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Those of subjects about which somebody has put something aside, without their names. */
export async function problemsPutAside(tx: Tx, scope: Scope): Promise<Problem[]> {
  const { rows } = await sql<LinkRow>`
    select ${columns} from ${linksOf(scope)} and (${isHeld} or (${isDrifting}))
      and exists (select from sync_ignores i
        where i.provider_id = ${scope.providerId} and i.subject_id = l.party_id::text)`.execute(tx);
  return rows.flatMap((row) => problemsOf(row, ''));
}

function problemsOf(row: LinkRow, label: string): Problem[] {
  const about = {
    subjectId: row.party_id,
    partyKind: row.party_kind,
    label,
    xeroOrgId: row.xero_org_id,
    since: row.since,
  };
  const problems: Problem[] = [];
  if (row.standing === 'blocked' || row.standing === 'undecided') {
    const { code, xeroSays } = causeOfLink(row.standing, row.reasons);
    const key = code === 'contact.refused' ? `${code}:${hashOf(xeroSays.map(likeness))}` : code;
    problems.push({ code, key, ...about, reasons: ownReasons(row.reasons), xeroSays });
  }
  if (row.drift.length > 0) {
    const code = 'drift.open';
    const since = row.drift_since;
    const reasons = [`${namesOfFields(row.drift)}.`];
    problems.push({ code, key: code, ...about, since, reasons, xeroSays: [] });
  }
  return problems;
}
