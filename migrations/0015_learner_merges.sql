-- Merges of two learners who are one person ---------------------------------------------------

-- A merged learner stays as a row, so that the merge can be undone and old numbers are known; it is
-- inactive, never sent to Xero, and not listed.
alter table learners add column merged_into uuid references learners;
alter table learners add constraint learners_merged_rest
  check (merged_into is null or (not is_active and not sync_to_xero));
create index learners_merged on learners (merged_into) where merged_into is not null;

create table learner_merges (
  provider_id uuid not null references providers,
  id uuid primary key,
  kept_id uuid not null references learners on delete cascade,
  merged_id uuid not null references learners on delete cascade,
  merged_at timestamptz not null,
  merged_by jsonb not null,
  undo_until timestamptz not null,
  undone_at timestamptz,
  -- The fields of both as they were, for undoing.
  kept_before jsonb not null,
  kept_after jsonb not null,
  merged_before jsonb not null,
  check (kept_id <> merged_id)
);
create unique index learner_merges_open on learner_merges (provider_id, merged_id)
  where undone_at is null;
create index learner_merges_of_kept on learner_merges (kept_id, merged_at desc);
create index learner_merges_of_merged on learner_merges (merged_id);
call protect('learner_merges');

-- Where the papers of a link's contact go when not to its own learner, who was merged; and whose
-- contact this was before a merge handed it over.
alter table contact_links add column papers_for uuid;
alter table contact_links add column contact_from uuid;
create index contact_links_handed_over on contact_links (provider_id, papers_for)
  where papers_for is not null;
