-- Contacts and papers belong to a party: a learner, or the workplace that pays for one.

alter table contact_links rename column learner_id to party_id;
alter table contact_links add column party_kind text not null default 'learner'
  check (party_kind in ('learner', 'workplace'));
alter index contact_links_of_learner rename to contact_links_of_party;

alter table documents rename column learner_id to party_id;
alter table documents add column party_kind text not null default 'learner'
  check (party_kind in ('learner', 'workplace'));
alter index documents_of_learner rename to documents_of_party;

update agreement_checks
  set differences = replace(differences::text, '"learnerId":', '"partyId":')::jsonb;
alter table agreement_sums rename column learner_id to party_id;

alter table match_proposals rename column learner_id to party_id;
alter table match_proposals rename column learner_number to party_number;
alter table match_proposals rename column learner_name to party_name;
alter table match_proposals rename column learner_revision to party_revision;
alter table match_proposals add column party_kind text not null default 'learner'
  check (party_kind in ('learner', 'workplace'));

create table workplaces (
  provider_id uuid not null references providers,
  id uuid primary key,
  workplace_number text not null check (workplace_number ~ '^WP-[0-9]{5,}$'),
  -- The number in lower case, by which a Contact Code of Xero is looked up.
  number_key text collate "C" not null,
  revision integer not null check (revision >= 1),
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
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint workplaces_number_unique unique (provider_id, number_key)
);
create index workplaces_by_name on workplaces (provider_id, name_sort, id);
create index workplaces_to_sync on workplaces (provider_id, id) where sync_to_xero;
call protect('workplaces');

-- The last workplace number; the row's lock hands numbers out one after another.
create table workplace_counters (
  provider_id uuid primary key references providers,
  last_number integer not null
);
call protect('workplace_counters');

-- What a workplace is found by: the beginnings of words, and whole keys (`=name`, `=number`,
-- `=email`) under which the same one may stand twice.
create table workplace_tokens (
  provider_id uuid not null references providers,
  workplace_id uuid not null references workplaces on delete cascade,
  token text collate "C" not null,
  primary key (workplace_id, token)
);
create index workplace_tokens_by_token on workplace_tokens (provider_id, token, workplace_id);
call protect('workplace_tokens');

-- Where learners work. `merge_id`: taken over from a learner who was merged, and given back with them.
create table learner_workplaces (
  provider_id uuid not null references providers,
  learner_id uuid primary key references learners on delete cascade,
  workplace_id uuid not null references workplaces on delete cascade,
  merge_id uuid
);
create index learner_workplaces_of_workplace on learner_workplaces (workplace_id, learner_id);
call protect('learner_workplaces');

-- A resync of everything looks at workplaces too.
alter table sync_run_items drop constraint sync_run_items_subject_kind_check;
alter table sync_run_items add constraint sync_run_items_subject_kind_check
  check (subject_kind in ('learner', 'workplace', 'document'));
