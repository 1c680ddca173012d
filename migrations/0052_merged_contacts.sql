-- Papers may go on naming a contact after it was merged into another one.
alter table xero_contacts add column merged_into uuid;
create index xero_contacts_merged on xero_contacts (provider_id, xero_org_id, merged_into)
  where merged_into is not null;

-- Of contacts that are known as merged it is not known into which: the next walk over all tells.
update cursors set next_at = least(next_at, now())
where resource = 'all-contacts' and exists (
  select from xero_contacts contact
  where contact.provider_id = cursors.provider_id and contact.xero_org_id = cursors.xero_org_id
    and contact.status = 'merged');
