import { sql } from 'kysely';
import { z } from 'zod';
import type { XeroOrgId } from '#contract/ids';
import type { ReadingStopped } from '#contract/statement';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** How far the papers of an organisation were read. */
export interface Reading {
  organisationName: string;
  /** When Xero was last looked through for what had changed; null: not to the end yet. */
  readAt: Date | null;
  /** Why nothing newer is read, or not everything; null: reading goes on. */
  stopped: ReadingStopped | null;
}

/** The organisations whose papers are here as they were when they were disconnected. */
export async function formerOrganisations(tx: Tx, scope: Scope): Promise<ReadonlySet<XeroOrgId>> {
  const { rows } = await sql<{ former: XeroOrgId[] }>`
    select former_organisations(${scope.providerId}) as former`.execute(tx);
  return new Set(rows.flatMap(({ former }) => former));
}

/** Each organisation whose papers may be here, by id. */
export async function readingsOf(
  tx: Tx,
  scope: Scope,
  now: Date,
): Promise<ReadonlyMap<string, Reading>> {
  const lanes = await tx
    .selectFrom('lanes')
    .select(['xero_org_id', 'organisation_name', 'last_sweep_at'])
    .select(['stop_reason', 'paused_until', 'set_aside'])
    .where('provider_id', '=', scope.providerId)
    .execute();
  return new Map(
    lanes.map((lane) => {
      const failingSince = sinceOf(lane.set_aside);
      const isWaiting = lane.paused_until !== null && lane.paused_until > now;
      const reading: Reading = {
        organisationName: lane.organisation_name,
        readAt: earlier(lane.last_sweep_at, failingSince),
        stopped: lane.stop_reason
          ? (lane.stop_reason as ReadingStopped)
          : failingSince !== null || isWaiting
            ? 'waiting'
            : null,
      };
      return [lane.xero_org_id, reading];
    }),
  );
}

/** What did not come about when last tried, by its name. */
const Failing = z.record(z.string(), z.object({ since: z.coerce.date() }));
/** Readings of papers and of what settles them, not of contacts. */
const OF_PAPERS = /^(pull |sweep (invoices|credit-notes|prepayments|overpayments|payments)$)/;

/** Since when Xero fails at, or refuses, a reading of papers; null: it does not. */
function sinceOf(setAside: unknown): Date | null {
  return Object.entries(Failing.parse(setAside))
    .filter(([name]) => OF_PAPERS.test(name))
    .reduce<Date | null>((first, [, { since }]) => earlier(first, since) ?? since, null);
}

/** The earlier one, where both are there; else the first. */
function earlier(a: Date | null, b: Date | null): Date | null {
  return a !== null && b !== null && b < a ? b : a;
}
