-- Mails, stored in the transaction of what they tell of and sent later by a worker. The text is
-- forgotten once it is sent, since it may hold a link that lets somebody in.
create table mails (
  provider_id uuid not null references providers,
  id uuid primary key,
  recipients text[] not null check (cardinality(recipients) between 1 and 50),
  subject text not null check (length(subject) between 1 and 200),
  text text not null check (length(text) <= 50000),
  -- For its recipients' eyes alone: an Owner who read it could sign in as somebody else.
  is_confidential boolean not null default false,
  once_key text not null check (length(once_key) between 1 and 200),
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  last_error text,
  queued_at timestamptz not null,
  /* When it is tried next, and while it is being tried: when another worker may take it over. */
  due_at timestamptz not null,
  sent_at timestamptz,
  unique (provider_id, once_key)
);
create index mails_newest on mails (provider_id, id);
create index mails_due on mails (due_at) where state = 'queued';
call protect('mails');

-- Support -------------------------------------------------------------------------------------

-- What a provider asks the people who run this Bursar.
create table support_requests (
  provider_id uuid not null references providers,
  id uuid primary key,
  subject text not null check (length(subject) between 1 and 150),
  state text not null check (state in ('open', 'answered', 'closed')),
  app text,
  asked_by text not null,
  -- Where answers go; null for an API key
  asked_by_email text,
  asked_at timestamptz not null,
  changed_at timestamptz not null,
  message_count integer not null default 0
);
create index support_requests_of_provider on support_requests (provider_id, id desc);
create index support_requests_newest on support_requests (id desc);
call protect('support_requests');

create table support_messages (
  provider_id uuid not null references providers,
  request_id uuid not null references support_requests on delete cascade,
  id uuid primary key,
  sender text not null check (sender in ('provider', 'operator')),
  author text not null,
  text text not null check (length(text) between 1 and 5000),
  at timestamptz not null
);
create index support_messages_of_request on support_messages (request_id, id);
call protect('support_messages');

-- Leaving -------------------------------------------------------------------------------------

-- A provider that took its data with it, or is on its way out.
create table provider_closings (
  provider_id uuid primary key references providers,
  exported_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  -- Set with closed_at; after it nothing can be undone
  erase_at timestamptz,
  -- While connections at Xero are still to be ended: when that is tried next
  disconnect_at timestamptz,
  check ((closed_at is null) = (erase_at is null)),
  check ((closed_at is null) = (closed_by is null))
);
create index provider_closings_due on provider_closings (erase_at) where closed_at is not null;
call protect('provider_closings');

-- What is left of a provider: that there was one.
create table erased_providers (
  provider_id uuid primary key,
  erased_at timestamptz not null,
  rows_erased bigint not null
);
alter table erased_providers enable row level security;
alter table erased_providers force row level security;
create policy system_passage on erased_providers to bursar_system using (true) with check (true);
grant select, insert, update on erased_providers to bursar_system;

-- The one role that may delete whatever stands behind the wall, the log of events included. Only
-- the function below works as it.
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

-- As before, and the eraser may delete.
create or replace procedure protect(
  target regclass, privileges text default 'select, insert, update, delete')
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
  execute format('create policy eraser on %s to bursar_eraser using (true)', target);
  execute format('grant select, delete on %s to bursar_eraser', target);
end $$;

do $$
declare target regclass;
begin
  for target in
    select distinct p.polrelid::regclass from pg_policy p
    where p.polname = 'provider_wall'
  loop
    execute format('create policy eraser on %s to bursar_eraser using (true)', target);
    execute format('grant select, delete on %s to bursar_eraser', target);
  end loop;
end $$;

-- Deletes up to `at_most` rows of a provider, the youngest tables first, since they point at older
-- ones; the provider's own row goes last. Answers how many: 0 means that nothing is left.
create function erase_rows(erased uuid, at_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
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
end $$;
grant create on schema public to bursar_eraser;
alter function erase_rows(uuid, integer) owner to bursar_eraser;
revoke create on schema public from bursar_eraser;
revoke execute on function erase_rows(uuid, integer) from public;
grant execute on function erase_rows(uuid, integer) to bursar_system;

-- Takes a provider's jobs that no worker has begun off the queue; the others find nothing to do.
create function drop_jobs_of_provider(dropped uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare count integer;
begin
  delete from graphile_worker._private_jobs j
    where j.payload->>'providerId' = dropped::text and j.locked_at is null;
  get diagnostics count = row_count;
  return count;
end $$;
revoke execute on function drop_jobs_of_provider(uuid) from public;
grant execute on function drop_jobs_of_provider(uuid) to bursar_system;
