-- What is told of a learner whom Xero refuses is a code now. Messages that are kept, and could be
-- sent again, held sentences with name, number and e-mail address. The walls hold for the owner of
-- the tables too, so it is done in the role that passes them. PostgreSQL reads no JSON that holds
-- NUL or half a character, which only the sentences could; so those are replaced first.
set local role bursar_system;
update webhook_deliveries kept
set payload = json_build_object(
  'type', said.json -> 'type',
  'timestamp', said.json -> 'timestamp',
  'data', json_strip_nulls(json_build_object(
    'learnerId', said.json #> '{data,learnerId}',
    'workplaceId', said.json #> '{data,workplaceId}',
    'xeroOrgId', said.json #> '{data,xeroOrgId}',
    'cause', 'contact.refused')))::text
from (
  select id, regexp_replace(payload, '\\u[0-9a-f]{4}', '\\ufffd', 'gi')::json as json
  from webhook_deliveries where kind = 'sync.failed') as said
where kept.id = said.id and said.json #> '{data,reasons}' is not null;
reset role;
