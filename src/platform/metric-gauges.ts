import { sql } from 'kysely';
import type { Database } from './database.ts';
import { countLiveWorkers } from './jobs/worker.ts';
import { labelText, type Sample } from './metrics.ts';

/** How things stand at this moment, over all providers, without naming any. */
export async function readGauges(database: Database, now: Date): Promise<Sample[]> {
  const today = now.toISOString().slice(0, 10);
  const { rows } = await database.asSystem((tx) =>
    sql<{ name: string; label: string | null; value: string; number: number }>`
      select 'bursar_connections' as name, 'state' as label, state as value, count(*)::float8 as number
        from connections group by state
      union all select 'bursar_connections_in_trouble', 'code', trouble_code, count(*)
        from connections where trouble_code is not null group by trouble_code
      union all select 'bursar_lanes', 'state', case
          when state = 'stopped' then 'stopped'
          when paused_until > ${now}::timestamptz then 'waiting'
          when lease_until > ${now}::timestamptz then 'working' else 'resting' end, count(*)
        from lanes group by 3
      union all select 'bursar_links', 'standing', coalesce(standing, 'off'), count(*)
        from contact_links group by standing
      union all select 'bursar_notices_waiting', null, null, count(*) from notices
      union all select 'bursar_jobs', 'state', kind, number from count_jobs(),
        lateral (values ('waiting', waiting), ('running', running), ('given-up', given_up))
          as jobs (kind, number)
      union all select 'bursar_xero_calls_today', null, null, coalesce(sum(calls_today), 0)
        from xero_budgets where used_on = ${today}::date
      union all select 'bursar_xero_bytes_today', null, null, coalesce(sum(bytes_today), 0)
        from xero_budgets where used_on = ${today}::date
      union all select 'bursar_webhook_last_delivery_seconds', null, null,
          extract(epoch from last_delivery_at)
        from webhook_arrivals where last_delivery_at is not null`.execute(tx),
  );
  const samples = rows.map(({ name, label, value, number }) => ({
    name,
    labels: label === null ? '' : labelText({ [label]: value }),
    value: Number(number),
  }));
  const workers = await countLiveWorkers(database);
  return [...samples, { name: 'bursar_workers_live', labels: '', value: workers }];
}
