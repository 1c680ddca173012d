import { plus } from '#platform/clock';
import type { Database } from '#platform/database';
import { DUE_MAX_MS } from './grant-vault.ts';

/** How a grant stands, without any of its secrets. */
export interface GrantStanding {
  isAlive: boolean;
  /** The person at Xero who gave it, where Xero said. */
  holderName: string | null;
  scopes: string[];
  renewedAt: Date;
  /** A call after this instant may renew the grant first. */
  renewsFrom: Date;
  /** Reckoned: Xero keeps an unused permission for 60 days. */
  endsAt: Date;
}

/** How a grant stands; null for one that is erased. */
export async function standingOf(
  database: Pick<Database, 'asSystem'>,
  grantId: string,
): Promise<GrantStanding | null> {
  const row = await database.asSystem((tx) =>
    tx
      .selectFrom('grants')
      .select(['state', 'holder_name', 'scopes', 'refreshed_at'])
      .select(['access_expires_at', 'refresh_expires_at'])
      .where('id', '=', grantId)
      .executeTakeFirst(),
  );
  if (!row) return null;
  return {
    isAlive: row.state === 'live',
    holderName: row.holder_name,
    scopes: row.scopes.split(' ').filter(Boolean),
    renewedAt: row.refreshed_at,
    renewsFrom: plus(row.access_expires_at, -DUE_MAX_MS),
    endsAt: row.refresh_expires_at,
  };
}
