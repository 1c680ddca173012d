-- Who wins a field that was changed in Xero, field by field; a field without a row asks.
drop table sync_rules;
create table sync_rules (
  provider_id uuid not null references providers,
  field text not null check (
    field in ('name', 'email', 'mobile', 'home', 'work', 'street', 'postal')),
  winner text not null check (winner in ('bursar', 'xero', 'ask')),
  primary key (provider_id, field)
);
call protect('sync_rules');

-- Counts changes of the rules. The lane weighs every open drift anew that was last weighed under
-- another count, some at a time.
alter table lanes add column drift_rules integer not null default 0;
alter table contact_links
  -- The count of the rules under which this drift was weighed; null: not yet.
  add column drift_weighed integer,
  -- When the drift was first seen.
  add column drift_since timestamptz;

-- What was left different up to now was left so knowingly: it is not asked about.
update contact_links l set accepted = tolerated.fields
from (
  select provider_id, xero_org_id, party_id,
    jsonb_object_agg(ours.key,
      jsonb_build_object('ours', ours.value, 'theirs', seen -> ours.key)) as fields
  from contact_links,
    jsonb_each(case when jsonb_typeof(base) = 'object' then base else '{}' end) as ours
  where jsonb_typeof(seen) = 'object' and ours.key <> 'contactNumber' and ours.value is distinct from seen -> ours.key
  group by provider_id, xero_org_id, party_id) as tolerated
where l.provider_id = tolerated.provider_id and l.xero_org_id = tolerated.xero_org_id
  and l.party_id = tolerated.party_id;
