import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { AgreementVerdict, AgreementWay } from '#contract/agreement';
import { DocumentKind } from '#contract/billing';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { jsonText } from '#platform/json-text';
import type { AgreementChecks } from '#platform/schema';
import type { Actor, Scope } from '#platform/scope';

const Instant = z.iso.datetime().transform((text) => new Date(text));

/** What a check still has to do. */
const Position = z.object({
  /**
   * Kinds to compare paper by paper, each from an instant on (null: from the beginning) and, where
   * `until` says so, no further than what changed before it.
   */
  compare: z
    .array(
      z.object({
        kind: DocumentKind,
        since: Instant.nullable(),
        until: Instant.nullable().default(null),
      }),
    )
    .default([]),
  /** Where the walk over the first of them stands. */
  walk: z
    .object({ position: Instant.nullable(), page: z.int(), begunAt: Instant })
    .nullable()
    .default(null),
  /** What is compared is a part of what may differ, so that both sides are counted once more. */
  isPart: z.boolean().default(false),
  /** How many such parts were compared. */
  parts: z.int().default(0),
});
export type Position = z.infer<typeof Position>;

export const NOTHING_TO_DO: Position = Position.parse({});

const amount = z.object({ minor: z.string(), currency: z.string() }).nullable();
const Difference = z.object({
  kind: DocumentKind,
  xeroId: z.string(),
  number: z.string().nullable(),
  partyId: z.string().nullable(),
  why: z.string(),
  ours: amount,
  theirs: amount,
  isMended: z.boolean(),
});
export type Difference = z.infer<typeof Difference>;
const Differences = z.array(Difference);

const AskedBy = z.object({ name: z.string() }).nullable();

/** One comparison of both sides. */
export interface Check {
  id: string;
  xeroOrgId: XeroOrgId;
  askedBy: string | null;
  way: AgreementWay;
  step: 'counting' | 'looking-again' | 'comparing' | 'done';
  begunAt: Date;
  finishedAt: Date | null;
  verdict: AgreementVerdict | null;
  calls: number;
  papers: number;
  position: Position;
  /** The first 200. */
  differences: Difference[];
  differenceCount: number;
}

export const DIFFERENCES_MAX = 200;

function toCheck(row: Selectable<AgreementChecks>): Check {
  return {
    id: row.id,
    xeroOrgId: row.xero_org_id as XeroOrgId,
    askedBy: AskedBy.parse(row.asked_by)?.name ?? null,
    way: row.way as AgreementWay,
    step: row.step as Check['step'],
    begunAt: row.begun_at,
    finishedAt: row.finished_at,
    verdict: row.verdict as AgreementVerdict | null,
    calls: row.calls,
    papers: row.papers,
    position: Position.parse(row.position),
    differences: Differences.parse(row.differences),
    differenceCount: row.difference_count,
  };
}

