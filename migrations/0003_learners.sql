-- Learners ------------------------------------------------------------------------------------

create table learners (
  provider_id uuid not null references providers,
  id uuid primary key,
  learner_number text not null check (length(learner_number) between 1 and 30),
  -- The number without case, spaces and punctuation: what uniqueness and look-ups go by.
  number_key text collate "C" not null,
  revision integer not null check (revision >= 1),
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
  -- Keys that lists are ordered by: folded family and given name; number with its digits aligned.
  name_sort text collate "C" not null,
  number_sort text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint learners_number_unique unique (provider_id, number_key)
);
-- A list is a merge of at most four ordered branches, one for each pair of the two flags, so that
-- three indexes serve every filter in every order without reading past what is shown.
create index learners_by_name on learners (provider_id, is_active, sync_to_xero, name_sort, id);
create index learners_by_number on learners (provider_id, is_active, sync_to_xero, number_sort, id);
create index learners_by_creation on learners (provider_id, is_active, sync_to_xero, created_at, id);
create index learners_to_sync on learners (provider_id, id) where sync_to_xero;
call protect('learners');

-- The last learner number made by itself; the row's lock hands numbers out one after another.
create table learner_counters (
  provider_id uuid primary key references providers,
  last_number integer not null
);
call protect('learner_counters');

-- Search by beginnings of words. Under row-level security PostgreSQL drops LIKE, trigram and
-- full-text indexes (their operators are not leakproof); plain comparisons keep theirs.
create table learner_tokens (
  provider_id uuid not null references providers,
  learner_id uuid not null references learners on delete cascade,
  token text collate "C" not null,
  primary key (learner_id, token)
);
create index learner_tokens_by_token on learner_tokens (provider_id, token, learner_id);
call protect('learner_tokens');

-- Who could be the same person: keys made of folded name with date of birth or e-mail, and of the
-- provider's own code. Several learners may share a key.
create table learner_identities (
  provider_id uuid not null references providers,
  learner_id uuid not null references learners on delete cascade,
  identity text collate "C" not null,
  primary key (learner_id, identity)
);
create index learner_identities_by_key on learner_identities (provider_id, identity, learner_id);
call protect('learner_identities');

-- Imports -------------------------------------------------------------------------------------

create table import_runs (
  provider_id uuid not null references providers,
  id uuid primary key,
  kind text not null check (kind in ('csv', 'avetmiss')),
  state text not null
    check (state in ('mapping', 'preview', 'running', 'done', 'failed', 'discarded')),
  file_names jsonb not null,
  columns jsonb not null,
  remarks jsonb not null,
  correct_name_case boolean not null,
  import_look_alikes boolean not null,
  rows_total integer not null default 0,
  rows_new integer not null default 0,
  rows_changed integer not null default 0,
  rows_unchanged integer not null default 0,
  rows_faulty integer not null default 0,
  rows_applied integer not null default 0,
  rows_added integer not null default 0,
  -- Position of the last row that was carried out: where a stopped run goes on.
  applied_to integer not null default 0,
  -- Starts since the last batch that went well; a run that never gets further is given up.
  attempts integer not null default 0,
  -- When the last batch went through; a running one that is silent was lost and is called again.
  progressed_at timestamptz,
  started_by jsonb not null,
  committed_by jsonb,
  failure text,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index import_runs_newest on import_runs (provider_id, created_at desc, id desc);
create index import_runs_open on import_runs (created_at)
  where state in ('mapping', 'preview', 'running');
call protect('import_runs');

-- The files as they were given, kept only until the run is done, discarded or out of date.
create table import_files (
  provider_id uuid not null references providers,
  import_id uuid not null references import_runs on delete cascade,
  position integer not null,
  name text not null,
  content bytea not null,
  primary key (import_id, position)
);
call protect('import_files');

create table import_rows (
  provider_id uuid not null references providers,
  import_id uuid not null references import_runs on delete cascade,
  -- Order within the run, from 1; the line is where the record stands in its file.
  position integer not null,
  line integer not null,
  verdict text not null check (verdict in ('new', 'changed', 'unchanged', 'faulty')),
  name text not null,
  learner_id uuid references learners on delete set null,
  reasons jsonb not null,
  changes jsonb not null,
  -- What the record says about the learner: the filled fields alone.
  fields jsonb not null,
  applied boolean not null default false,
  primary key (import_id, position)
);
create index import_rows_by_verdict on import_rows (import_id, verdict, position);
create index import_rows_of_learner on import_rows (learner_id);
call protect('import_rows');
