-- How often each kind of work was passed over: kept, or a lane whose runs are short begins anew each time.
alter table lanes add column patience jsonb not null default '{}';
