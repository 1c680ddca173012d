-- Workplaces are compared with Xero in runs of their own, as learners are.
alter table sync_runs drop constraint sync_runs_kind_check;
alter table sync_runs add constraint sync_runs_kind_check check (kind in (
  'sync-on', 'sync-off', 'resync-learners', 'resync-workplaces', 'resync-papers',
  'resync-everything'));
