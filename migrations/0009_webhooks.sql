-- Outgoing signed webhooks: where a provider wants to be told, what waits to be sent, what was tried.

create table webhook_endpoints (
  provider_id uuid not null references providers,
  id uuid primary key,
  url text not null check (length(url) between 1 and 2000),
  description text not null check (length(description) <= 200),
  kinds text[] not null check (cardinality(kinds) > 0),
  state text not null check (state in ('active', 'disabled')),
  -- Why it is disabled: someone did it, or it failed for days.
  disabled_because text check (disabled_because in ('person', 'failing')),
  sealed_secret text not null,
  -- The secret before a rotation, which signs too until then.
  sealed_old_secret text,
  old_secret_until timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  -- Failures without a delivery in between; while there are any, one delivery at a time is tried.
  failures integer not null default 0,
  failing_since timestamptz,
  next_try_at timestamptz not null,
  last_delivered_at timestamptz,
  check ((state = 'disabled') = (disabled_because is not null)),
  check ((sealed_old_secret is null) = (old_secret_until is null)),
  check ((failures = 0) = (failing_since is null))
);
create index webhook_endpoints_of_provider on webhook_endpoints (provider_id, created_at);
call protect('webhook_endpoints');

create table webhook_deliveries (
  provider_id uuid not null references providers,
  -- Also the message's id for its receiver, the same at every attempt.
  id uuid primary key,
  endpoint_id uuid not null references webhook_endpoints on delete cascade,
  kind text not null,
  -- Text and not jsonb: what is signed is these very bytes.
  payload text not null,
  state text not null check (state in ('waiting', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- Counts what schedule the next wait is taken from; begins anew with a replay.
  attempts_since_replay integer not null default 0,
  next_attempt_at timestamptz,
  created_at timestamptz not null,
  finished_at timestamptz,
  check ((state = 'waiting') = (next_attempt_at is not null)),
  check ((state = 'waiting') = (finished_at is null))
);
create index webhook_deliveries_of_endpoint on webhook_deliveries (endpoint_id, id desc);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at)
  where state = 'waiting';
create index webhook_deliveries_ended on webhook_deliveries (finished_at);
call protect('webhook_deliveries');

create table webhook_attempts (
  provider_id uuid not null references providers,
  delivery_id uuid not null references webhook_deliveries on delete cascade,
  attempt integer not null check (attempt > 0),
  at timestamptz not null,
  milliseconds integer not null,
  outcome text not null check (outcome in ('delivered', 'refused', 'no-answer', 'not-allowed')),
  -- The receiver's HTTP status and the beginning of its answer, at most 1 kB.
  status integer,
  answer text check (octet_length(answer) <= 1024),
  primary key (delivery_id, attempt)
);
call protect('webhook_attempts');

-- Every package has them, as it has Xero.
insert into licences (provider_id, product, granted_at)
  select provider_id, 'webhooks', created_at from providers
  on conflict do nothing;
