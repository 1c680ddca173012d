-- Roles: none can sign in. The one login opens its pools as one of them.
--   bursar_app     everyday work for one provider; sees nothing until a provider is set
--   bursar_system  the few passages that serve all providers (lanes, webhooks, sign-in look-ups)
--   bursar_auth    the sign-in library; sees the auth schema alone
do $$
declare role_name text;
begin
  foreach role_name in array array['bursar_app', 'bursar_system', 'bursar_auth'] loop
    begin
      execute format('create role %I nologin', role_name);
    exception when duplicate_object or unique_violation then null;
    end;
    if not pg_has_role(current_user, role_name, 'set') then
      execute format('grant %I to current_user', role_name);
    end if;
  end loop;
end $$;

revoke create on schema public from public;
grant usage on schema public to bursar_app, bursar_system;

-- The provider that the present transaction works for; null until one is set.
create function current_provider() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('bursar.provider', true), '')::uuid $$;

-- Raises the wall between providers around a table that has a provider_id, and grants the
-- named privileges. Every table of ours goes through here.
create procedure protect(target regclass, privileges text default 'select, insert, update, delete')
language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy provider_wall on %s to bursar_app '
    'using (provider_id = (select current_provider())) '
    'with check (provider_id = (select current_provider()))', target);
  execute format(
    'create policy system_passage on %s to bursar_system using (true) with check (true)', target);
  execute format('grant %s on %s to bursar_app, bursar_system', privileges, target);
end $$;

-- Sign-in (shape given by the sign-in library) ------------------------------------------------

create schema auth;
grant usage on schema auth to bursar_auth, bursar_app, bursar_system;

create table auth."user" (
  "id" text primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);

create table auth."session" (
  "id" text primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" ("id") on delete cascade
);
create index "session_userId_idx" on auth."session" ("userId");

create table auth."account" (
  "id" text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on auth."account" ("userId");

create table auth."verification" (
  "id" text primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create index "verification_identifier_idx" on auth."verification" ("identifier");

create table auth."rateLimit" (
  "id" text primary key,
  "key" text not null unique,
  "count" integer not null,
  "lastRequest" bigint not null
);

grant select, insert, update, delete on all tables in schema auth to bursar_auth;
grant select ("id", "name", "email") on auth."user" to bursar_app, bursar_system;

-- Providers and their people ------------------------------------------------------------------

create table providers (
  provider_id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  country text not null default 'AU' check (country ~ '^[A-Z]{2}$'),
  time_zone text not null default 'Australia/Sydney',
  created_at timestamptz not null
);
call protect('providers', 'select, insert, update');

create table members (
  provider_id uuid not null references providers,
  person_id text not null references auth."user" ("id") on delete cascade,
  role text not null check (role in ('owner', 'admin', 'finance', 'staff')),
  created_at timestamptz not null,
  primary key (provider_id, person_id)
);
create index members_by_person on members (person_id);
call protect('members');

-- A person's name is readable only where that person is a member of the provider at work.
alter table auth."user" enable row level security;
create policy sign_in on auth."user" to bursar_auth using (true) with check (true);
create policy colleagues on auth."user" for select to bursar_app
  using (exists (select from public.members m where m.person_id = "id"));
create policy system_passage on auth."user" for select to bursar_system using (true);

create table licences (
  provider_id uuid not null references providers,
  product text not null,
  granted_at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (provider_id, product)
);
call protect('licences');

create table api_keys (
  provider_id uuid not null references providers,
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  role text not null check (role in ('owner', 'admin', 'finance', 'staff')),
  key_hash bytea not null unique,
  prefix text not null,
  created_by text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_of_provider on api_keys (provider_id, created_at);
call protect('api_keys');

-- The spine: every change appends one event in its own transaction, never altered after -------

create table events (
  provider_id uuid not null references providers,
  id uuid primary key,
  seq bigint generated always as identity unique,
  at timestamptz not null,
  kind text not null,
  actor jsonb not null,
  subject_kind text not null,
  subject_id text not null,
  data jsonb not null
);
create index events_of_subject on events (provider_id, subject_kind, subject_id, seq desc);
call protect('events', 'select, insert');

-- Jobs ----------------------------------------------------------------------------------------

-- Puts a job on the queue inside the caller's transaction. A job with the same key that still
-- waits is replaced; one that runs already is left to run, and a new one follows it.
create function enqueue_job(task text, payload json, key text, attempts integer)
returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
  select graphile_worker.add_job(
    identifier => task, payload => payload, job_key => key, max_attempts => attempts);
$$;
revoke execute on function enqueue_job(text, json, text, integer) from public;
grant execute on function enqueue_job(text, json, text, integer) to bursar_app, bursar_system;

-- Worker processes say here that they live; one that stops saying so has its jobs freed.
create table workers (
  id text primary key,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
alter table workers enable row level security;
alter table workers force row level security;
create policy system_passage on workers to bursar_system using (true) with check (true);
grant select, insert, update, delete on workers to bursar_system;
