-- A reading of the papers of some contacts that is on: which contacts, and how far it has come, so
-- that it goes on there after a pause.
alter table lanes add column paper_reading jsonb;
