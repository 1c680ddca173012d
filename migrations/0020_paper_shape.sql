-- Which reading of the raw paper the other columns come from. When a newer Bursar reads more out of
-- papers, older rows are read again from their raw paper, and Xero is not asked for it.
alter table documents add column shape integer not null default 1;
create index documents_by_shape on documents (shape, provider_id);
