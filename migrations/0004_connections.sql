-- Grants --------------------------------------------------------------------------------------

-- One consent's token set. Xero gives one per app and Xero user, and one such person may connect
-- organisations of several providers, so a grant belongs to no provider: it has no provider_id,
-- no wall, and is open to bursar_system alone. Tokens are sealed; the row's id is bound in.
create table grants (
  id uuid primary key,
  app text not null check (app in ('xero')),
  xero_user_id text not null,
  -- live: refreshes; dead: Xero refuses it and only a new consent revives it
  state text not null check (state in ('live', 'dead')),
  -- Counts every token set stored; tells a fresh set from the one that was refused.
  generation integer not null check (generation >= 1),
  sealed_access_token text not null,
  access_expires_at timestamptz not null,
  sealed_refresh_token text not null,
  refresh_expires_at timestamptz not null,
  scopes text not null,
  holder_name text,
  refreshed_at timestamptz not null,
  dead_since timestamptz,
  created_at timestamptz not null,
  unique (app, xero_user_id),
  check ((state = 'dead') = (dead_since is not null))
);
alter table grants enable row level security;
alter table grants force row level security;
create policy system_passage on grants to bursar_system using (true) with check (true);
grant select, insert, update, delete on grants to bursar_system;

-- What consents allowed at Xero, until it is removed there: what nobody uses counts and is billed.
-- Like grants it belongs to no provider and is open to bursar_system alone.
create table xero_allowed_connections (
  xero_connection_id uuid primary key,
  grant_id uuid not null references grants on delete cascade,
  allowed_at timestamptz not null
);
create index xero_allowed_connections_of_grant on xero_allowed_connections (grant_id);
alter table xero_allowed_connections enable row level security;
alter table xero_allowed_connections force row level security;
create policy system_passage on xero_allowed_connections to bursar_system
  using (true) with check (true);
grant select, insert, update, delete on xero_allowed_connections to bursar_system;

-- Connections ---------------------------------------------------------------------------------

create table connections (
  provider_id uuid not null references providers,
  id uuid primary key,
  app text not null check (app in ('xero')),
  state text not null
    check (state in ('choosing', 'active', 'paused', 'needs-consent', 'disconnected')),
  grant_id uuid references grants,
  -- Xero's id of the consent, by which its organisations are told from earlier ones
  auth_event_id text,
  -- Xero's id of the connection itself (not of the organisation): what is deleted at the end
  xero_connection_id uuid,
  xero_org_id uuid,
  organisation_name text,
  legal_name text,
  country text,
  base_currency text,
  tax_number text,
  is_demo boolean not null default false,
  short_code text,
  connected_by text not null,
  connected_at timestamptz,
  trouble_code text,
  trouble_since timestamptz,
  created_at timestamptz not null,
  disconnected_at timestamptz,
  check (state in ('choosing', 'disconnected') or
    (xero_org_id is not null and grant_id is not null and xero_connection_id is not null
      and organisation_name is not null and connected_at is not null)),
  check ((trouble_code is null) = (trouble_since is null)),
  check ((state = 'disconnected') = (disconnected_at is not null))
);
create index connections_of_provider on connections (provider_id, created_at desc);
create index connections_of_grant on connections (grant_id);
-- One set of books serves one provider: two would write over each other.
create unique index one_live_connection_per_organisation on connections (app, xero_org_id)
  where state in ('active', 'paused', 'needs-consent');
create unique index one_live_connection_per_provider on connections (provider_id, app)
  where state in ('active', 'paused', 'needs-consent');
call protect('connections');

-- The organisations of a consent that allowed several, until one is chosen.
create table connection_choices (
  provider_id uuid not null references providers,
  connection_id uuid not null references connections on delete cascade,
  xero_org_id uuid not null,
  xero_connection_id uuid not null,
  organisation_name text not null,
  country text,
  base_currency text,
  is_demo boolean not null default false,
  primary key (connection_id, xero_org_id)
);
call protect('connection_choices');

-- Consents under way: ten minutes, one use. Only hashes of what the browser holds are kept.
create table consents (
  provider_id uuid not null references providers,
  id uuid primary key,
  app text not null check (app in ('xero')),
  asked_by jsonb not null,
  -- Set while an API key's invitation waits to be opened in some browser
  invitation_hash bytea unique,
  -- Set when a browser goes to Xero
  state_hash bytea unique,
  binding_hash bytea,
  sealed_verifier text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- Set when what Xero answered has been dealt with; in between, its grant is not to be erased
  finished_at timestamptz,
  check (invitation_hash is not null or state_hash is not null)
);
create index consents_of_provider on consents (provider_id, created_at desc);
create index consents_under_way on consents (used_at) where finished_at is null;
call protect('consents');

-- Budgets -------------------------------------------------------------------------------------

-- What Xero lets us call for one organisation, shared by all nodes. Belongs to the organisation,
-- not to a provider (it outlives a connection), so it has no provider_id and is open to
-- bursar_system alone.
create table xero_budgets (
  xero_org_id uuid primary key,
  -- when the calls of the last minute were claimed
  recent_calls timestamptz[] not null default '{}',
  -- what Xero's headers said last, and about a call claimed when
  minute_left integer,
  minute_seen_at timestamptz,
  day_left integer,
  day_seen_at timestamptz,
  day_limit integer not null default 5000,
  paused_until timestamptz,
  pause_kind text check (pause_kind in ('minute', 'day', 'concurrent', 'app', 'local')),
  -- usage since midnight UTC
  used_on date,
  calls_today integer not null default 0,
  bytes_today bigint not null default 0,
  last_call_at timestamptz
);

-- Calls under way. A lease ends by itself, so that a process that died gives its place back.
create table xero_call_leases (
  id uuid primary key,
  xero_org_id uuid not null references xero_budgets,
  until timestamptz not null
);
create index xero_call_leases_of_org on xero_call_leases (xero_org_id);

-- The limit over all organisations together: a bucket that refills evenly.
create table xero_app_budgets (
  app text primary key,
  tokens double precision not null,
  filled_at timestamptz not null,
  paused_until timestamptz
);

do $$
declare target text;
begin
  foreach target in array array['xero_budgets', 'xero_call_leases', 'xero_app_budgets'] loop
    execute format('alter table %I enable row level security', target);
    execute format('alter table %I force row level security', target);
    execute format(
      'create policy system_passage on %I to bursar_system using (true) with check (true)', target);
    execute format('grant select, insert, update, delete on %I to bursar_system', target);
  end loop;
end $$;

-- Claims one call for an organisation at the instant `at`, or says which limit is in the way and
-- until when. Locks the organisation's row first and the app's row last, always in that order.
-- The minute is counted as a sliding window of the claims themselves: in no stretch of
-- `minute_window` are there more than `minute_limit`, whichever nodes claimed.
create function xero_claim_call(
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

  recent := array(
    select claimed from unnest(budget.recent_calls) claimed
    where claimed > at - minute_window order by claimed);
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
    recent_calls = recent || at,
    used_on = (at at time zone 'UTC')::date,
    calls_today = case when b.used_on = (at at time zone 'UTC')::date
      then b.calls_today + 1 else 1 end,
    bytes_today = case when b.used_on = (at at time zone 'UTC')::date
      then b.bytes_today else 0 end,
    day_left = case when b.day_left > 0 then b.day_left - 1 else b.day_left end
    where b.xero_org_id = org;
  return query select true, null::text, null::timestamptz;
end $$;
revoke execute on function xero_claim_call from public;
grant execute on function xero_claim_call to bursar_system;
