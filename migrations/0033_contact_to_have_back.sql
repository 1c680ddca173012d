-- The contact that a merge took from this learner and that a person has put aside for another one
-- since: when the merge is undone it is theirs again.
alter table contact_links add column had_contact uuid;
