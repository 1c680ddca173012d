-- Whoever read the clock early and got the row late must still see the calls of its own minute: those
-- that have left the minute of a later claim are kept for ten seconds more, and counted by none but it.
create or replace function xero_claim_call(
  org uuid,
  lease uuid,
  at timestamptz,
  lease_length interval,
  minute_limit integer,
  minute_window interval,
  in_flight_limit integer,
  day_reserve integer,
  day_probe_every interval,
  app_burst double precision,
  app_per_second double precision
) returns table (granted boolean, kind text, retry_at timestamptz)
language plpgsql
as $$
declare
  budget xero_budgets;
  app_budget xero_app_budgets;
  known timestamptz[];
  recent timestamptz[];
  soonest_end timestamptz;
  under_way integer;
  claimed_since integer;
  tokens_now double precision;
begin
  insert into xero_budgets (xero_org_id) values (org) on conflict do nothing;
  select * into budget from xero_budgets b where b.xero_org_id = org for update;

  if budget.paused_until > at then
    return query select false, budget.pause_kind, budget.paused_until;
    return;
  end if;

  delete from xero_call_leases l where l.xero_org_id = org and l.until <= at;
  select count(*), min(l.until) into under_way, soonest_end
    from xero_call_leases l where l.xero_org_id = org;
  if under_way >= in_flight_limit then
    return query select false, 'concurrent', least(soonest_end, at + interval '1 second');
    return;
  end if;

  known := array(
    select claimed from unnest(budget.recent_calls) claimed
    where claimed > at - minute_window - interval '10 seconds' order by claimed);
  recent := array(
    select claimed from unnest(known) claimed where claimed > at - minute_window order by claimed);
  if cardinality(recent) >= minute_limit then
    return query select false, 'local',
      recent[cardinality(recent) - minute_limit + 1] + minute_window;
    return;
  end if;

  -- Xero counts calls that we do not know of, such as those of another installation.
  if budget.minute_seen_at > at - minute_window then
    select count(*) into claimed_since
      from unnest(recent) claimed where claimed > budget.minute_seen_at;
    if budget.minute_left - claimed_since <= 0 then
      return query select false, 'minute', budget.minute_seen_at + minute_window;
      return;
    end if;
  end if;

  -- When Xero's day begins anew is not known, so now and then one call asks.
  if budget.day_left <= day_reserve and budget.day_seen_at > at - day_probe_every then
    return query select false, 'day', budget.day_seen_at + day_probe_every;
    return;
  end if;

  insert into xero_app_budgets (app, tokens, filled_at) values ('xero', app_burst, at)
    on conflict do nothing;
  select * into app_budget from xero_app_budgets a where a.app = 'xero' for update;
  if app_budget.paused_until > at then
    return query select false, 'app', app_budget.paused_until;
    return;
  end if;
  tokens_now := least(app_burst, app_budget.tokens
    + app_per_second * greatest(0, extract(epoch from at - app_budget.filled_at)));
  if tokens_now < 1 then
    return query select false, 'app',
      at + make_interval(secs => (1 - tokens_now) / app_per_second);
    return;
  end if;
  update xero_app_budgets a
    set tokens = tokens_now - 1, filled_at = greatest(at, app_budget.filled_at)
    where a.app = 'xero';

  insert into xero_call_leases (id, xero_org_id, until) values (lease, org, at + lease_length);
  update xero_budgets b set
    recent_calls = known || at,
    used_on = (at at time zone 'UTC')::date,
    calls_today = case when b.used_on = (at at time zone 'UTC')::date
      then b.calls_today + 1 else 1 end,
    bytes_today = case when b.used_on = (at at time zone 'UTC')::date
      then b.bytes_today else 0 end,
    day_left = case when b.day_left > 0 then b.day_left - 1 else b.day_left end
    where b.xero_org_id = org;
  return query select true, null::text, null::timestamptz;
end $$;
