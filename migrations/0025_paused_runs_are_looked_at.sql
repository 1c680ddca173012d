-- What was sent before a run was paused goes on arriving, and is told.
drop index sync_runs_running;
create index sync_runs_open on sync_runs (progressed_at) where state in ('running', 'paused');
