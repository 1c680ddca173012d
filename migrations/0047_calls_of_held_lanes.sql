-- What is said to a lane without waiting for whoever holds its row: that there are notices of Xero,
-- that a learner or workplace was changed. Whoever runs the lane takes it up. Rows are only put in
-- and taken out, so that nobody who says something waits for anybody else who does.
create table lane_calls (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  id bigint generated always as identity primary key,
  -- The resources that a webhook told of.
  heard text[] not null default '{}',
  -- Whoever was changed; what is wanted of them is read when this is taken up.
  party_id uuid,
  urgent boolean not null default false
);
create index lane_calls_of_lane on lane_calls (provider_id, xero_org_id);
call protect('lane_calls');

-- One that waits keeps its place among the others: called again and again, it would go to the end
-- of the queue each time. One that failed, and waits for another try, is tried at once.
create or replace function enqueue_job(task text, payload json, key text, attempts integer)
returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
  select graphile_worker.add_job(
    identifier => task, payload => payload, job_key => key, max_attempts => attempts,
    job_key_mode => 'preserve_run_at');
$$;
