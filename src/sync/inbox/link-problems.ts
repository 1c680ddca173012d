import { sql } from 'kysely';
import type { PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import { ENTRIES_SHOWN } from '#contract/inbox';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { namesOfFields } from '../drift/drift-words.ts';
import { causeOfLink, likeness, ownReasons } from './causes.ts';
import { causeHash } from './ignore-store.ts';
import { hashOf, type LinkProblemKind, type Problem } from './problem.ts';

/** What a link says that is a problem: why it is held, or in which fields it differs. */
interface Said {
  standing: 'blocked' | 'undecided' | null;
  reasons: string[] | null;
  drift: string[] | null;
  occasion: string | null;
}

/** Where a walk over links stands. */
export interface LinkPlace {
  xeroOrgId: XeroOrgId;
  partyId: PartyId;
}

/** Problems of links that say the same and of which the same was put aside, however many they are. */
export interface ProblemsAlike extends Cause {
  isPutAside: boolean;
  count: number;
  since: Date | null;
  /** The first that one look shows, still without their names. */
  newest: Problem[];
}

type Cause = Pick<Problem, 'code' | 'key' | 'reasons' | 'xeroSays' | 'occasion'>;

/** Links of organisations that were not disconnected, of a query whose condition goes on. */
const linksOf = (scope: Scope) => sql`contact_links l
  where l.provider_id = ${scope.providerId} and l.xero_org_id in
    (select lanes.xero_org_id from lanes where lanes.provider_id = ${scope.providerId}
      and lanes.stop_reason is distinct from 'disconnected')`;

const where = {
  held: sql`l.standing in ('blocked', 'undecided')`,
  drifting: sql`l.standing is not null and l.drift <> '{}'`,
};

/** What is told of a problem of each kind; the other kind's part is empty. */
const told = {
  held: sql`l.party_kind, l.party_id, l.xero_org_id, l.standing, l.reasons, null::text[] as drift,
    null::jsonb as seen, null::timestamptz as drift_since,
    greatest(l.last_attempt_at, l.contact_changed_at) as since`,
  drifting: sql`l.party_kind, l.party_id, l.xero_org_id, null::text as standing,
    null::jsonb as reasons, l.drift, l.seen, l.drift_since, l.drift_since as since`,
};

/**
 * When the fields began to differ and what Xero says in them: settled and changed once more is
 * another occasion, and so is another value. Of one that holds a link there is none.
 */
const occasion = sql`case when told.drift is not null then hashtextextended(concat(
  extract(epoch from told.drift_since),
  (select jsonb_object_agg(one.field, told.seen -> one.field)
    from unnest(told.drift) as one (field))), 0)::text end`;

/** Looked at only where it matters, since it is not needed of the many that nobody put aside. */
const occasionIfAside = sql`case when aside.causes ->> 'drift.open' is not null then ${occasion} end`;

// Apart, since each kind has an index of its own.
const problemsTold = (scope: Scope) => sql`
  select ${told.held} from ${linksOf(scope)} and ${where.held}
  union all select ${told.drifting} from ${linksOf(scope)} and ${where.drifting}`;

/** What was put aside of each subject, in one text each. */
const putAside = (scope: Scope) => sql`
  select subject_id, jsonb_object_agg(problem, cause_hash) as causes from sync_ignores
  where provider_id = ${scope.providerId} group by subject_id`;

interface AlikeRow extends Said {
  causes: Record<string, string> | null;
  count: number;
}

/**
 * All problems of learners and workplaces, those that say the same as one: the database counts
 * them, so that fifty thousand cost little more than one.
 */
export async function problemsOfLinks(tx: Tx, scope: Scope): Promise<ProblemsAlike[]> {
  const { rows } = await sql<AlikeRow & { since: Date | null; newest: NewestRow[] }>`
    with told as (${problemsTold(scope)}), aside as (${putAside(scope)}),
    placed as (
      select told.party_kind, told.party_id, told.xero_org_id, told.standing, told.reasons,
        told.drift, told.since, aside.causes, ${occasionIfAside} as occasion,
        row_number() over (
          partition by told.standing, told.reasons, told.drift, aside.causes, ${occasionIfAside}
          order by told.since desc nulls last, told.party_id) as place
      from told left join aside on aside.subject_id = told.party_id::text)
    select standing, reasons, drift, causes, occasion, count(*)::int as count, min(since) as since,
      jsonb_agg(jsonb_build_object('partyKind', party_kind, 'subjectId', party_id,
        'xeroOrgId', xero_org_id, 'since', since))
        filter (where place <= ${ENTRIES_SHOWN}) as newest
    from placed group by standing, reasons, drift, causes, occasion`.execute(tx);
  return rows.map((row) => {
    const cause = causeOf(row);
    const newest = row.newest.map((one) => ({
      ...cause,
      ...one,
      label: '',
      since: one.since === null ? null : new Date(one.since),
    }));
    const { count, since } = row;
    return { ...cause, isPutAside: isPutAside(cause, row.causes), count, since, newest };
  });
}

interface NewestRow {
  partyKind: PartyKind;
  subjectId: PartyId;
  xeroOrgId: XeroOrgId;
  since: string | null;
}

/** How many problems of learners and workplaces there are. */
export async function countProblemsOfLinks(tx: Tx, scope: Scope): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from ${linksOf(scope)} and ${where.held}
      union all select from ${linksOf(scope)} and ${where.drifting}) as found`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** How many of them were put aside for the cause that they have now. */
export async function countPutAside(tx: Tx, scope: Scope): Promise<number> {
  const { rows } = await sql<AlikeRow>`
    with told as (${problemsTold(scope)}), aside as (${putAside(scope)})
    select told.standing, told.reasons, told.drift, aside.causes, ${occasionIfAside} as occasion,
      count(*)::int as count
    from told join aside on aside.subject_id = told.party_id::text
    group by told.standing, told.reasons, told.drift, aside.causes, ${occasionIfAside}`.execute(tx);
  return rows
    .filter((row) => isPutAside(causeOf(row), row.causes))
    .reduce((sum, row) => sum + row.count, 0);
}

/** Problems of one kind one by one, from a place on, without names: of all links or of some. */
export async function walkProblems(
  tx: Tx,
  scope: Scope,
  kind: LinkProblemKind,
  page: { after: LinkPlace | null; limit: number; subjectIds: readonly string[] | undefined },
): Promise<Problem[]> {
  const { after, limit, subjectIds } = page;
  const following = after
    ? sql`and (l.xero_org_id, l.party_id) > (${after.xeroOrgId}::uuid, ${after.partyId}::uuid)`
    : sql``;
  const some = subjectIds ? sql`and l.party_id::text = any(${[...subjectIds]}::text[])` : sql``;
  const { rows } = await sql<
    Said & { party_kind: PartyKind; party_id: PartyId; xero_org_id: XeroOrgId; since: Date | null }
  >`
    with told as (select ${told[kind]} from ${linksOf(scope)} and ${where[kind]}
        ${following} ${some} order by l.xero_org_id, l.party_id limit ${limit})
    select told.*, ${occasion} as occasion from told order by xero_org_id, party_id`.execute(tx);
  return rows.map((row) => ({
    ...causeOf(row),
    partyKind: row.party_kind,
    subjectId: row.party_id,
    xeroOrgId: row.xero_org_id,
    label: '',
    since: row.since,
  }));
}

function causeOf(said: Said): Cause {
  const { occasion } = said;
  if (said.standing === null) {
    const reasons = [`${namesOfFields(said.drift ?? [])}.`];
    return { code: 'drift.open', key: 'drift.open', reasons, xeroSays: [], occasion };
  }
  const reasons = said.reasons ?? [];
  const { code, xeroSays } = causeOfLink(said.standing, reasons);
  const key = code === 'contact.refused' ? `${code}:${hashOf(xeroSays.map(likeness))}` : code;
  return { code, key, reasons: ownReasons(reasons), xeroSays, occasion };
}

function isPutAside(cause: Cause, causes: Record<string, string> | null): boolean {
  return causes?.[cause.code] === causeHash(cause);
}
