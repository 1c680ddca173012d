-- How often each kind of work was passed over: kept, or a lane whose runs are short begins anew each time.
alter table lanes add column patience jsonb not null default '{}';

-- How many invoices a contact has that may be a learner's, as far as somebody has to decide; null: not counted.
alter table xero_contacts add column invoices integer, add column invoices_at timestamptz;
-- Of which version of its proposals all that can be is counted, and the calls that it took.
alter table matchings add column counted_version integer,
  add column count_calls integer not null default 0;
