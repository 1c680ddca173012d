-- The schema as the migrations make it, written by `npm run schema`. To be read, not to be run.

CREATE OR REPLACE FUNCTION public.count_jobs()
 RETURNS TABLE(waiting bigint, running bigint, given_up bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select count(*) filter (where locked_at is null and attempts < max_attempts),
    count(*) filter (where locked_at is not null),
    count(*) filter (where locked_at is null and attempts >= max_attempts)
  from graphile_worker._private_jobs;
$function$;
-- bursar_system: execute

CREATE OR REPLACE FUNCTION public.current_provider()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('bursar.provider', true), '')::uuid $function$;
-- everybody: execute

CREATE OR REPLACE FUNCTION public.drop_jobs_of_provider(dropped uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare count integer;
begin
  delete from graphile_worker._private_jobs j
    where j.payload->>'providerId' = dropped::text and j.locked_at is null;
  get diagnostics count = row_count;
  return count;
end $function$;
-- bursar_system: execute

CREATE OR REPLACE FUNCTION public.enqueue_job(task text, payload json, key text, attempts integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select graphile_worker.add_job(
    identifier => task, payload => payload, job_key => key, max_attempts => attempts,
    job_key_mode => 'preserve_run_at');
$function$;
-- bursar_app: execute
-- bursar_system: execute

CREATE OR REPLACE FUNCTION public.erase_events(provider uuid, at timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare erased bigint;
begin
  insert into public.audit_erasures (provider_id, erased_at, position, hash)
    select provider, at, coalesce(last.position, 0), last.hash
    from (select 1) one left join lateral (
      select c.position, c.hash from public.audit_chain c
      where c.provider_id = provider order by c.position desc limit 1) last on true
    on conflict do nothing;
  delete from public.audit_checks where provider_id = provider;
  delete from public.audit_chain where provider_id = provider;
  delete from public.events where provider_id = provider;
  get diagnostics erased = row_count;
  return erased;
end $function$;
-- bursar_eraser: execute
-- bursar_system: execute

CREATE OR REPLACE FUNCTION public.erase_rows(erased uuid, at_most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  target regclass;
  deleted integer;
  blocked text := '';
begin
  for target in
    select c.oid::regclass from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      -- what remains of those who left
      and c.relname not in ('erased_providers', 'audit_erasures')
    order by c.oid = 'public.providers'::regclass, c.oid desc
  loop
    begin
      execute format(
        'delete from %1$s where ctid = any(array('
        'select ctid from %1$s where provider_id = $1 limit $2))', target)
        using erased, at_most;
      get diagnostics deleted = row_count;
    exception when foreign_key_violation then
      blocked := blocked || ' ' || target::text;
      deleted := 0;
    end;
    if deleted > 0 then return deleted; end if;
  end loop;
  if blocked <> '' then raise exception 'rows that others point at are left in%', blocked; end if;
  return 0;
end $function$;
-- bursar_eraser: execute
-- bursar_system: execute

CREATE OR REPLACE FUNCTION public.former_organisations(provider uuid)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(array_agg(distinct past.xero_org_id), '{}')
  from connections past
  where past.provider_id = provider
    and past.xero_org_id is not null
    and not exists (
      select from connections present
      where present.provider_id = provider
        and present.xero_org_id = past.xero_org_id
        and present.state in ('active', 'paused', 'needs-consent'))
$function$;
-- everybody: execute

CREATE OR REPLACE PROCEDURE public.protect(IN target regclass, IN privileges text DEFAULT 'select, insert, update, delete'::text)
 LANGUAGE plpgsql
AS $procedure$
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
  execute format('create policy eraser on %s to bursar_eraser using (true)', target);
  execute format('grant select, delete on %s to bursar_eraser', target);
end $procedure$;
-- everybody: execute

CREATE OR REPLACE FUNCTION public.xero_claim_call(org uuid, lease uuid, at timestamp with time zone, lease_length interval, minute_limit integer, minute_window interval, in_flight_limit integer, day_reserve integer, day_probe_every interval, app_burst double precision, app_per_second double precision)
 RETURNS TABLE(granted boolean, kind text, retry_at timestamp with time zone)
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- bursar_system: execute

create table public.agreement_checks (
  provider_id uuid not null,
  id uuid not null,
  xero_org_id uuid not null,
  asked_by jsonb,
  way text not null,
  step text not null,
  begun_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  verdict text,
  calls integer default 0 not null,
  papers integer default 0 not null,
  "position" jsonb default '{}'::jsonb not null,
  differences jsonb default '[]'::jsonb not null,
  difference_count integer default 0 not null,
  constraint agreement_checks_pkey PRIMARY KEY (id),
  constraint agreement_checks_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint agreement_checks_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint agreement_checks_check CHECK (((step = 'done'::text) = (finished_at IS NOT NULL))),
  constraint agreement_checks_check1 CHECK (((verdict IS NULL) = (finished_at IS NULL))),
  constraint agreement_checks_step_check CHECK ((step = ANY (ARRAY['counting'::text, 'looking-again'::text, 'comparing'::text, 'done'::text]))),
  constraint agreement_checks_verdict_check CHECK ((verdict = ANY (ARRAY['agreed'::text, 'mended'::text, 'differs'::text]))),
  constraint agreement_checks_way_check CHECK ((way = ANY (ARRAY['counts'::text, 'everything'::text])))
);
CREATE INDEX agreement_checks_newest ON public.agreement_checks USING btree (provider_id, xero_org_id, begun_at DESC);
CREATE UNIQUE INDEX agreement_checks_open ON public.agreement_checks USING btree (provider_id, xero_org_id) WHERE (finished_at IS NULL);
alter table public.agreement_checks enable row level security;
alter table public.agreement_checks force row level security;
create policy eraser on public.agreement_checks to bursar_eraser using true;
create policy provider_wall on public.agreement_checks to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.agreement_checks to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.agreement_sums (
  provider_id uuid not null,
  check_id uuid not null,
  party_id uuid not null,
  kind text not null,
  status text not null,
  currency text not null,
  ours_count integer default 0 not null,
  ours_total_minor bigint default 0 not null,
  ours_due_minor bigint default 0 not null,
  theirs_count integer default 0 not null,
  theirs_total_minor bigint default 0 not null,
  theirs_due_minor bigint default 0 not null,
  constraint agreement_sums_pkey PRIMARY KEY (provider_id, check_id, party_id, kind, status, currency),
  constraint agreement_sums_check_id_fkey FOREIGN KEY (check_id) REFERENCES public.agreement_checks(id) ON DELETE CASCADE,
  constraint agreement_sums_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
CREATE INDEX agreement_sums_of_check ON public.agreement_sums USING btree (check_id);
alter table public.agreement_sums enable row level security;
alter table public.agreement_sums force row level security;
create policy eraser on public.agreement_sums to bursar_eraser using true;
create policy provider_wall on public.agreement_sums to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.agreement_sums to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.allocations (
  provider_id uuid not null,
  xero_org_id uuid not null,
  document_id uuid not null,
  xero_id text not null,
  invoice_xero_id uuid not null,
  invoice_number text,
  date date,
  currency text not null,
  amount_minor bigint not null,
  "position" integer default 0 not null,
  constraint allocations_pkey PRIMARY KEY (document_id, xero_id),
  constraint allocations_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE,
  constraint allocations_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
CREATE INDEX allocations_of_invoice ON public.allocations USING btree (provider_id, xero_org_id, invoice_xero_id);
alter table public.allocations enable row level security;
alter table public.allocations force row level security;
create policy eraser on public.allocations to bursar_eraser using true;
create policy provider_wall on public.allocations to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.allocations to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.api_keys (
  provider_id uuid not null,
  id uuid not null,
  name text not null,
  role text not null,
  key_hash bytea not null,
  prefix text not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_by_person text,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'finance'::text, 'staff'::text])))
);
CREATE INDEX api_keys_by_maker ON public.api_keys USING btree (provider_id, created_by_person) WHERE (revoked_at IS NULL);
CREATE INDEX api_keys_of_provider ON public.api_keys USING btree (provider_id, created_at);
alter table public.api_keys enable row level security;
alter table public.api_keys force row level security;
create policy eraser on public.api_keys to bursar_eraser using true;
create policy provider_wall on public.api_keys to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.api_keys to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.audit_chain (
  provider_id uuid not null,
  "position" bigint not null,
  event_id uuid not null,
  hash bytea not null,
  sealed_at timestamp with time zone not null,
  constraint audit_chain_pkey PRIMARY KEY (provider_id, "position"),
  constraint audit_chain_provider_id_event_id_key UNIQUE (provider_id, event_id),
  constraint audit_chain_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint audit_chain_hash_check CHECK ((length(hash) = 32)),
  constraint audit_chain_position_check CHECK (("position" > 0))
);
alter table public.audit_chain enable row level security;
alter table public.audit_chain force row level security;
create policy eraser on public.audit_chain to bursar_eraser using true;
create policy erasure on public.audit_chain to bursar_eraser using true;
create policy provider_wall on public.audit_chain to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.audit_chain to bursar_system using true with check true;
-- bursar_app: select
-- bursar_eraser: delete, select
-- bursar_system: insert, select

create table public.audit_checks (
  provider_id uuid not null,
  checked_at timestamp with time zone not null,
  entries bigint not null,
  fault text,
  constraint audit_checks_pkey PRIMARY KEY (provider_id),
  constraint audit_checks_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.audit_checks enable row level security;
alter table public.audit_checks force row level security;
create policy eraser on public.audit_checks to bursar_eraser using true;
create policy erasure on public.audit_checks to bursar_eraser using true;
create policy provider_wall on public.audit_checks to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.audit_checks to bursar_system using true with check true;
-- bursar_app: insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: insert, select, update

create table public.audit_cursor (
  is_only boolean default true not null,
  xid xid8 not null,
  seq bigint not null,
  constraint audit_cursor_pkey PRIMARY KEY (is_only),
  constraint audit_cursor_is_only_check CHECK (is_only)
);
alter table public.audit_cursor enable row level security;
alter table public.audit_cursor force row level security;
create policy system_passage on public.audit_cursor to bursar_system using true with check true;
-- bursar_system: select, update

create table public.audit_erasures (
  provider_id uuid not null,
  erased_at timestamp with time zone not null,
  "position" bigint not null,
  hash bytea,
  constraint audit_erasures_pkey PRIMARY KEY (provider_id)
);
alter table public.audit_erasures enable row level security;
alter table public.audit_erasures force row level security;
create policy eraser on public.audit_erasures to bursar_eraser using true;
create policy erasure on public.audit_erasures to bursar_eraser using true with check true;
create policy provider_wall on public.audit_erasures to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.audit_erasures to bursar_system using true with check true;
-- bursar_app: select
-- bursar_eraser: delete, insert, select
-- bursar_system: select

create table public.books (
  provider_id uuid not null,
  xero_org_id uuid not null,
  settings jsonb not null,
  read_at timestamp with time zone not null,
  changed_at timestamp with time zone,
  constraint books_pkey PRIMARY KEY (provider_id, xero_org_id),
  constraint books_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint books_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id)
);
alter table public.books enable row level security;
alter table public.books force row level security;
create policy eraser on public.books to bursar_eraser using true;
create policy provider_wall on public.books to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.books to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.connect_invitations (
  provider_id uuid not null,
  id uuid not null,
  app text not null,
  token_hash bytea not null,
  asked_by jsonb not null,
  joins_others boolean not null,
  sent_to text,
  attempts integer default 0 not null,
  last_outcome text,
  last_person text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint connect_invitations_pkey PRIMARY KEY (id),
  constraint connect_invitations_token_hash_key UNIQUE (token_hash),
  constraint connect_invitations_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint connect_invitations_app_check CHECK ((app = 'xero'::text))
);
CREATE INDEX connect_invitations_newest ON public.connect_invitations USING btree (provider_id, created_at DESC, id);
alter table public.connect_invitations enable row level security;
alter table public.connect_invitations force row level security;
create policy eraser on public.connect_invitations to bursar_eraser using true;
create policy provider_wall on public.connect_invitations to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.connect_invitations to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.connection_choices (
  provider_id uuid not null,
  connection_id uuid not null,
  xero_org_id uuid not null,
  xero_connection_id uuid not null,
  organisation_name text not null,
  country text,
  base_currency text,
  is_demo boolean default false not null,
  legal_name text,
  tax_number text,
  is_described boolean default true not null,
  constraint connection_choices_pkey PRIMARY KEY (connection_id, xero_org_id),
  constraint connection_choices_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id) ON DELETE CASCADE,
  constraint connection_choices_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.connection_choices enable row level security;
alter table public.connection_choices force row level security;
create policy eraser on public.connection_choices to bursar_eraser using true;
create policy provider_wall on public.connection_choices to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.connection_choices to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.connection_life (
  provider_id uuid not null,
  connection_id uuid not null,
  connected_by_person text,
  next_check_at timestamp with time zone not null,
  checked_at timestamp with time zone,
  described_at timestamp with time zone,
  failing_since timestamp with time zone,
  told_of text,
  told_since timestamp with time zone,
  paused_at timestamp with time zone,
  paused_by text,
  catching_up_since timestamp with time zone,
  in_step_at timestamp with time zone,
  constraint connection_life_pkey PRIMARY KEY (connection_id),
  constraint connection_life_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id) ON DELETE CASCADE,
  constraint connection_life_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint connection_life_check CHECK (((told_of IS NULL) = (told_since IS NULL))),
  constraint connection_life_check1 CHECK (((paused_at IS NULL) = (paused_by IS NULL)))
);
CREATE INDEX connection_checks_due ON public.connection_life USING btree (next_check_at);
alter table public.connection_life enable row level security;
alter table public.connection_life force row level security;
create policy eraser on public.connection_life to bursar_eraser using true;
create policy provider_wall on public.connection_life to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.connection_life to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.connections (
  provider_id uuid not null,
  id uuid not null,
  app text not null,
  state text not null,
  grant_id uuid,
  auth_event_id text,
  xero_connection_id uuid,
  xero_org_id uuid,
  organisation_name text,
  legal_name text,
  country text,
  base_currency text,
  tax_number text,
  is_demo boolean default false not null,
  short_code text,
  connected_by text not null,
  connected_at timestamp with time zone,
  trouble_code text,
  trouble_since timestamp with time zone,
  created_at timestamp with time zone not null,
  disconnected_at timestamp with time zone,
  xero_person text,
  joins_others boolean default false not null,
  constraint connections_pkey PRIMARY KEY (id),
  constraint connections_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.grants(id),
  constraint connections_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint connections_app_check CHECK ((app = 'xero'::text)),
  constraint connections_check CHECK (((state = ANY (ARRAY['choosing'::text, 'disconnected'::text])) OR ((xero_org_id IS NOT NULL) AND (grant_id IS NOT NULL) AND (xero_connection_id IS NOT NULL) AND (organisation_name IS NOT NULL) AND (connected_at IS NOT NULL)))),
  constraint connections_check1 CHECK (((trouble_code IS NULL) = (trouble_since IS NULL))),
  constraint connections_check2 CHECK (((state = 'disconnected'::text) = (disconnected_at IS NOT NULL))),
  constraint connections_state_check CHECK ((state = ANY (ARRAY['choosing'::text, 'active'::text, 'paused'::text, 'needs-consent'::text, 'disconnected'::text])))
);
CREATE INDEX connections_of_grant ON public.connections USING btree (grant_id);
CREATE INDEX connections_of_provider ON public.connections USING btree (provider_id, created_at DESC);
CREATE UNIQUE INDEX one_live_connection_per_organisation ON public.connections USING btree (app, xero_org_id) WHERE (state = ANY (ARRAY['active'::text, 'paused'::text, 'needs-consent'::text]));
alter table public.connections enable row level security;
alter table public.connections force row level security;
create policy eraser on public.connections to bursar_eraser using true;
create policy provider_wall on public.connections to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.connections to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.consents (
  provider_id uuid not null,
  id uuid not null,
  app text not null,
  asked_by jsonb not null,
  state_hash bytea,
  binding_hash bytea,
  sealed_verifier text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  finished_at timestamp with time zone,
  invitation_id uuid,
  joins_others boolean default false not null,
  constraint consents_pkey PRIMARY KEY (id),
  constraint consents_state_hash_key UNIQUE (state_hash),
  constraint consents_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES public.connect_invitations(id) ON DELETE CASCADE,
  constraint consents_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint consents_app_check CHECK ((app = 'xero'::text))
);
CREATE INDEX consents_of_invitation ON public.consents USING btree (invitation_id) WHERE (invitation_id IS NOT NULL);
CREATE INDEX consents_of_provider ON public.consents USING btree (provider_id, created_at DESC);
CREATE INDEX consents_under_way ON public.consents USING btree (used_at) WHERE (finished_at IS NULL);
alter table public.consents enable row level security;
alter table public.consents force row level security;
create policy eraser on public.consents to bursar_eraser using true;
create policy provider_wall on public.consents to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.consents to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.contact_links (
  provider_id uuid not null,
  xero_org_id uuid not null,
  party_id uuid not null,
  contact_id uuid,
  contact_status text,
  wanted_revision integer not null,
  pushed_revision integer,
  base jsonb,
  seen jsonb,
  contact_changed_at timestamp with time zone,
  standing text,
  reasons jsonb default '[]'::jsonb not null,
  numbered_name boolean default false not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone not null,
  uncertain_since timestamp with time zone,
  last_attempt_at timestamp with time zone,
  last_pushed_at timestamp with time zone,
  urgent boolean default false not null,
  papers_due boolean default false not null,
  match_due boolean default true not null,
  replaces_code boolean default false not null,
  accepted jsonb default '{}'::jsonb not null,
  drift text[] default '{}'::text[] not null,
  papers_for uuid,
  contact_from uuid,
  party_kind text default 'learner'::text not null,
  drift_weighed integer,
  drift_since timestamp with time zone,
  offered jsonb,
  had_contact uuid,
  wants_new boolean default false not null,
  constraint contact_links_pkey PRIMARY KEY (provider_id, xero_org_id, party_id),
  constraint contact_links_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint contact_links_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint contact_links_contact_status_check CHECK ((contact_status = ANY (ARRAY['active'::text, 'archived'::text, 'erasing'::text, 'merged'::text]))),
  constraint contact_links_party_kind_check CHECK ((party_kind = ANY (ARRAY['learner'::text, 'workplace'::text]))),
  constraint contact_links_standing_check CHECK ((standing = ANY (ARRAY['waiting'::text, 'in-step'::text, 'blocked'::text, 'undecided'::text])))
);
CREATE UNIQUE INDEX contact_links_by_contact ON public.contact_links USING btree (provider_id, xero_org_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX contact_links_drifting ON public.contact_links USING btree (provider_id, xero_org_id, drift_weighed) WHERE (drift <> '{}'::text[]);
CREATE INDEX contact_links_gaps ON public.contact_links USING btree (provider_id, xero_org_id, urgent DESC, next_attempt_at, party_id) WHERE (((standing = 'waiting'::text) OR (uncertain_since IS NOT NULL)) AND ((NOT match_due) OR (contact_id IS NOT NULL)));
CREATE INDEX contact_links_handed_over ON public.contact_links USING btree (provider_id, papers_for) WHERE (papers_for IS NOT NULL);
CREATE INDEX contact_links_of_party ON public.contact_links USING btree (provider_id, party_id);
CREATE INDEX contact_links_papers_due ON public.contact_links USING btree (provider_id, xero_org_id, urgent DESC, party_id) WHERE (papers_due AND (contact_id IS NOT NULL));
CREATE INDEX contact_links_standing ON public.contact_links USING btree (provider_id, xero_org_id, standing);
CREATE INDEX contact_links_to_match ON public.contact_links USING btree (provider_id, xero_org_id, party_id) WHERE (match_due AND (contact_id IS NULL));
CREATE INDEX contact_links_to_match_now ON public.contact_links USING btree (provider_id, xero_org_id) WHERE (match_due AND (contact_id IS NULL) AND (standing = 'waiting'::text));
alter table public.contact_links enable row level security;
alter table public.contact_links force row level security;
create policy eraser on public.contact_links to bursar_eraser using true;
create policy provider_wall on public.contact_links to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.contact_links to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.counters (
  name text not null,
  labels text not null,
  value bigint not null,
  constraint counters_pkey PRIMARY KEY (name, labels)
);
alter table public.counters enable row level security;
alter table public.counters force row level security;
create policy system_passage on public.counters to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.cursors (
  provider_id uuid not null,
  xero_org_id uuid not null,
  resource text not null,
  read_until timestamp with time zone,
  walking boolean not null,
  "position" timestamp with time zone,
  page integer default 1 not null,
  newest_seen timestamp with time zone,
  rows_read integer default 0 not null,
  next_at timestamp with time zone default '1970-01-01 00:00:00+00'::timestamp with time zone not null,
  quiet_walks integer default 0 not null,
  heard_at timestamp with time zone,
  walked_at timestamp with time zone,
  constraint cursors_pkey PRIMARY KEY (provider_id, xero_org_id, resource),
  constraint cursors_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint cursors_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint cursors_resource_check CHECK ((resource = ANY (ARRAY['contacts'::text, 'invoices'::text, 'credit-notes'::text, 'prepayments'::text, 'overpayments'::text, 'payments'::text, 'batches'::text, 'settings'::text, 'all-contacts'::text, 'all-invoices'::text, 'all-credit-notes'::text, 'all-prepayments'::text, 'all-overpayments'::text])))
);
alter table public.cursors enable row level security;
alter table public.cursors force row level security;
create policy eraser on public.cursors to bursar_eraser using true;
create policy provider_wall on public.cursors to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.cursors to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.documents (
  provider_id uuid not null,
  id uuid not null,
  xero_org_id uuid not null,
  kind text not null,
  xero_id uuid not null,
  contact_id uuid not null,
  party_id uuid,
  number text,
  reference text,
  status text not null,
  date date,
  due_date date,
  currency text not null,
  tax_mode text not null,
  subtotal_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  paid_minor bigint not null,
  credited_minor bigint not null,
  due_minor bigint not null,
  lines jsonb not null,
  has_online_view boolean not null,
  raw jsonb not null,
  content_hash bytea not null,
  changed_in_xero_at timestamp with time zone not null,
  mirrored_at timestamp with time zone not null,
  remaining_minor bigint default 0 not null,
  party_kind text default 'learner'::text not null,
  shape integer default 1 not null,
  constraint documents_pkey PRIMARY KEY (id),
  constraint documents_of_xero UNIQUE (provider_id, xero_org_id, kind, xero_id),
  constraint documents_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint documents_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint documents_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit-note'::text, 'prepayment'::text, 'overpayment'::text]))),
  constraint documents_party_kind_check CHECK ((party_kind = ANY (ARRAY['learner'::text, 'workplace'::text]))),
  constraint documents_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'approved'::text, 'part-paid'::text, 'paid'::text, 'voided'::text, 'deleted'::text]))),
  constraint documents_tax_mode_check CHECK ((tax_mode = ANY (ARRAY['exclusive'::text, 'inclusive'::text, 'none'::text])))
);
CREATE INDEX documents_by_kind ON public.documents USING btree (provider_id, kind, COALESCE(date, '0001-01-01'::date) DESC, id DESC);
CREATE INDEX documents_by_shape ON public.documents USING btree (shape, provider_id, id);
CREATE INDEX documents_by_status ON public.documents USING btree (provider_id, status, COALESCE(date, '0001-01-01'::date) DESC, id DESC);
CREATE INDEX documents_newest ON public.documents USING btree (provider_id, COALESCE(date, '0001-01-01'::date) DESC, id DESC);
CREATE INDEX documents_of_contact ON public.documents USING btree (provider_id, xero_org_id, contact_id);
CREATE INDEX documents_of_party ON public.documents USING btree (provider_id, party_id, COALESCE(date, '0001-01-01'::date) DESC, id DESC);
CREATE INDEX documents_owing ON public.documents USING btree (provider_id, party_id, currency) INCLUDE (due_minor) WHERE ((status = ANY (ARRAY['approved'::text, 'part-paid'::text])) AND (due_minor > 0));
alter table public.documents enable row level security;
alter table public.documents force row level security;
create policy eraser on public.documents to bursar_eraser using true;
create policy provider_wall on public.documents to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.documents to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.erased_providers (
  provider_id uuid not null,
  erased_at timestamp with time zone not null,
  rows_erased bigint not null,
  constraint erased_providers_pkey PRIMARY KEY (provider_id)
);
alter table public.erased_providers enable row level security;
alter table public.erased_providers force row level security;
create policy system_passage on public.erased_providers to bursar_system using true with check true;
-- bursar_system: insert, select, update

