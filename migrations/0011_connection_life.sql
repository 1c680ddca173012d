-- The life of a connection ----------------------------------------------------------------------

-- What is known of a connection beside what it is bound to: when it was looked at, what people
-- were told of it, and how far it has caught up. One row for each that was ever active.
create table connection_life (
  provider_id uuid not null references providers,
  connection_id uuid primary key references connections on delete cascade,
  -- Who connected, where it was a person of ours; told of trouble beside the Owners.
  connected_by_person text,
  -- When it is to be looked at next; a call that was made meanwhile counts as a look.
  next_check_at timestamptz not null,
  checked_at timestamptz,
  -- When the organisation's own description was last read.
  described_at timestamptz,
  -- Since when calls fail though nobody withdrew anything.
  failing_since timestamptz,
  -- The trouble that people were told of by e-mail; null: they know of none.
  told_of text,
  told_since timestamptz,
  paused_at timestamptz,
  paused_by text,
  -- While what waited is sent and what changed is read; then since when both sides are in step.
  catching_up_since timestamptz,
  in_step_at timestamptz,
  check ((told_of is null) = (told_since is null)),
  check ((paused_at is null) = (paused_by is null))
);
create index connection_checks_due on connection_life (next_check_at);
call protect('connection_life');

insert into connection_life (provider_id, connection_id, next_check_at, described_at)
  select provider_id, id, connected_at, connected_at from connections
  where state in ('active', 'paused', 'needs-consent');

-- Set while a lane catches up after it was opened; cleared when it has nothing left to do.
alter table lanes add column catching_up_since timestamptz;

-- Changes in Xero that a sweep found though a webhook should have told of them.
create table unnoticed_changes (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  changes integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (provider_id, xero_org_id)
);
call protect('unnoticed_changes');

-- What arrives at the webhook address, for all organisations together: Xero has one for an app.
create table webhook_arrivals (
  app text primary key,
  last_delivery_at timestamptz,
  -- The last check by Xero whether signatures are looked at.
  last_intent_at timestamptz
);

-- Sums over all processes since this Bursar was set up, for whoever watches it.
create table counters (
  name text not null,
  -- As Prometheus writes them, in the order of their names.
  labels text not null,
  value bigint not null,
  primary key (name, labels)
);

do $$
declare target text;
begin
  foreach target in array array['webhook_arrivals', 'counters'] loop
    execute format('alter table %I enable row level security', target);
    execute format('alter table %I force row level security', target);
    execute format(
      'create policy system_passage on %I to bursar_system using (true) with check (true)', target);
    execute format('grant select, insert, update, delete on %I to bursar_system', target);
  end loop;
end $$;

-- How many jobs wait, run and were given up: the queue's own tables are closed to the product.
create function count_jobs() returns table (waiting bigint, running bigint, given_up bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select count(*) filter (where locked_at is null and attempts < max_attempts),
    count(*) filter (where locked_at is not null),
    count(*) filter (where locked_at is null and attempts >= max_attempts)
  from graphile_worker._private_jobs;
$$;
revoke execute on function count_jobs() from public;
grant execute on function count_jobs() to bursar_system;
