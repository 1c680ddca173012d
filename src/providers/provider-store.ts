import type { ColleagueLinks } from '#contract/connect-invitations';
import type { ProviderId } from '#contract/ids';
import type { SecondFactorPolicy } from '#contract/sign-in';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

export interface Provider {
  id: ProviderId;
  name: string;
  /** ISO 3166 two-letter code. */
  country: string;
  /** IANA name, such as `Australia/Sydney`: where the provider's calendar day begins. */
  timeZone: string;
  /** Whether Owners and Admins must have a second factor. */
  secondFactor: SecondFactorPolicy;
  /** Who may follow a link that lets a colleague connect an app. */
  colleagueLinks: ColleagueLinks;
}

/**
 * Writes a provider as its first row, in a transaction of its own id. Its package is for the caller
 * to grant.
 */
export async function insertProvider(tx: Tx, provider: Provider, at: Date): Promise<void> {
  await tx
    .insertInto('providers')
    .values({
      provider_id: provider.id,
      name: provider.name,
      country: provider.country,
      time_zone: provider.timeZone,
      second_factor: provider.secondFactor,
      colleague_links: provider.colleagueLinks,
      created_at: at,
    })
    .execute();
}

/** The provider at work; null when it is gone. */
export async function getProvider(tx: Tx, scope: Scope): Promise<Provider | null> {
  const row = await tx
    .selectFrom('providers')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .executeTakeFirst();
  return row ? toProvider(row) : null;
}

/**
 * Holds the provider's row until the transaction ends: of two that count before they add, the
 * second counts what the first has added. Others go on naming the row meanwhile.
 */
export async function holdProvider(tx: Tx, scope: Scope): Promise<void> {
  await tx
    .selectFrom('providers')
    .select('provider_id')
    .where('provider_id', '=', scope.providerId)
    .forNoKeyUpdate()
    .execute();
}

export type PolicyColumn = 'second_factor' | 'colleague_links';

/** Sets one of the provider's policies; answers false when it was so. */
export async function storePolicy(
  tx: Tx,
  scope: Scope,
  column: PolicyColumn,
  policy: string,
): Promise<boolean> {
  const changed = await tx
    .updateTable('providers')
    .set({ [column]: policy })
    .where('provider_id', '=', scope.providerId)
    .where(column, '!=', policy)
    .returning('provider_id')
    .executeTakeFirst();
  return changed !== undefined;
}

/**
 * Providers of this Bursar in the order of their ids, which begin with the time, at most `limit`;
 * those behind `after`, if it is named. Reads across providers, so `tx` must be a system transaction.
 */
export async function listProviders(
  tx: Tx,
  limit: number,
  after: ProviderId | null,
): Promise<Provider[]> {
  const rows = await tx
    .selectFrom('providers')
    .selectAll()
    .$if(after !== null, (query) => query.where('provider_id', '>', after))
    .orderBy('provider_id')
    .limit(limit)
    .execute();
  return rows.map(toProvider);
}

function toProvider(row: {
  provider_id: string;
  name: string;
  country: string;
  time_zone: string;
  second_factor: string;
  colleague_links: string;
}): Provider {
  return {
    id: row.provider_id as ProviderId,
    name: row.name,
    country: row.country,
    timeZone: row.time_zone,
    secondFactor: row.second_factor === 'optional' ? 'optional' : 'required',
    colleagueLinks: row.colleague_links === 'members' ? 'members' : 'anybody',
  };
}
