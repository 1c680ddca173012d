-- What waits is asked for by hurry first: among fifty thousand that wait, finding that nobody waits
-- for any of them used to read them all, on every look of a lane, and each batch sorted them all.
drop index contact_links_gaps;
create index contact_links_gaps on contact_links
  (provider_id, xero_org_id, urgent desc, next_attempt_at, party_id)
  where (standing = 'waiting' or uncertain_since is not null)
    and (not match_due or contact_id is not null);

drop index contact_links_papers_due;
create index contact_links_papers_due on contact_links
  (provider_id, xero_org_id, urgent desc, party_id)
  where papers_due and contact_id is not null;

create index contact_links_to_match_now on contact_links (provider_id, xero_org_id)
  where match_due and contact_id is null and standing = 'waiting';

-- Drifts that were weighed under the present rules are passed over.
drop index contact_links_drifting;
create index contact_links_drifting on contact_links (provider_id, xero_org_id, drift_weighed)
  where drift <> '{}';

-- A provider's list shows one kind at a time, newest first.
create index documents_by_kind on documents
  (provider_id, kind, coalesce(date, '0001-01-01'::date) desc, id desc);

-- Old papers are taken in the order of this index, so that no step meets again what was read.
drop index documents_by_shape;
create index documents_by_shape on documents (shape, provider_id, id);
