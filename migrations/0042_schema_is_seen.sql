-- Processes that run while another machine brings the database to a newer schema look here, and
-- stop taking jobs.
grant select on public.schema_migrations to bursar_system;