create table public.events (
  provider_id uuid not null,
  id uuid not null,
  seq bigint generated always as identity not null,
  at timestamp with time zone not null,
  kind text not null,
  actor jsonb not null,
  subject_kind text not null,
  subject_id text not null,
  data jsonb not null,
  xid xid8 default pg_current_xact_id() not null,
  actor_id text generated always as (COALESCE((actor ->> 'personId'::text), (actor ->> 'apiKeyId'::text), 'bursar'::text)) stored not null,
  area text generated always as (split_part(kind, '.'::text, 1)) stored not null,
  document_id text generated always as ((data ->> 'documentId'::text)) stored,
  constraint events_pkey PRIMARY KEY (id),
  constraint events_seq_key UNIQUE (seq),
  constraint events_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
CREATE INDEX events_by_actor ON public.events USING btree (provider_id, actor_id, seq DESC);
CREATE INDEX events_by_area ON public.events USING btree (provider_id, area, seq DESC);
CREATE INDEX events_by_transaction ON public.events USING btree (xid, seq);
CREATE INDEX events_newest ON public.events USING btree (provider_id, seq DESC);
CREATE INDEX events_of_document ON public.events USING btree (provider_id, document_id, seq DESC) WHERE (document_id IS NOT NULL);
CREATE INDEX events_of_subject ON public.events USING btree (provider_id, subject_kind, subject_id, seq DESC);
alter table public.events enable row level security;
alter table public.events force row level security;
create policy eraser on public.events to bursar_eraser using true;
create policy erasure on public.events to bursar_eraser using true;
create policy provider_wall on public.events to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.events to bursar_system using true with check true;
-- bursar_app: select
-- bursar_eraser: delete, select
-- bursar_system: select
-- bursar_app: insert of actor, at, data, id, kind, provider_id, subject_id, subject_kind
-- bursar_system: insert of actor, at, data, id, kind, provider_id, subject_id, subject_kind

create table public.grants (
  id uuid not null,
  app text not null,
  xero_user_id text not null,
  state text not null,
  generation integer not null,
  sealed_access_token text not null,
  access_expires_at timestamp with time zone not null,
  sealed_refresh_token text not null,
  refresh_expires_at timestamp with time zone not null,
  scopes text not null,
  holder_name text,
  refreshed_at timestamp with time zone not null,
  dead_since timestamp with time zone,
  created_at timestamp with time zone not null,
  client_id text,
  issuer text,
  constraint grants_pkey PRIMARY KEY (id),
  constraint grants_app_xero_user_id_key UNIQUE (app, xero_user_id),
  constraint grants_app_check CHECK ((app = 'xero'::text)),
  constraint grants_check CHECK (((state = 'dead'::text) = (dead_since IS NOT NULL))),
  constraint grants_generation_check CHECK ((generation >= 1)),
  constraint grants_state_check CHECK ((state = ANY (ARRAY['live'::text, 'dead'::text]))),
  constraint grants_whose_check CHECK (((client_id IS NULL) = (issuer IS NULL)))
);
CREATE INDEX grants_by_refresh ON public.grants USING btree (refreshed_at) WHERE (state = 'live'::text);
alter table public.grants enable row level security;
alter table public.grants force row level security;
create policy system_passage on public.grants to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.import_files (
  provider_id uuid not null,
  import_id uuid not null,
  "position" integer not null,
  name text not null,
  content bytea not null,
  constraint import_files_pkey PRIMARY KEY (import_id, "position"),
  constraint import_files_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.import_runs(id) ON DELETE CASCADE,
  constraint import_files_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.import_files enable row level security;
alter table public.import_files force row level security;
create policy eraser on public.import_files to bursar_eraser using true;
create policy provider_wall on public.import_files to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.import_files to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.import_rows (
  provider_id uuid not null,
  import_id uuid not null,
  "position" integer not null,
  line integer not null,
  verdict text not null,
  name text not null,
  learner_id uuid,
  reasons jsonb not null,
  changes jsonb not null,
  fields jsonb not null,
  applied boolean default false not null,
  constraint import_rows_pkey PRIMARY KEY (import_id, "position"),
  constraint import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.import_runs(id) ON DELETE CASCADE,
  constraint import_rows_learner_id_fkey FOREIGN KEY (learner_id) REFERENCES public.learners(id) ON DELETE SET NULL,
  constraint import_rows_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint import_rows_verdict_check CHECK ((verdict = ANY (ARRAY['new'::text, 'changed'::text, 'unchanged'::text, 'faulty'::text])))
);
CREATE INDEX import_rows_by_verdict ON public.import_rows USING btree (import_id, verdict, "position");
CREATE INDEX import_rows_of_learner ON public.import_rows USING btree (learner_id);
alter table public.import_rows enable row level security;
alter table public.import_rows force row level security;
create policy eraser on public.import_rows to bursar_eraser using true;
create policy provider_wall on public.import_rows to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.import_rows to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.import_runs (
  provider_id uuid not null,
  id uuid not null,
  kind text not null,
  state text not null,
  file_names jsonb not null,
  columns jsonb not null,
  remarks jsonb not null,
  correct_name_case boolean not null,
  import_look_alikes boolean not null,
  rows_total integer default 0 not null,
  rows_new integer default 0 not null,
  rows_changed integer default 0 not null,
  rows_unchanged integer default 0 not null,
  rows_faulty integer default 0 not null,
  rows_applied integer default 0 not null,
  rows_added integer default 0 not null,
  applied_to integer default 0 not null,
  attempts integer default 0 not null,
  progressed_at timestamp with time zone,
  started_by jsonb not null,
  committed_by jsonb,
  failure text,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  preview_version integer default 0 not null,
  constraint import_runs_pkey PRIMARY KEY (id),
  constraint import_runs_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint import_runs_kind_check CHECK ((kind = ANY (ARRAY['csv'::text, 'avetmiss'::text]))),
  constraint import_runs_state_check CHECK ((state = ANY (ARRAY['mapping'::text, 'preview'::text, 'running'::text, 'done'::text, 'failed'::text, 'discarded'::text])))
);
CREATE INDEX import_runs_newest ON public.import_runs USING btree (provider_id, created_at DESC, id DESC);
CREATE INDEX import_runs_open ON public.import_runs USING btree (created_at) WHERE (state = ANY (ARRAY['mapping'::text, 'preview'::text, 'running'::text]));
alter table public.import_runs enable row level security;
alter table public.import_runs force row level security;
create policy eraser on public.import_runs to bursar_eraser using true;
create policy provider_wall on public.import_runs to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.import_runs to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.installation (
  is_only boolean default true not null,
  public_url text not null,
  noted_at timestamp with time zone not null,
  constraint installation_pkey PRIMARY KEY (is_only),
  constraint installation_is_only_check CHECK (is_only)
);
alter table public.installation enable row level security;
alter table public.installation force row level security;
create policy system_passage on public.installation to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.lane_calls (
  provider_id uuid not null,
  xero_org_id uuid not null,
  id bigint generated always as identity not null,
  heard text[] default '{}'::text[] not null,
  party_id uuid,
  urgent boolean default false not null,
  constraint lane_calls_pkey PRIMARY KEY (id),
  constraint lane_calls_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
CREATE INDEX lane_calls_of_lane ON public.lane_calls USING btree (provider_id, xero_org_id);
alter table public.lane_calls enable row level security;
alter table public.lane_calls force row level security;
create policy eraser on public.lane_calls to bursar_eraser using true;
create policy provider_wall on public.lane_calls to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.lane_calls to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.lanes (
  provider_id uuid not null,
  xero_org_id uuid not null,
  connection_id uuid not null,
  organisation_name text not null,
  state text not null,
  stop_reason text,
  wake_at timestamp with time zone not null,
  wakes bigint default 0 not null,
  lease_owner uuid,
  lease_until timestamp with time zone,
  paused_until timestamp with time zone,
  pause_reason text,
  pause_spares_people boolean default false not null,
  failures integer default 0 not null,
  last_push_at timestamp with time zone,
  last_pull_at timestamp with time zone,
  next_sweep_at timestamp with time zone not null,
  contacts_known_at timestamp with time zone,
  catching_up_since timestamp with time zone,
  push_rows integer default 50 not null,
  push_careful boolean default false not null,
  next_agreement_at timestamp with time zone,
  drift_rules integer default 0 not null,
  paper_reading jsonb,
  set_aside jsonb default '{}'::jsonb not null,
  page_rows jsonb default '{}'::jsonb not null,
  patience jsonb default '{}'::jsonb not null,
  constraint lanes_pkey PRIMARY KEY (provider_id, xero_org_id),
  constraint lanes_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id),
  constraint lanes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint lanes_push_rows_check CHECK ((push_rows >= 1)),
  constraint lanes_state_check CHECK ((state = ANY (ARRAY['running'::text, 'stopped'::text])))
);
CREATE INDEX lanes_due ON public.lanes USING btree (wake_at) WHERE (state = 'running'::text);
CREATE UNIQUE INDEX lanes_running ON public.lanes USING btree (xero_org_id) WHERE (state = 'running'::text);
alter table public.lanes enable row level security;
alter table public.lanes force row level security;
create policy eraser on public.lanes to bursar_eraser using true;
create policy provider_wall on public.lanes to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.lanes to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.learner_counters (
  provider_id uuid not null,
  last_number integer not null,
  constraint learner_counters_pkey PRIMARY KEY (provider_id),
  constraint learner_counters_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.learner_counters enable row level security;
alter table public.learner_counters force row level security;
create policy eraser on public.learner_counters to bursar_eraser using true;
create policy provider_wall on public.learner_counters to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.learner_counters to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.learner_identities (
  provider_id uuid not null,
  learner_id uuid not null,
  identity text collate "C" not null,
  constraint learner_identities_pkey PRIMARY KEY (learner_id, identity),
  constraint learner_identities_learner_id_fkey FOREIGN KEY (learner_id) REFERENCES public.learners(id) ON DELETE CASCADE,
  constraint learner_identities_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
CREATE INDEX learner_identities_by_key ON public.learner_identities USING btree (provider_id, identity, learner_id);
alter table public.learner_identities enable row level security;
alter table public.learner_identities force row level security;
create policy eraser on public.learner_identities to bursar_eraser using true;
create policy provider_wall on public.learner_identities to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.learner_identities to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.learner_merges (
  provider_id uuid not null,
  id uuid not null,
  kept_id uuid not null,
  merged_id uuid not null,
  merged_at timestamp with time zone not null,
  merged_by jsonb not null,
  undo_until timestamp with time zone not null,
  undone_at timestamp with time zone,
  kept_before jsonb not null,
  kept_after jsonb not null,
  merged_before jsonb not null,
  constraint learner_merges_pkey PRIMARY KEY (id),
  constraint learner_merges_kept_id_fkey FOREIGN KEY (kept_id) REFERENCES public.learners(id) ON DELETE CASCADE,
  constraint learner_merges_merged_id_fkey FOREIGN KEY (merged_id) REFERENCES public.learners(id) ON DELETE CASCADE,
  constraint learner_merges_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint learner_merges_check CHECK ((kept_id <> merged_id))
);
CREATE INDEX learner_merges_of_kept ON public.learner_merges USING btree (kept_id, merged_at DESC);
CREATE INDEX learner_merges_of_merged ON public.learner_merges USING btree (merged_id);
CREATE UNIQUE INDEX learner_merges_open ON public.learner_merges USING btree (provider_id, merged_id) WHERE (undone_at IS NULL);
alter table public.learner_merges enable row level security;
alter table public.learner_merges force row level security;
create policy eraser on public.learner_merges to bursar_eraser using true;
create policy provider_wall on public.learner_merges to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.learner_merges to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.learner_tokens (
  provider_id uuid not null,
  learner_id uuid not null,
  token text collate "C" not null,
  constraint learner_tokens_pkey PRIMARY KEY (learner_id, token),
  constraint learner_tokens_learner_id_fkey FOREIGN KEY (learner_id) REFERENCES public.learners(id) ON DELETE CASCADE,
  constraint learner_tokens_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
CREATE INDEX learner_tokens_by_token ON public.learner_tokens USING btree (provider_id, token, learner_id);
alter table public.learner_tokens enable row level security;
alter table public.learner_tokens force row level security;
create policy eraser on public.learner_tokens to bursar_eraser using true;
create policy provider_wall on public.learner_tokens to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.learner_tokens to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.learner_workplaces (
  provider_id uuid not null,
  learner_id uuid not null,
  workplace_id uuid not null,
  merge_id uuid,
  constraint learner_workplaces_pkey PRIMARY KEY (learner_id),
  constraint learner_workplaces_learner_id_fkey FOREIGN KEY (learner_id) REFERENCES public.learners(id) ON DELETE CASCADE,
  constraint learner_workplaces_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint learner_workplaces_workplace_id_fkey FOREIGN KEY (workplace_id) REFERENCES public.workplaces(id) ON DELETE CASCADE
);
CREATE INDEX learner_workplaces_of_workplace ON public.learner_workplaces USING btree (workplace_id, learner_id);
alter table public.learner_workplaces enable row level security;
alter table public.learner_workplaces force row level security;
create policy eraser on public.learner_workplaces to bursar_eraser using true;
create policy provider_wall on public.learner_workplaces to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.learner_workplaces to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.learners (
  provider_id uuid not null,
  id uuid not null,
  learner_number text not null,
  number_key text collate "C" not null,
  revision integer not null,
  title text,
  first_name text,
  middle_name text,
  last_name text,
  preferred_name text,
  date_of_birth date,
  gender text,
  email text,
  alternative_email text,
  phone_mobile text,
  phone_home text,
  phone_work text,
  ref_external text,
  usi text,
  australian_business_number text,
  street_address jsonb not null,
  postal_address jsonb not null,
  is_active boolean not null,
  sync_to_xero boolean not null,
  name_sort text collate "C" not null,
  number_sort text collate "C" not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  campus text,
  campus_key text collate "C",
  merged_into uuid,
  constraint learners_pkey PRIMARY KEY (id),
  constraint learners_number_unique UNIQUE (provider_id, number_key),
  constraint learners_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.learners(id),
  constraint learners_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint learners_check CHECK (((campus IS NULL) = (campus_key IS NULL))),
  constraint learners_learner_number_check CHECK (((length(learner_number) >= 1) AND (length(learner_number) <= 30))),
  constraint learners_merged_rest CHECK (((merged_into IS NULL) OR ((NOT is_active) AND (NOT sync_to_xero)))),
  constraint learners_revision_check CHECK ((revision >= 1))
);
CREATE INDEX learners_by_campus ON public.learners USING btree (provider_id, campus_key, id) WHERE (campus_key IS NOT NULL);
CREATE INDEX learners_by_creation ON public.learners USING btree (provider_id, is_active, sync_to_xero, created_at, id);
CREATE INDEX learners_by_name ON public.learners USING btree (provider_id, is_active, sync_to_xero, name_sort, id);
CREATE INDEX learners_by_number ON public.learners USING btree (provider_id, is_active, sync_to_xero, number_sort, id);
CREATE INDEX learners_merged ON public.learners USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX learners_to_sync ON public.learners USING btree (provider_id, id) WHERE sync_to_xero;
alter table public.learners enable row level security;
alter table public.learners force row level security;
create policy eraser on public.learners to bursar_eraser using true;
create policy provider_wall on public.learners to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.learners to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.licences (
  provider_id uuid not null,
  product text not null,
  granted_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  constraint licences_pkey PRIMARY KEY (provider_id, product),
  constraint licences_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.licences enable row level security;
alter table public.licences force row level security;
create policy eraser on public.licences to bursar_eraser using true;
create policy provider_wall on public.licences to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.licences to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.mails (
  provider_id uuid not null,
  id uuid not null,
  recipients text[] not null,
  subject text not null,
  text text not null,
  is_confidential boolean default false not null,
  once_key text not null,
  state text default 'queued'::text not null,
  attempts integer default 0 not null,
  last_error text,
  queued_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  constraint mails_pkey PRIMARY KEY (id),
  constraint mails_provider_id_once_key_key UNIQUE (provider_id, once_key),
  constraint mails_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint mails_once_key_check CHECK (((length(once_key) >= 1) AND (length(once_key) <= 200))),
  constraint mails_recipients_check CHECK (((cardinality(recipients) >= 1) AND (cardinality(recipients) <= 50))),
  constraint mails_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text]))),
  constraint mails_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 200))),
  constraint mails_text_check CHECK ((length(text) <= 50000))
);
CREATE INDEX mails_due ON public.mails USING btree (due_at) WHERE (state = 'queued'::text);
CREATE INDEX mails_newest ON public.mails USING btree (provider_id, id);
alter table public.mails enable row level security;
alter table public.mails force row level security;
create policy eraser on public.mails to bursar_eraser using true;
create policy provider_wall on public.mails to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.mails to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.match_proposals (
  provider_id uuid not null,
  xero_org_id uuid not null,
  party_id uuid not null,
  party_number text not null,
  party_name text not null,
  name_sort text collate "C" not null,
  party_revision integer not null,
  contact_hash text collate "C",
  "grouping" text not null,
  decision text,
  contact_id uuid,
  replaces_code boolean default false not null,
  candidates jsonb not null,
  accepted boolean default false not null,
  decided_by text,
  is_renewed boolean default false not null,
  row_version integer default 1 not null,
  party_kind text default 'learner'::text not null,
  keys text[] collate "C" default '{}'::text[] not null,
  touched boolean default true not null,
  constraint match_proposals_pkey PRIMARY KEY (provider_id, xero_org_id, party_id),
  constraint match_proposals_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint match_proposals_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.matchings(provider_id, xero_org_id) ON DELETE CASCADE,
  constraint match_proposals_check CHECK (((contact_id IS NOT NULL) = (NOT (decision IS DISTINCT FROM 'link'::text)))),
  constraint match_proposals_check1 CHECK (((decision IS NOT NULL) OR (NOT accepted))),
  constraint match_proposals_decision_check CHECK ((decision = ANY (ARRAY['link'::text, 'create'::text, 'leave-out'::text]))),
  constraint match_proposals_grouping_check CHECK (("grouping" = ANY (ARRAY['safe'::text, 'decide'::text, 'create'::text]))),
  constraint match_proposals_party_kind_check CHECK ((party_kind = ANY (ARRAY['learner'::text, 'workplace'::text])))
);
CREATE UNIQUE INDEX match_proposals_by_contact ON public.match_proposals USING btree (provider_id, xero_org_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX match_proposals_by_group ON public.match_proposals USING btree (provider_id, xero_org_id, "grouping", name_sort, party_id);
alter table public.match_proposals enable row level security;
alter table public.match_proposals force row level security;
create policy eraser on public.match_proposals to bursar_eraser using true;
create policy provider_wall on public.match_proposals to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.match_proposals to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.matchings (
  provider_id uuid not null,
  xero_org_id uuid not null,
  state text not null,
  version integer default 1 not null,
  dirty boolean default false not null,
  proposed_at timestamp with time zone,
  approved_at timestamp with time zone,
  approved_by text,
  looked_at_to uuid,
  counted_version integer,
  count_calls integer default 0 not null,
  constraint matchings_pkey PRIMARY KEY (provider_id, xero_org_id),
  constraint matchings_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint matchings_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint matchings_state_check CHECK ((state = ANY (ARRAY['proposing'::text, 'open'::text, 'approved'::text, 'none'::text])))
);
alter table public.matchings enable row level security;
alter table public.matchings force row level security;
create policy eraser on public.matchings to bursar_eraser using true;
create policy provider_wall on public.matchings to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.matchings to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.member_invitations (
  provider_id uuid not null,
  id uuid not null,
  email text not null,
  role text not null,
  token_hash bytea not null,
  invited_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  invited_by_person text,
  was_mailed boolean default false not null,
  constraint member_invitations_pkey PRIMARY KEY (id),
  constraint member_invitations_token_hash_key UNIQUE (token_hash),
  constraint member_invitations_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint member_invitations_email_check CHECK (((length(email) >= 3) AND (length(email) <= 255))),
  constraint member_invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'finance'::text, 'staff'::text])))
);
CREATE UNIQUE INDEX member_invitations_open ON public.member_invitations USING btree (provider_id, email) WHERE (ended_at IS NULL);
alter table public.member_invitations enable row level security;
alter table public.member_invitations force row level security;
create policy eraser on public.member_invitations to bursar_eraser using true;
create policy provider_wall on public.member_invitations to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.member_invitations to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.members (
  provider_id uuid not null,
  person_id text not null,
  role text not null,
  created_at timestamp with time zone not null,
  constraint members_pkey PRIMARY KEY (provider_id, person_id),
  constraint members_person_id_fkey FOREIGN KEY (person_id) REFERENCES auth."user"(id) ON DELETE CASCADE,
  constraint members_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'finance'::text, 'staff'::text])))
);
CREATE INDEX members_by_person ON public.members USING btree (person_id);
alter table public.members enable row level security;
alter table public.members force row level security;
create policy eraser on public.members to bursar_eraser using true;
create policy provider_wall on public.members to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.members to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.notices (
  provider_id uuid not null,
  xero_org_id uuid not null,
  kind text not null,
  resource_id uuid not null,
  event_at timestamp with time zone not null,
  first_heard_at timestamp with time zone not null,
  heard bigint not null,
  attempts integer default 0 not null,
  constraint notices_pkey PRIMARY KEY (provider_id, xero_org_id, kind, resource_id),
  constraint notices_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint notices_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint notices_kind_check CHECK ((kind = ANY (ARRAY['contact'::text, 'invoice'::text, 'credit-note'::text, 'prepayment'::text, 'overpayment'::text])))
);
CREATE INDEX notices_waiting ON public.notices USING btree (provider_id, xero_org_id, kind, first_heard_at);
alter table public.notices enable row level security;
alter table public.notices force row level security;
create policy eraser on public.notices to bursar_eraser using true;
create policy provider_wall on public.notices to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.notices to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.organisation_rules (
  provider_id uuid not null,
  "position" integer not null,
  campus text,
  campus_key text collate "C",
  xero_org_id uuid not null,
  constraint organisation_rules_pkey PRIMARY KEY (provider_id, "position"),
  constraint organisation_rules_campus_once UNIQUE (provider_id, campus_key),
  constraint organisation_rules_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint organisation_rules_check CHECK ((("position" = 0) = (campus_key IS NULL))),
  constraint organisation_rules_check1 CHECK (((campus IS NULL) = (campus_key IS NULL))),
  constraint organisation_rules_position_check CHECK (("position" >= 0))
);
alter table public.organisation_rules enable row level security;
alter table public.organisation_rules force row level security;
create policy eraser on public.organisation_rules to bursar_eraser using true;
create policy provider_wall on public.organisation_rules to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.organisation_rules to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.paper_coverage (
  provider_id uuid not null,
  xero_org_id uuid not null,
  kind text not null,
  known_from timestamp with time zone not null,
  constraint paper_coverage_pkey PRIMARY KEY (provider_id, xero_org_id, kind),
  constraint paper_coverage_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint paper_coverage_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint paper_coverage_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit-note'::text, 'prepayment'::text, 'overpayment'::text])))
);
alter table public.paper_coverage enable row level security;
alter table public.paper_coverage force row level security;
create policy eraser on public.paper_coverage to bursar_eraser using true;
create policy provider_wall on public.paper_coverage to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.paper_coverage to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.paper_marks (
  provider_id uuid not null,
  xero_org_id uuid not null,
  kind text not null,
  xero_id uuid not null,
  contact_id uuid not null,
  is_sale boolean not null,
  changed_at timestamp with time zone not null,
  read_at timestamp with time zone not null,
  status text,
  currency text,
  total_minor bigint,
  due_minor bigint,
  constraint paper_marks_pkey PRIMARY KEY (provider_id, xero_org_id, kind, xero_id),
  constraint paper_marks_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint paper_marks_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint paper_marks_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit-note'::text, 'prepayment'::text, 'overpayment'::text])))
);
CREATE INDEX paper_marks_changed ON public.paper_marks USING btree (provider_id, xero_org_id, kind, changed_at);
CREATE INDEX paper_marks_of_contact ON public.paper_marks USING btree (provider_id, xero_org_id, contact_id);
CREATE INDEX paper_marks_unread ON public.paper_marks USING btree (provider_id, xero_org_id) WHERE (status = 'unread'::text);
alter table public.paper_marks enable row level security;
alter table public.paper_marks force row level security;
create policy eraser on public.paper_marks to bursar_eraser using true;
create policy provider_wall on public.paper_marks to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.paper_marks to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.payment_batches (
  provider_id uuid not null,
  xero_org_id uuid not null,
  payment_xero_id uuid not null,
  batch_xero_id uuid not null,
  constraint payment_batches_pkey PRIMARY KEY (provider_id, xero_org_id, payment_xero_id),
  constraint payment_batches_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.payment_batches enable row level security;
alter table public.payment_batches force row level security;
create policy eraser on public.payment_batches to bursar_eraser using true;
create policy provider_wall on public.payment_batches to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.payment_batches to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.payments (
  provider_id uuid not null,
  xero_org_id uuid not null,
  xero_id uuid not null,
  document_id uuid not null,
  date date,
  currency text not null,
  amount_minor bigint not null,
  reference text,
  "position" integer default 0 not null,
  constraint payments_pkey PRIMARY KEY (document_id, xero_id),
  constraint payments_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE,
  constraint payments_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.payments enable row level security;
alter table public.payments force row level security;
create policy eraser on public.payments to bursar_eraser using true;
create policy provider_wall on public.payments to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.payments to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.provider_closings (
  provider_id uuid not null,
  exported_at timestamp with time zone,
  closed_at timestamp with time zone,
  closed_by text,
  erase_at timestamp with time zone,
  disconnect_at timestamp with time zone,
  constraint provider_closings_pkey PRIMARY KEY (provider_id),
  constraint provider_closings_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint provider_closings_check CHECK (((closed_at IS NULL) = (erase_at IS NULL))),
  constraint provider_closings_check1 CHECK (((closed_at IS NULL) = (closed_by IS NULL)))
);
CREATE INDEX provider_closings_due ON public.provider_closings USING btree (erase_at) WHERE (closed_at IS NOT NULL);
alter table public.provider_closings enable row level security;
alter table public.provider_closings force row level security;
create policy eraser on public.provider_closings to bursar_eraser using true;
create policy provider_wall on public.provider_closings to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.provider_closings to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.providers (
  provider_id uuid not null,
  name text not null,
  country text default 'AU'::text not null,
  time_zone text default 'Australia/Sydney'::text not null,
  created_at timestamp with time zone not null,
  second_factor text default 'required'::text not null,
  colleague_links text default 'anybody'::text not null,
  constraint providers_pkey PRIMARY KEY (provider_id),
  constraint providers_colleague_links_check CHECK ((colleague_links = ANY (ARRAY['anybody'::text, 'members'::text]))),
  constraint providers_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint providers_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint providers_second_factor_check CHECK ((second_factor = ANY (ARRAY['required'::text, 'optional'::text])))
);
alter table public.providers enable row level security;
alter table public.providers force row level security;
create policy eraser on public.providers to bursar_eraser using true;
create policy provider_wall on public.providers to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.providers to bursar_system using true with check true;
-- bursar_app: insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: insert, select, update

create table public.sign_in_attempts (
  key text not null,
  window_started_at timestamp with time zone not null,
  attempts integer not null,
  constraint sign_in_attempts_pkey PRIMARY KEY (key)
);
CREATE INDEX sign_in_attempts_by_age ON public.sign_in_attempts USING btree (window_started_at);
alter table public.sign_in_attempts enable row level security;
alter table public.sign_in_attempts force row level security;
create policy system_passage on public.sign_in_attempts to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.spent_codes (
  code_hash bytea not null,
  spent_at timestamp with time zone not null,
  constraint spent_codes_pkey PRIMARY KEY (code_hash)
);
CREATE INDEX spent_codes_by_age ON public.spent_codes USING btree (spent_at);
alter table public.spent_codes enable row level security;
alter table public.spent_codes force row level security;
create policy system_passage on public.spent_codes to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.support_messages (
  provider_id uuid not null,
  request_id uuid not null,
  id uuid not null,
  sender text not null,
  author text not null,
  text text not null,
  at timestamp with time zone not null,
  constraint support_messages_pkey PRIMARY KEY (id),
  constraint support_messages_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint support_messages_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.support_requests(id) ON DELETE CASCADE,
  constraint support_messages_sender_check CHECK ((sender = ANY (ARRAY['provider'::text, 'operator'::text]))),
  constraint support_messages_text_check CHECK (((length(text) >= 1) AND (length(text) <= 5000)))
);
CREATE INDEX support_messages_of_request ON public.support_messages USING btree (request_id, id);
alter table public.support_messages enable row level security;
alter table public.support_messages force row level security;
create policy eraser on public.support_messages to bursar_eraser using true;
create policy provider_wall on public.support_messages to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.support_messages to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.support_requests (
  provider_id uuid not null,
  id uuid not null,
  subject text not null,
  state text not null,
  app text,
  asked_by text not null,
  asked_by_email text,
  asked_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  message_count integer default 0 not null,
  constraint support_requests_pkey PRIMARY KEY (id),
  constraint support_requests_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint support_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'closed'::text]))),
  constraint support_requests_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 150)))
);
CREATE INDEX support_requests_newest ON public.support_requests USING btree (id DESC);
CREATE INDEX support_requests_of_provider ON public.support_requests USING btree (provider_id, id DESC);
alter table public.support_requests enable row level security;
alter table public.support_requests force row level security;
create policy eraser on public.support_requests to bursar_eraser using true;
create policy provider_wall on public.support_requests to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.support_requests to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.sync_ignores (
  provider_id uuid not null,
  problem text not null,
  subject_id text not null,
  cause_hash text not null,
  note text,
  ignored_by jsonb not null,
  ignored_at timestamp with time zone not null,
  constraint sync_ignores_pkey PRIMARY KEY (provider_id, problem, subject_id),
  constraint sync_ignores_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.sync_ignores enable row level security;
alter table public.sync_ignores force row level security;
create policy eraser on public.sync_ignores to bursar_eraser using true;
create policy provider_wall on public.sync_ignores to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.sync_ignores to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.sync_rules (
  provider_id uuid not null,
  field text not null,
  winner text not null,
  constraint sync_rules_pkey PRIMARY KEY (provider_id, field),
  constraint sync_rules_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint sync_rules_field_check CHECK ((field = ANY (ARRAY['name'::text, 'email'::text, 'mobile'::text, 'home'::text, 'work'::text, 'street'::text, 'postal'::text]))),
  constraint sync_rules_winner_check CHECK ((winner = ANY (ARRAY['bursar'::text, 'xero'::text, 'ask'::text])))
);
alter table public.sync_rules enable row level security;
alter table public.sync_rules force row level security;
create policy eraser on public.sync_rules to bursar_eraser using true;
create policy provider_wall on public.sync_rules to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.sync_rules to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.sync_run_items (
  provider_id uuid not null,
  run_id uuid not null,
  seq integer not null,
  subject_kind text not null,
  subject_id uuid not null,
  label text not null,
  stage text not null,
  aim text default 'changed'::text not null,
  outcome text,
  reason text,
  constraint sync_run_items_pkey PRIMARY KEY (run_id, seq),
  constraint sync_run_items_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint sync_run_items_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.sync_runs(id) ON DELETE CASCADE,
  constraint sync_run_items_aim_check CHECK ((aim = ANY (ARRAY['added'::text, 'changed'::text]))),
  constraint sync_run_items_check CHECK (((stage = 'done'::text) = (outcome IS NOT NULL))),
  constraint sync_run_items_outcome_check CHECK ((outcome = ANY (ARRAY['found'::text, 'added'::text, 'changed'::text, 'unchanged'::text, 'failed'::text, 'skipped'::text]))),
  constraint sync_run_items_stage_check CHECK ((stage = ANY (ARRAY['open'::text, 'sent'::text, 'done'::text]))),
  constraint sync_run_items_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['learner'::text, 'workplace'::text, 'document'::text])))
);
CREATE INDEX sync_run_items_by_outcome ON public.sync_run_items USING btree (run_id, outcome, seq);
CREATE INDEX sync_run_items_by_stage ON public.sync_run_items USING btree (run_id, stage, seq) INCLUDE (provider_id, subject_kind, outcome);
CREATE INDEX sync_run_items_of_provider ON public.sync_run_items USING btree (provider_id, run_id);
alter table public.sync_run_items enable row level security;
alter table public.sync_run_items force row level security;
create policy eraser on public.sync_run_items to bursar_eraser using true;
create policy provider_wall on public.sync_run_items to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.sync_run_items to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.sync_runs (
  provider_id uuid not null,
  id uuid not null,
  kind text not null,
  state text not null,
  xero_org_id uuid,
  organisation_name text,
  started_by jsonb not null,
  range jsonb not null,
  step text not null,
  walk jsonb,
  lane_work boolean not null,
  papers_total integer,
  papers_read integer default 0 not null,
  papers_found integer default 0 not null,
  papers_added integer default 0 not null,
  papers_changed integer default 0 not null,
  papers_failed integer default 0 not null,
  failure text,
  created_at timestamp with time zone not null,
  progressed_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  tally jsonb,
  constraint sync_runs_pkey PRIMARY KEY (id),
  constraint sync_runs_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint sync_runs_check CHECK (((state = ANY (ARRAY['cancelled'::text, 'finished'::text, 'failed'::text])) = (finished_at IS NOT NULL))),
  constraint sync_runs_kind_check CHECK ((kind = ANY (ARRAY['sync-on'::text, 'sync-off'::text, 'resync-learners'::text, 'resync-workplaces'::text, 'resync-papers'::text, 'resync-everything'::text]))),
  constraint sync_runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'cancelled'::text, 'finished'::text, 'failed'::text]))),
  constraint sync_runs_step_check CHECK ((step = ANY (ARRAY['contacts'::text, 'learners'::text, 'papers'::text, 'done'::text])))
);
CREATE INDEX sync_runs_newest ON public.sync_runs USING btree (provider_id, created_at DESC, id DESC);
CREATE INDEX sync_runs_of_lane ON public.sync_runs USING btree (provider_id, xero_org_id, created_at) WHERE ((state = 'running'::text) AND lane_work);
CREATE INDEX sync_runs_open ON public.sync_runs USING btree (progressed_at) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));
alter table public.sync_runs enable row level security;
alter table public.sync_runs force row level security;
create policy eraser on public.sync_runs to bursar_eraser using true;
create policy provider_wall on public.sync_runs to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.sync_runs to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.unnoticed_changes (
  provider_id uuid not null,
  xero_org_id uuid not null,
  changes integer not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint unnoticed_changes_pkey PRIMARY KEY (provider_id, xero_org_id),
  constraint unnoticed_changes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.unnoticed_changes enable row level security;
alter table public.unnoticed_changes force row level security;
create policy eraser on public.unnoticed_changes to bursar_eraser using true;
create policy provider_wall on public.unnoticed_changes to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.unnoticed_changes to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.webhook_arrivals (
  app text not null,
  last_delivery_at timestamp with time zone,
  last_intent_at timestamp with time zone,
  constraint webhook_arrivals_pkey PRIMARY KEY (app)
);
alter table public.webhook_arrivals enable row level security;
alter table public.webhook_arrivals force row level security;
create policy system_passage on public.webhook_arrivals to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.webhook_attempts (
  provider_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  at timestamp with time zone not null,
  milliseconds integer not null,
  outcome text not null,
  status integer,
  answer text,
  constraint webhook_attempts_pkey PRIMARY KEY (delivery_id, attempt),
  constraint webhook_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.webhook_deliveries(id) ON DELETE CASCADE,
  constraint webhook_attempts_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint webhook_attempts_answer_check CHECK ((octet_length(answer) <= 1024)),
  constraint webhook_attempts_attempt_check CHECK ((attempt > 0)),
  constraint webhook_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'refused'::text, 'no-answer'::text, 'not-allowed'::text])))
);
alter table public.webhook_attempts enable row level security;
alter table public.webhook_attempts force row level security;
create policy eraser on public.webhook_attempts to bursar_eraser using true;
create policy provider_wall on public.webhook_attempts to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.webhook_attempts to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.webhook_deliveries (
  provider_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  kind text not null,
  payload text not null,
  state text not null,
  attempts integer default 0 not null,
  attempts_since_replay integer default 0 not null,
  next_attempt_at timestamp with time zone,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES public.webhook_endpoints(id) ON DELETE CASCADE,
  constraint webhook_deliveries_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint webhook_deliveries_check CHECK (((state = 'waiting'::text) = (next_attempt_at IS NOT NULL))),
  constraint webhook_deliveries_check1 CHECK (((state = 'waiting'::text) = (finished_at IS NULL))),
  constraint webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text])))
);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (endpoint_id, next_attempt_at) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_deliveries_ended ON public.webhook_deliveries USING btree (finished_at);
CREATE INDEX webhook_deliveries_of_endpoint ON public.webhook_deliveries USING btree (endpoint_id, id DESC);
alter table public.webhook_deliveries enable row level security;
alter table public.webhook_deliveries force row level security;
create policy eraser on public.webhook_deliveries to bursar_eraser using true;
create policy provider_wall on public.webhook_deliveries to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.webhook_deliveries to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.webhook_endpoints (
  provider_id uuid not null,
  id uuid not null,
  url text not null,
  description text not null,
  kinds text[] not null,
  state text not null,
  disabled_because text,
  sealed_secret text not null,
  sealed_old_secret text,
  old_secret_until timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null,
  failures integer default 0 not null,
  failing_since timestamp with time zone,
  next_try_at timestamp with time zone not null,
  last_delivered_at timestamp with time zone,
  constraint webhook_endpoints_pkey PRIMARY KEY (id),
  constraint webhook_endpoints_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint webhook_endpoints_check CHECK (((state = 'disabled'::text) = (disabled_because IS NOT NULL))),
  constraint webhook_endpoints_check1 CHECK (((sealed_old_secret IS NULL) = (old_secret_until IS NULL))),
  constraint webhook_endpoints_check2 CHECK (((failures = 0) = (failing_since IS NULL))),
  constraint webhook_endpoints_description_check CHECK ((length(description) <= 200)),
  constraint webhook_endpoints_disabled_because_check CHECK ((disabled_because = ANY (ARRAY['person'::text, 'failing'::text]))),
  constraint webhook_endpoints_kinds_check CHECK ((cardinality(kinds) > 0)),
  constraint webhook_endpoints_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text]))),
  constraint webhook_endpoints_url_check CHECK (((length(url) >= 1) AND (length(url) <= 2000)))
);
CREATE INDEX webhook_endpoints_of_provider ON public.webhook_endpoints USING btree (provider_id, created_at);
alter table public.webhook_endpoints enable row level security;
alter table public.webhook_endpoints force row level security;
create policy eraser on public.webhook_endpoints to bursar_eraser using true;
create policy provider_wall on public.webhook_endpoints to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.webhook_endpoints to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.workers (
  id text not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint workers_pkey PRIMARY KEY (id)
);
alter table public.workers enable row level security;
alter table public.workers force row level security;
create policy system_passage on public.workers to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.workplace_counters (
  provider_id uuid not null,
  last_number integer not null,
  constraint workplace_counters_pkey PRIMARY KEY (provider_id),
  constraint workplace_counters_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id)
);
alter table public.workplace_counters enable row level security;
alter table public.workplace_counters force row level security;
create policy eraser on public.workplace_counters to bursar_eraser using true;
create policy provider_wall on public.workplace_counters to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.workplace_counters to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.workplace_tokens (
  provider_id uuid not null,
  workplace_id uuid not null,
  token text collate "C" not null,
  constraint workplace_tokens_pkey PRIMARY KEY (workplace_id, token),
  constraint workplace_tokens_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint workplace_tokens_workplace_id_fkey FOREIGN KEY (workplace_id) REFERENCES public.workplaces(id) ON DELETE CASCADE
);
CREATE INDEX workplace_tokens_by_token ON public.workplace_tokens USING btree (provider_id, token, workplace_id);
alter table public.workplace_tokens enable row level security;
alter table public.workplace_tokens force row level security;
create policy eraser on public.workplace_tokens to bursar_eraser using true;
create policy provider_wall on public.workplace_tokens to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.workplace_tokens to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.workplaces (
  provider_id uuid not null,
  id uuid not null,
  workplace_number text not null,
  number_key text collate "C" not null,
  revision integer not null,
  name text not null,
  legal_name text,
  business_number text,
  email text,
  phone text,
  contact_first_name text,
  contact_last_name text,
  campus text,
  street_address jsonb not null,
  postal_address jsonb not null,
  is_active boolean not null,
  sync_to_xero boolean not null,
  name_sort text collate "C" not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint workplaces_pkey PRIMARY KEY (id),
  constraint workplaces_number_unique UNIQUE (provider_id, number_key),
  constraint workplaces_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint workplaces_revision_check CHECK ((revision >= 1)),
  constraint workplaces_workplace_number_check CHECK ((workplace_number ~ '^WP-[0-9]{5,}$'::text))
);
CREATE INDEX workplaces_by_name ON public.workplaces USING btree (provider_id, name_sort, id);
CREATE INDEX workplaces_to_sync ON public.workplaces USING btree (provider_id, id) WHERE sync_to_xero;
alter table public.workplaces enable row level security;
alter table public.workplaces force row level security;
create policy eraser on public.workplaces to bursar_eraser using true;
create policy provider_wall on public.workplaces to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.workplaces to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.xero_allowed_connections (
  xero_connection_id uuid not null,
  grant_id uuid not null,
  allowed_at timestamp with time zone not null,
  constraint xero_allowed_connections_pkey PRIMARY KEY (xero_connection_id),
  constraint xero_allowed_connections_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.grants(id) ON DELETE CASCADE
);
CREATE INDEX xero_allowed_connections_of_grant ON public.xero_allowed_connections USING btree (grant_id);
alter table public.xero_allowed_connections enable row level security;
alter table public.xero_allowed_connections force row level security;
create policy system_passage on public.xero_allowed_connections to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.xero_app_budgets (
  app text not null,
  tokens double precision not null,
  filled_at timestamp with time zone not null,
  paused_until timestamp with time zone,
  constraint xero_app_budgets_pkey PRIMARY KEY (app)
);
alter table public.xero_app_budgets enable row level security;
alter table public.xero_app_budgets force row level security;
create policy system_passage on public.xero_app_budgets to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.xero_budgets (
  xero_org_id uuid not null,
  recent_calls timestamp with time zone[] default '{}'::timestamp with time zone[] not null,
  minute_left integer,
  minute_seen_at timestamp with time zone,
  day_left integer,
  day_seen_at timestamp with time zone,
  day_limit integer default 1000 not null,
  paused_until timestamp with time zone,
  pause_kind text,
  used_on date,
  calls_today integer default 0 not null,
  bytes_today bigint default 0 not null,
  last_call_at timestamp with time zone,
  constraint xero_budgets_pkey PRIMARY KEY (xero_org_id),
  constraint xero_budgets_pause_kind_check CHECK ((pause_kind = ANY (ARRAY['minute'::text, 'day'::text, 'concurrent'::text, 'app'::text, 'local'::text])))
);
alter table public.xero_budgets enable row level security;
alter table public.xero_budgets force row level security;
create policy system_passage on public.xero_budgets to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.xero_call_leases (
  id uuid not null,
  xero_org_id uuid not null,
  until timestamp with time zone not null,
  constraint xero_call_leases_pkey PRIMARY KEY (id),
  constraint xero_call_leases_xero_org_id_fkey FOREIGN KEY (xero_org_id) REFERENCES public.xero_budgets(xero_org_id)
);
CREATE INDEX xero_call_leases_of_org ON public.xero_call_leases USING btree (xero_org_id);
alter table public.xero_call_leases enable row level security;
alter table public.xero_call_leases force row level security;
create policy system_passage on public.xero_call_leases to bursar_system using true with check true;
-- bursar_system: delete, insert, select, update

