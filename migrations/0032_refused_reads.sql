-- What Xero refuses again and again of one organisation: which acts are set aside until when, so
-- that they hold up nothing else.
alter table lanes add column set_aside jsonb not null default '{}';

-- Lists of which a page of the usual size takes too long or is too large: how many rows are asked
-- for instead, and until when.
alter table lanes add column page_rows jsonb not null default '{}';