/** Begins a check unless one is on, which then is answered with. */
export async function beginCheck(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  wanted: { way: AgreementWay; askedBy: Actor | null; now: Date },
): Promise<Check> {
  const everything = DocumentKind.options.map((kind) => ({ kind, since: null, until: null }));
  const isWhole = wanted.way === 'everything';
  const position: Position = { ...NOTHING_TO_DO, compare: isWhole ? everything : [] };
  await tx
    .insertInto('agreement_checks')
    .values({
      provider_id: scope.providerId,
      id: newId(),
      xero_org_id: xeroOrgId,
      asked_by: wanted.askedBy && jsonText(wanted.askedBy),
      way: wanted.way,
      step: isWhole ? 'comparing' : 'counting',
      begun_at: wanted.now,
      position: jsonText(position),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const open = await openCheck(tx, scope, xeroOrgId);
  if (!open) throw new Error('A check that was begun is not there');
  return open;
}

/** The check of an organisation that is on. */
export async function openCheck(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<Check | null> {
  const row = await tx
    .selectFrom('agreement_checks')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return row ? toCheck(row) : null;
}

/**
 * Writes how far a check has come; who asked, its way and its beginning stay. Called in a record of
 * the lane, so that no two runs write one check.
 */
export async function saveCheck(tx: Tx, scope: Scope, check: Check): Promise<void> {
  await tx
    .updateTable('agreement_checks')
    .set({
      step: check.step,
      finished_at: check.finishedAt,
      verdict: check.verdict,
      calls: check.calls,
      papers: check.papers,
      position: jsonText(check.position),
      differences: jsonText(check.differences),
      difference_count: check.differenceCount,
    })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', check.id)
    .execute();
}

/** One check with its differences, on or finished; null when this provider has none of that id. */
export async function findCheck(tx: Tx, scope: Scope, id: string): Promise<Check | null> {
  const row = await tx
    .selectFrom('agreement_checks')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? toCheck(row) : null;
}

/** Checks newest first, from after the one that a page ended with. */
export async function listChecks(
  tx: Tx,
  scope: Scope,
  page: {
    xeroOrgId?: XeroOrgId | undefined;
    before: { at: Date; id: string } | null;
    limit: number;
  },
): Promise<Check[]> {
  let query = tx
    .selectFrom('agreement_checks')
    .selectAll()
    .where('provider_id', '=', scope.providerId);
  if (page.xeroOrgId) query = query.where('xero_org_id', '=', page.xeroOrgId);
  if (page.before) {
    const { at, id } = page.before;
    query = query.where(sql<boolean>`(begun_at, id) < (${at}::timestamptz, ${id}::uuid)`);
  }
  const rows = await query
    .orderBy('begun_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(toCheck);
}

/** When both sides were last shown to agree, after mending what had to be. */
export async function lastAgreedAt(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<Date | null> {
  const row = await tx
    .selectFrom('agreement_checks')
    .select('begun_at')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('verdict', 'in', ['agreed', 'mended'])
    .orderBy('begun_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.begun_at ?? null;
}

/** When the next check is due, and where the provider is: nights differ. */
export async function scheduleOf(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<{ nextAt: Date | null; timeZone: string }> {
  const row = await tx
    .selectFrom('lanes')
    .innerJoin('providers', 'providers.provider_id', 'lanes.provider_id')
    .select(['lanes.next_agreement_at', 'providers.time_zone'])
    .where('lanes.provider_id', '=', scope.providerId)
    .where('lanes.xero_org_id', '=', xeroOrgId)
    .executeTakeFirstOrThrow();
  return { nextAt: row.next_agreement_at, timeZone: row.time_zone };
}

/**
 * Sets when the lane begins a check by itself again. Written as one begins: until that one is
 * finished, it is what keeps the lane at it. The caller holds the lane.
 */
export async function setNextCheck(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('lanes')
    .set({ next_agreement_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

/**
 * Whether a comparison is on or due. The first comes when all kinds of papers have been read once,
 * and none while a change is still being waited for.
 */
export async function agreementFacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  now: Date,
): Promise<{ isDue: boolean; nextAt: Date | null }> {
  const { rows } = await sql<{ is_open: boolean; covered: number; next_at: Date | null }>`
    select lane.next_agreement_at as next_at,
      exists (select from agreement_checks c where c.provider_id = lane.provider_id
        and c.xero_org_id = lane.xero_org_id and c.finished_at is null) as is_open,
      (select count(*)::int from paper_coverage p where p.provider_id = lane.provider_id
        and p.xero_org_id = lane.xero_org_id) as covered
    from lanes lane
    where lane.provider_id = ${scope.providerId} and lane.xero_org_id = ${xeroOrgId}`.execute(tx);
  const facts = rows[0];
  if (!facts || facts.covered < DocumentKind.options.length) return { isDue: false, nextAt: null };
  const isTime = facts.next_at === null || facts.next_at <= now;
  return { isDue: facts.is_open || isTime, nextAt: isTime ? null : facts.next_at };
}
