-- How many learners and workplaces of a run stand where once it is over: said then, so that lists
-- of runs count nobody again.
alter table sync_runs add column tally jsonb;

with counted as (
  select run_id, stage, outcome, count(*) as count from sync_run_items
  where subject_kind <> 'document' group by run_id, stage, outcome
), summed as (
  select run_id, coalesce(sum(count) filter (where stage = 'open'), 0) as open,
    coalesce(sum(count) filter (where stage = 'sent'), 0) as sent,
    coalesce(jsonb_object_agg(outcome, count) filter (where stage = 'done'), '{}') as done
  from counted group by run_id
)
update sync_runs set tally = coalesce(
  (select jsonb_build_object('open', open, 'sent', sent, 'done', done)
    from summed where run_id = sync_runs.id),
  '{"open": 0, "sent": 0, "done": {}}')
where finished_at is not null;

-- Whoever looks at a run that is on counts its items in the index alone.
drop index sync_run_items_by_stage;
create index sync_run_items_by_stage on sync_run_items (run_id, stage, seq)
  include (provider_id, subject_kind, outcome);