create table public.xero_contact_keys (
  provider_id uuid not null,
  xero_org_id uuid not null,
  key text collate "C" not null,
  contact_id uuid not null,
  constraint xero_contact_keys_pkey PRIMARY KEY (provider_id, xero_org_id, key, contact_id),
  constraint xero_contact_keys_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint xero_contact_keys_provider_id_xero_org_id_contact_id_fkey FOREIGN KEY (provider_id, xero_org_id, contact_id) REFERENCES public.xero_contacts(provider_id, xero_org_id, contact_id) ON DELETE CASCADE
);
CREATE INDEX xero_contact_keys_of_contact ON public.xero_contact_keys USING btree (provider_id, xero_org_id, contact_id);
alter table public.xero_contact_keys enable row level security;
alter table public.xero_contact_keys force row level security;
create policy eraser on public.xero_contact_keys to bursar_eraser using true;
create policy provider_wall on public.xero_contact_keys to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.xero_contact_keys to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table public.xero_contacts (
  provider_id uuid not null,
  xero_org_id uuid not null,
  contact_id uuid not null,
  name text not null,
  first_name text,
  last_name text,
  email text,
  phones text[] not null,
  code text,
  status text not null,
  hash text collate "C" not null,
  search text collate "C" not null,
  changed_at timestamp with time zone,
  invoices integer,
  invoices_at timestamp with time zone,
  merged_into uuid,
  constraint xero_contacts_pkey PRIMARY KEY (provider_id, xero_org_id, contact_id),
  constraint xero_contacts_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(provider_id),
  constraint xero_contacts_provider_id_xero_org_id_fkey FOREIGN KEY (provider_id, xero_org_id) REFERENCES public.lanes(provider_id, xero_org_id),
  constraint xero_contacts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'archived'::text, 'erasing'::text, 'merged'::text])))
);
CREATE INDEX xero_contacts_merged ON public.xero_contacts USING btree (provider_id, xero_org_id, merged_into) WHERE (merged_into IS NOT NULL);
alter table public.xero_contacts enable row level security;
alter table public.xero_contacts force row level security;
create policy eraser on public.xero_contacts to bursar_eraser using true;
create policy provider_wall on public.xero_contacts to bursar_app using (provider_id = ( SELECT public.current_provider() AS current_provider)) with check (provider_id = ( SELECT public.current_provider() AS current_provider));
create policy system_passage on public.xero_contacts to bursar_system using true with check true;
-- bursar_app: delete, insert, select, update
-- bursar_eraser: delete, select
-- bursar_system: delete, insert, select, update

