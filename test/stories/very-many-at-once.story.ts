import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { newId } from '#platform/ids';
import { ownScope } from '#platform/scope';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** With eight values each more than one statement can take, which is 65,535. */
const MANY = 8_300;
const ENDPOINTS = 10;
const PAGE = 1_000;

let world: ConnectedWorld;
let database: pg.Client;
let ada: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  ada = await world.addLearner({ firstName: 'Ada', lastName: 'Many' });
  await world.settle();
});
afterAll(async () => {
  await database.end();
  await world.close();
});

const scope = () => ownScope(world.people.providerId);

it('turns Sync to Xero off for thousands of learners in one go', async () => {
  await database.query(
    `insert into learners select (jsonb_populate_record(l, jsonb_build_object(
        'id', gen_random_uuid(), 'learner_number', 'X' || n, 'number_key', 'x' || n))).*
      from learners l, generate_series(1, $2::int) n where l.id = $1`,
    [ada.id, MANY],
  );
  await database.query(
    `insert into contact_links (provider_id, xero_org_id, party_kind, party_id, wanted_revision,
        pushed_revision, standing, reasons, next_attempt_at)
      select k.provider_id, k.xero_org_id, 'learner', l.id, 1, 1, 'in-step', '[]', 'infinity'
      from contact_links k, learners l where k.party_id = $1 and l.learner_number like 'X%'`,
    [ada.id],
  );
  const { rows } = await database.query<{ id: LearnerId }>(
    `select id from learners where learner_number like 'X%'`,
  );
  const ids = rows.map(({ id }) => id);
  expect(ids).toHaveLength(MANY);
  await world.context.database.asProvider(world.people.providerId, (tx) =>
    world.context.learners.turnSyncOff(tx, scope(), ids),
  );
  const links = await database.query(
    `select count(*)::int as silent, count(distinct cmin::text)::int < 10 as "inFewStatements"
      from contact_links where standing is null and party_id = any($1)`,
    [ids],
  );
  expect(links.rows).toEqual([{ silent: MANY, inFewStatements: true }]);
  const events = await database.query(
    `select count(distinct subject_id)::int as told from events
      where kind = 'learner.changed' and subject_id::uuid = any($1)`,
    [ids],
  );
  expect(events.rows).toEqual([{ told: MANY }]);
});

it('tells many receivers of a whole page that has changed', async () => {
  const { endpoint } = await world.owner.call(api.addWebhookEndpoint, {
    body: { url: 'http://localhost:9/', description: 'One of many', kinds: ['contact.linked'] },
  });
  // Nothing is sent in this story.
  await database.query(`update webhook_endpoints set next_try_at = 'infinity'`);
  await database.query(
    `insert into webhook_endpoints select (jsonb_populate_record(e,
        jsonb_build_object('id', gen_random_uuid()))).*
      from webhook_endpoints e, generate_series(2, $2::int) where e.id = $1`,
    [endpoint.id, ENDPOINTS],
  );
  const xeroOrgId = newId<XeroOrgId>();
  const linked = Array.from({ length: PAGE }, () => ({
    kind: 'contact.linked' as const,
    learnerId: ada.id,
    xeroOrgId,
    contactId: newId<string>(),
    how: 'found' as const,
  }));
  await world.context.database.asProvider(world.people.providerId, (tx) =>
    world.context.events.append(tx, scope(), ...linked),
  );
  const { rows } = await database.query(
    `select count(*)::int as waiting, count(distinct endpoint_id)::int as receivers
      from webhook_deliveries where state = 'waiting'`,
  );
  expect(rows).toEqual([{ waiting: ENDPOINTS * PAGE, receivers: ENDPOINTS }]);
});
