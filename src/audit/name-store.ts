import { sql } from 'kysely';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/**
 * What ids stand for, as it is called today: learners, workplaces, people, connections,
 * organisations, papers, API keys and webhook endpoints of the provider. One query; ids that nobody
 * knows are missing.
 */
export async function namesOf(
  tx: Tx,
  { providerId }: Scope,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    with wanted as (select unnest(${[...ids]}::uuid[]) as id)
    select wanted.id::text as id, known.name from wanted cross join lateral (
      select btrim(concat_ws(' ', coalesce(preferred_name, first_name), last_name)
        || ' (' || learner_number || ')') as name
        from learners where provider_id = ${providerId} and learners.id = wanted.id
      union all
      select name from workplaces where provider_id = ${providerId} and workplaces.id = wanted.id
      union all
      select u.name from members m join auth."user" u on u.id = m.person_id
        where m.provider_id = ${providerId} and m.person_id = wanted.id::text
      union all
      select organisation_name from connections
        where provider_id = ${providerId} and connections.id = wanted.id
      union all
      select max(organisation_name) from connections
        where provider_id = ${providerId} and xero_org_id = wanted.id
      union all
      select number from documents where provider_id = ${providerId} and documents.id = wanted.id
      union all
      select name from api_keys where provider_id = ${providerId} and api_keys.id = wanted.id
      union all
      select url from webhook_endpoints
        where provider_id = ${providerId} and webhook_endpoints.id = wanted.id
    ) as known
    where known.name is not null`.execute(tx);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
