-- Which app at which Xero a permission is of. Another app's settings, or an emulator in the place of
-- Xero, know nothing of its tokens: their refusal says nothing about it. Null: it was last renewed
-- by an older Bursar, and is of whoever renews it next.
alter table grants
  add column client_id text,
  add column issuer text,
  add constraint grants_whose_check check ((client_id is null) = (issuer is null));

-- The address at which this Bursar works. A copy of the database that is started under another one
-- sends nothing until somebody says that the Bursar itself has moved. No row: it works on one machine.
create table installation (
  is_only boolean primary key default true check (is_only),
  public_url text not null,
  noted_at timestamptz not null
);
alter table installation enable row level security;
alter table installation force row level security;
create policy system_passage on installation to bursar_system using (true) with check (true);
grant select, insert, update, delete on installation to bursar_system;
