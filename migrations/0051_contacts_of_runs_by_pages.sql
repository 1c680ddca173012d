-- A resync of many learners reads all contacts by pages before it looks at whoever is left; how far
-- it is with that stands in `walk`.
alter table sync_runs drop constraint sync_runs_step_check;
alter table sync_runs add constraint sync_runs_step_check check (step in (
  'contacts', 'learners', 'papers', 'done'));