create table auth.account (
  id text not null,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamp with time zone,
  "refreshTokenExpiresAt" timestamp with time zone,
  scope text,
  password text,
  "createdAt" timestamp with time zone default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX account_of_provider_key ON auth.account USING btree ("providerId", "accountId");
CREATE INDEX "account_userId_idx" ON auth.account USING btree ("userId");
-- bursar_auth: delete, insert, select, update

create table auth.passkey (
  id text not null,
  name text,
  "publicKey" text not null,
  "userId" text not null,
  "credentialID" text not null,
  counter integer not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  transports text,
  "createdAt" timestamp with time zone,
  aaguid text,
  constraint passkey_pkey PRIMARY KEY (id),
  constraint "passkey_credentialID_key" UNIQUE ("credentialID"),
  constraint "passkey_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
CREATE INDEX "passkey_userId_idx" ON auth.passkey USING btree ("userId");
-- bursar_auth: delete, insert, select, update

create table auth."rateLimit" (
  id text not null,
  key text not null,
  count integer not null,
  "lastRequest" bigint not null,
  constraint "rateLimit_pkey" PRIMARY KEY (id),
  constraint "rateLimit_key_key" UNIQUE (key)
);
-- bursar_auth: delete, insert, select, update

create table auth.session (
  id text not null,
  "expiresAt" timestamp with time zone not null,
  token text not null,
  "createdAt" timestamp with time zone default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamp with time zone not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null,
  "secondFactor" text,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_key UNIQUE (token),
  constraint "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE,
  constraint "session_secondFactor_check" CHECK (("secondFactor" = ANY (ARRAY['totp'::text, 'recovery'::text, 'passkey'::text])))
);
CREATE INDEX "session_userId_idx" ON auth.session USING btree ("userId");
-- bursar_auth: delete, insert, select, update

create table auth."twoFactor" (
  id text not null,
  secret text not null,
  "backupCodes" text not null,
  "userId" text not null,
  verified boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamp with time zone,
  constraint "twoFactor_pkey" PRIMARY KEY (id),
  constraint "twoFactor_userId_key" UNIQUE ("userId"),
  constraint "twoFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
CREATE INDEX "twoFactor_secret_idx" ON auth."twoFactor" USING btree (secret);
-- bursar_auth: delete, insert, select, update

create table auth."user" (
  id text not null,
  name text not null,
  email text not null,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamp with time zone default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamp with time zone default CURRENT_TIMESTAMP not null,
  "twoFactorEnabled" boolean default false,
  constraint user_pkey PRIMARY KEY (id),
  constraint user_email_key UNIQUE (email)
);
alter table auth."user" enable row level security;
create policy colleagues on auth."user" for select to bursar_app using (EXISTS ( SELECT
   FROM public.members m
  WHERE (m.person_id = "user".id)));
create policy sign_in on auth."user" to bursar_auth using true with check true;
create policy system_passage on auth."user" for select to bursar_system using true;
-- bursar_auth: delete, insert, select, update
-- bursar_app: select of email, id, name
-- bursar_system: select of email, id, name

create table auth.verification (
  id text not null,
  identifier text not null,
  value text not null,
  "expiresAt" timestamp with time zone not null,
  "createdAt" timestamp with time zone default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamp with time zone default CURRENT_TIMESTAMP not null,
  constraint verification_pkey PRIMARY KEY (id)
);
CREATE INDEX verification_identifier_idx ON auth.verification USING btree (identifier);
-- bursar_auth: delete, insert, select, update
