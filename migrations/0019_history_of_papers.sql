-- What happened to one paper is asked for where the paper is opened. A column of its own, since an
-- expression over the data is not looked up by an index behind row-level security.
alter table events
  add column document_id text generated always as (data ->> 'documentId') stored;
create index events_of_document on events (provider_id, document_id, seq desc)
  where document_id is not null;
