-- When each kind of record was last read to the end: one time of all kinds together was that of
-- whichever was read last. What is known of before is no later than this.
alter table cursors add column walked_at timestamptz;

update cursors set walked_at = least(
  greatest(cursors.read_until, cursors.next_at - interval '8 hours'), lanes.last_sweep_at)
from lanes
where lanes.provider_id = cursors.provider_id
  and lanes.xero_org_id = cursors.xero_org_id
  and cursors.read_until is not null
  and lanes.last_sweep_at is not null;

alter table lanes drop column last_sweep_at;
