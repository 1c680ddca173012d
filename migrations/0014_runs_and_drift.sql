-- Until Xero's headers say more, an app is taken to be in the smallest tier.
alter table xero_budgets alter column day_limit set default 1000;

-- How many contacts a call may carry now; grows while Xero answers quickly, shrinks when it doesn't.
alter table lanes
  add column push_rows integer not null default 50 check (push_rows >= 1),
  -- Set once Xero was slow: from then on the batch grows by steps and not by doubling.
  add column push_careful boolean not null default false;

-- Drift -----------------------------------------------------------------------------------------

alter table contact_links
  -- What Xero says in fields where it may differ: said so when both were linked, or by a person.
  add column accepted jsonb not null default '{}',
  -- Fields in which Xero now says something else than both sides agreed on, and nobody accepted it.
  add column drift text[] not null default '{}';
create index contact_links_drifting on contact_links (provider_id, xero_org_id)
  where drift <> '{}';

-- Who wins a field that was changed in Xero, for each group of fields; a group without a row asks.
create table sync_rules (
  provider_id uuid not null references providers,
  field_group text not null check (field_group in ('names', 'email', 'phones', 'addresses')),
  winner text not null check (winner in ('bursar', 'xero', 'ask')),
  primary key (provider_id, field_group)
);
call protect('sync_rules');

-- Runs ------------------------------------------------------------------------------------------

-- Work on many learners or papers that somebody asked for: goes on where it stopped, whoever dies.
create table sync_runs (
  provider_id uuid not null references providers,
  id uuid primary key,
  kind text not null check (
    kind in ('sync-on', 'sync-off', 'resync-learners', 'resync-papers', 'resync-everything')),
  state text not null check (state in ('running', 'paused', 'cancelled', 'finished', 'failed')),
  -- The organisation that a resync reads; a run about Sync to Xero concerns them all.
  xero_org_id uuid,
  organisation_name text,
  started_by jsonb not null,
  -- What was asked for: dates, or the list's filter in words.
  range jsonb not null,
  -- Where it stands: learners are walked item by item, papers by instant.
  step text not null check (step in ('learners', 'papers', 'done')),
  walk jsonb,
  -- The lane of the organisation has something to do about it.
  lane_work boolean not null,
  papers_total integer,
  papers_read integer not null default 0,
  papers_found integer not null default 0,
  papers_added integer not null default 0,
  papers_changed integer not null default 0,
  papers_failed integer not null default 0,
  failure text,
  created_at timestamptz not null,
  progressed_at timestamptz not null,
  finished_at timestamptz,
  check ((state in ('cancelled', 'finished', 'failed')) = (finished_at is not null))
);
create index sync_runs_newest on sync_runs (provider_id, created_at desc, id desc);
create index sync_runs_running on sync_runs (progressed_at) where state = 'running';
create index sync_runs_of_lane on sync_runs (provider_id, xero_org_id, created_at)
  where state = 'running' and lane_work;
call protect('sync_runs');

-- What a run is about, one by one: learners from the beginning, papers as they are met. A learner
-- is open until touched, sent while the lane brings them to Xero, done with an outcome.
create table sync_run_items (
  provider_id uuid not null references providers,
  run_id uuid not null references sync_runs on delete cascade,
  seq integer not null,
  subject_kind text not null check (subject_kind in ('learner', 'document')),
  subject_id uuid not null,
  label text not null,
  stage text not null check (stage in ('open', 'sent', 'done')),
  -- The outcome once what was sent has arrived.
  aim text not null default 'changed' check (aim in ('added', 'changed')),
  outcome text check (outcome in ('found', 'added', 'changed', 'unchanged', 'failed', 'skipped')),
  reason text,
  primary key (run_id, seq),
  check ((stage = 'done') = (outcome is not null))
);
create index sync_run_items_by_stage on sync_run_items (run_id, stage, seq);
create index sync_run_items_by_outcome on sync_run_items (run_id, outcome, seq);
create index sync_run_items_of_provider on sync_run_items (provider_id, run_id);
call protect('sync_run_items');

-- Inbox -----------------------------------------------------------------------------------------

-- Problems are read from the rows that have them; only what people said about them is kept. An
-- ignored one comes back when its cause is another one than the one named here.
create table sync_ignores (
  provider_id uuid not null references providers,
  problem text not null,
  subject_id text not null,
  cause_hash text not null,
  note text,
  ignored_by jsonb not null,
  ignored_at timestamptz not null,
  primary key (provider_id, problem, subject_id)
);
call protect('sync_ignores');
