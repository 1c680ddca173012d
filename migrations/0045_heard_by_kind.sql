-- Xero's webhooks are chosen kind by kind: that invoices are told of says nothing about credit notes.
alter table cursors add column heard_at timestamptz;

update cursors set heard_at = lanes.webhook_heard_at
from lanes
where lanes.provider_id = cursors.provider_id
  and lanes.xero_org_id = cursors.xero_org_id
  and cursors.resource in ('contacts', 'invoices');

alter table lanes drop column webhook_heard_at;
