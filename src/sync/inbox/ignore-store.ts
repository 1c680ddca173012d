import { sql } from 'kysely';
import type { PartyId } from '#contract/ids';
import type { ProblemCode } from '#contract/inbox';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { Actor, Scope } from '#platform/scope';
import { HELD_CODES, hashOf, type Problem } from './problem.ts';

/** That somebody put a problem of one subject aside, and what the cause was then. */
export interface Ignore {
  causeHash: string;
  note: string | null;
  by: string;
  at: Date;
}

/** A problem with what somebody said about it. */
export interface Weighed {
  problem: Problem;
  /** Null also when it was put aside for another cause than the present one. */
  ignore: Ignore | null;
}

/**
 * What counts as another cause: an ignored problem with new reasons is a new problem, and so is one
 * that was cured and has come back.
 */
export function causeHash(problem: Pick<Problem, 'key' | 'reasons' | 'occasion'>): string {
  const { key, reasons, occasion } = problem;
  return hashOf([key, ...reasons, ...(occasion === null ? [] : [occasion])]);
}

function placeOf(problem: Pick<Problem, 'code' | 'subjectId'>): string {
  return `${problem.code} ${problem.subjectId}`;
}

/** What was put aside of some subjects, by cause and subject. */
async function ignoresOf(
  tx: Tx,
  scope: Scope,
  subjectIds: readonly string[],
): Promise<Map<string, Ignore>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('sync_ignores')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('subject_id', '=', sql<string>`any(${subjectIds}::text[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      `${row.problem} ${row.subject_id}`,
      {
        causeHash: row.cause_hash,
        note: row.note,
        by: (row.ignored_by as unknown as Actor).name,
        at: row.ignored_at,
      },
    ]),
  );
}

/** Problems with what people said about them. */
export async function weigh(
  tx: Tx,
  scope: Scope,
  problems: readonly Problem[],
): Promise<Weighed[]> {
  const ids = [...new Set(problems.map(({ subjectId }) => subjectId))];
  const ignores = await ignoresOf(tx, scope, ids);
  return problems.map((problem) => {
    const ignore = ignores.get(placeOf(problem));
    const stands = ignore?.causeHash === causeHash(problem);
    return { problem, ignore: ignore && stands ? ignore : null };
  });
}

/** Puts problems aside as they are now. */
export async function storeIgnores(
  tx: Tx,
  scope: Scope,
  problems: readonly Problem[],
  note: string | null,
  now: Date,
): Promise<void> {
  if (problems.length === 0) return;
  const rows = problems.map((problem) => ({
    provider_id: scope.providerId,
    problem: problem.code,
    subject_id: problem.subjectId,
    cause_hash: causeHash(problem),
    note,
    ignored_by: jsonText(scope.actor),
    ignored_at: now,
  }));
  await tx
    .insertInto('sync_ignores')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['provider_id', 'problem', 'subject_id']).doUpdateSet((e) => ({
        cause_hash: e.ref('excluded.cause_hash'),
        note: e.ref('excluded.note'),
        ignored_by: e.ref('excluded.ignored_by'),
        ignored_at: e.ref('excluded.ignored_at'),
      })),
    )
    .execute();
}

/**
 * Forgets that these were put aside, for whatever cause that was; those that were not are passed
 * over.
 */
export async function dropIgnores(
  tx: Tx,
  scope: Scope,
  problems: readonly Pick<Problem, 'code' | 'subjectId'>[],
): Promise<void> {
  await sql`delete from sync_ignores as i
    using unnest(${problems.map(({ code }) => code)}::text[],
      ${problems.map(({ subjectId }) => subjectId)}::text[]) as given (problem, subject_id)
    where i.provider_id = ${scope.providerId} and i.problem = given.problem
      and i.subject_id = given.subject_id`.execute(tx);
}

/**
 * Forgets what held these parties' links and was put aside, now that they are in step: the same
 * cause next month is a new problem. Whoever puts something aside at this moment is not waited for.
 */
export async function dropCured(tx: Tx, scope: Scope, partyIds: readonly PartyId[]): Promise<void> {
  if (partyIds.length === 0) return;
  const cured = await tx
    .selectFrom('sync_ignores')
    .select(['problem', 'subject_id'])
    .where('provider_id', '=', scope.providerId)
    .where('problem', 'in', [...HELD_CODES])
    .where('subject_id', '=', sql<string>`any(${[...partyIds]}::text[])`)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  if (cured.length === 0) return;
  await dropIgnores(
    tx,
    scope,
    cured.map((row) => ({ code: row.problem as ProblemCode, subjectId: row.subject_id })),
  );
}
