-- Guesses at passwords, counted by account and by address over all web processes. Not of one
-- provider: whoever guesses is nobody's member yet. The key is a hash, so that nothing typed
-- into the sign-in page is kept.
create table sign_in_attempts (
  key text primary key,
  window_started_at timestamptz not null,
  attempts integer not null
);
create index sign_in_attempts_by_age on sign_in_attempts (window_started_at);
alter table sign_in_attempts enable row level security;
alter table sign_in_attempts force row level security;
create policy system_passage on sign_in_attempts to bursar_system using (true) with check (true);
grant select, insert, update, delete on sign_in_attempts to bursar_system;
