-- What Xero refuses again and again of one organisation: which acts are set aside until when, so
-- that they hold up nothing else.
alter table lanes add column set_aside jsonb not null default '{}';
