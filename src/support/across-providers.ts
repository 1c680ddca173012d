import type { ProviderId } from '#contract/ids';
import type { SupportRequest, SupportRequestId } from '#contract/support';
import type { Database } from '#platform/database';
import { toRequest } from './support-store.ts';

/** A request as the people who run Bursar see it: with whose it is. */
export interface AnyProvidersRequest extends SupportRequest {
  providerId: ProviderId;
  providerName: string;
}

const LISTED_MAX = 200;

/** What waits for an answer, oldest first; with `all` everything, newest first. At most 200. */
export function listForOperator(
  database: Pick<Database, 'asSystem'>,
  which: { all: boolean },
): Promise<AnyProvidersRequest[]> {
  return database.asSystem(async (tx) => {
    const query = tx
      .selectFrom('support_requests')
      .innerJoin('providers', 'providers.provider_id', 'support_requests.provider_id')
      .selectAll('support_requests')
      .select('providers.name as provider_name')
      .limit(LISTED_MAX);
    const rows = which.all
      ? await query.orderBy('support_requests.id', 'desc').execute()
      : await query.where('state', '=', 'open').orderBy('changed_at').execute();
    return rows.map((row) => ({
      ...toRequest(row),
      providerId: row.provider_id as ProviderId,
      providerName: row.provider_name,
    }));
  });
}

/** Whose request this is; null when there is none of this id. */
export async function providerOfRequest(
  database: Pick<Database, 'asSystem'>,
  id: SupportRequestId,
): Promise<ProviderId | null> {
  const row = await database.asSystem((tx) =>
    tx.selectFrom('support_requests').select('provider_id').where('id', '=', id).executeTakeFirst(),
  );
  return row ? (row.provider_id as ProviderId) : null;
}
