import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { ROWS_PER_PAGE } from '#xero/index';

/** A page of Xero's contacts in the order in which they were last changed. */
export interface WaitingPage {
  since: Date;
  /** How many of the contacts on it wait to be changed, as far as is known here. */
  waiting: number;
}

/**
 * The page of Xero's contacts that begins with the one which has stood unchanged for the longest of
 * all that wait to be changed; null where none does whose last change is known. What was changed by
 * us moves to the end of that order, so the same question leads on from page to page.
 */
export async function pageOfWaiting(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  now: Date,
): Promise<WaitingPage | null> {
  const own = sql`provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}`;
  const { rows } = await sql<{ since: Date | null; waiting: number }>`
    with known as (
      select contact_id, changed_at, false as waits from xero_contacts where ${own}
      union all
      select contact_id, contact_changed_at as changed_at,
        coalesce(standing = 'waiting', false) and uncertain_since is null
          and next_attempt_at <= ${now}::timestamptz as waits
      from contact_links where ${own} and contact_id is not null
    ), listed as (
      select contact_id, max(changed_at) as changed_at, bool_or(waits) as waits
      from known group by contact_id
    ), first as (
      select min(changed_at) as changed_at from listed where waits
    ), page as (
      select listed.changed_at, listed.waits from listed, first
      where listed.changed_at >= first.changed_at
      order by listed.changed_at limit ${ROWS_PER_PAGE}
    )
    select min(changed_at) as since, (count(*) filter (where waits))::int as waiting
    from page`.execute(tx);
  const [row] = rows;
  return row?.since ? { since: row.since, waiting: row.waiting } : null;
}
