-- A person said that none of the contacts there is the learner's or workplace's, so that a new one is
-- wanted: of those that bear its number only one that this Bursar made is taken for theirs.
alter table contact_links add column wants_new boolean not null default false;
