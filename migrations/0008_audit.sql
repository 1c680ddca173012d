-- The event log as an audit log: sealed into chains of hashes, append-only for the product's roles.

-- The transaction that wrote an event. Identity numbers can become visible out of order; once a
-- transaction is older than every one still running, nothing of it or of an older one is to come.
alter table events
  add column xid xid8 not null default pg_current_xact_id(),
  -- What an auditor asks by: who, and the first word of the kind.
  add column actor_id text generated always as
    (coalesce(actor ->> 'personId', actor ->> 'apiKeyId', 'bursar')) stored,
  add column area text generated always as (split_part(kind, '.', 1)) stored;
alter table events alter column actor_id set not null, alter column area set not null;

create index events_newest on events (provider_id, seq desc);
create index events_by_actor on events (provider_id, actor_id, seq desc);
create index events_by_area on events (provider_id, area, seq desc);
create index events_by_transaction on events (xid, seq);

-- Neither number nor transaction of an event can be given by whoever appends it.
revoke insert on events from bursar_app, bursar_system;
grant insert (provider_id, id, at, kind, actor, subject_kind, subject_id, data) on events
  to bursar_app, bursar_system;

-- Each provider's chain: the hash of an entry covers its event and the hash before it. Events are
-- not referenced, since a missing one is to be found and not to be made impossible.
create table audit_chain (
  provider_id uuid not null references providers,
  position bigint not null check (position > 0),
  event_id uuid not null,
  hash bytea not null check (length(hash) = 32),
  sealed_at timestamptz not null,
  primary key (provider_id, position),
  unique (provider_id, event_id)
);
call protect('audit_chain', 'select');
grant insert on audit_chain to bursar_system;

-- How far the sealer has come, over all providers. One row.
create table audit_cursor (
  is_only boolean primary key default true check (is_only),
  xid xid8 not null,
  seq bigint not null
);
insert into audit_cursor (xid, seq) values ('0', 0);
alter table audit_cursor enable row level security;
alter table audit_cursor force row level security;
create policy system_passage on audit_cursor to bursar_system using (true) with check (true);
grant select, update on audit_cursor to bursar_system;

-- The last check of each provider's chain, for its page.
create table audit_checks (
  provider_id uuid primary key references providers,
  checked_at timestamptz not null,
  entries bigint not null,
  fault text
);
call protect('audit_checks', 'select, insert, update');

-- What remains of a chain that was erased with its provider: proof that it was, and where it ended.
create table audit_erasures (
  provider_id uuid primary key,
  erased_at timestamptz not null,
  position bigint not null,
  hash bytea
);
call protect('audit_erasures', 'select');

-- Erasing is the one way out of the log, by whole providers only, and belongs to a role of its own
-- that nothing else is done as.
do $$
begin
  begin
    create role bursar_eraser nologin;
  exception when duplicate_object or unique_violation then null;
  end;
  if not pg_has_role(current_user, 'bursar_eraser', 'set') then
    grant bursar_eraser to current_user;
  end if;
end $$;
grant usage on schema public to bursar_eraser;
grant select, delete on events, audit_chain, audit_checks to bursar_eraser;
grant select, insert on audit_erasures to bursar_eraser;
create policy erasure on events to bursar_eraser using (true);
create policy erasure on audit_chain to bursar_eraser using (true);
create policy erasure on audit_checks to bursar_eraser using (true);
create policy erasure on audit_erasures to bursar_eraser using (true) with check (true);

-- Erases every event of a provider with its chain, and notes where the chain ended. Answers how
-- many events there were.
create function erase_events(provider uuid, at timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
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
end $$;
grant create on schema public to bursar_eraser;
alter function erase_events owner to bursar_eraser;
revoke create on schema public from bursar_eraser;
revoke execute on function erase_events from public;
grant execute on function erase_events to bursar_system;

-- Grants that nobody used for a day are renewed, so that none ends by lying idle.
create index grants_by_refresh on grants (refreshed_at) where state = 'live';
