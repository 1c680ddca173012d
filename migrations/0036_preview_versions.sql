-- Which preview of an import somebody saw when they said yes: it goes up whenever it is made anew.
alter table import_runs add column preview_version integer not null default 0;
