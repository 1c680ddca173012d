import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { AuditEntry } from '#contract/audit';
import type { ConnectionId } from '#contract/ids';
import { DAY_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { PASSWORD } from '../world/people.ts';
import { settleSealed } from '../world/sealed.ts';

let world: ConnectedWorld;

beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

type Filters = Parameters<typeof entries>[0];

async function entries(filters: {
  area?: AuditEntry['kind'];
  actor?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
}) {
  return world.owner.call(api.listAudit, { query: { limit: 200, ...(filters as object) } });
}

async function newest(kind: string, filters: Filters = {}): Promise<AuditEntry> {
  const { items } = await entries(filters);
  const found = items.find((entry) => entry.kind === kind);
  if (!found) throw new Error(`No ${kind} among ${items.map((entry) => entry.kind).join(', ')}`);
  return found;
}

const sealed = () => settleSealed(world, world.owner);

describe('the log tells', () => {
  test('who connected, when, from where and with which outcome', async () => {
    expect(await newest('connection.consent-begun')).toMatchObject({
      what: 'Began to connect',
      outcome: 'done',
      at: world.clock.now().toISOString(),
      actor: { kind: 'person', name: 'Odile Marchand' },
      origin: { address: expect.stringMatching(/127\.0\.0\.1|::1/), agent: 'node' },
    });
    expect(await newest('connection.activated')).toMatchObject({ outcome: 'done' });
  });

  test('by name whom and what an entry is about, with the id beside it', async () => {
    const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
    await world.settle();
    const linked = await newest('contact.linked');
    expect(linked.facts).toEqual(
      expect.arrayContaining([
        {
          name: 'Learner id',
          value: learner.id,
          label: `Mia Tran (${learner.learnerNumber})`,
        },
        expect.objectContaining({
          name: 'Xero organisation id',
          label: 'Harbour Training Pty Ltd',
        }),
        // Xero's own id of the contact, which has no name here.
        { name: 'Contact id', value: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ]),
    );
    const activated = await newest('connection.activated');
    expect(activated.facts).toContainEqual(
      expect.objectContaining({ name: 'Connection id', label: 'Harbour Training Pty Ltd' }),
    );
    const body = { format: 'jsonl', area: 'sync' } as const;
    const { text } = await world.owner.call(api.exportAudit, { body });
    expect(text).toContain(learner.id);
    expect(text).not.toContain('Mia Tran (');
  });

  test('who signed in, and that somebody else tried to', async () => {
    const began = await newest('session.began', { area: 'access' });
    expect(began).toMatchObject({ what: 'Signed in', actor: { name: 'Odile Marchand' } });
    const stranger = world.visitor();
    const wrong = { email: world.owner.email, password: 'a loud harbour' };
    await stranger.refusal(api.signIn, { body: wrong });
    await expect
      .poll(() => newest('session.refused'))
      .toMatchObject({
        outcome: 'refused',
        facts: expect.arrayContaining([{ name: 'Reason', value: 'wrong password' }]),
      });
    expect(JSON.stringify(await entries({}))).not.toContain(PASSWORD);
  });

  test('who asked for what the role does not allow, once a minute', async () => {
    const staff = await world.people.staff();
    for (let index = 0; index < 3; index += 1) {
      await staff.refusal(api.beginConsent, { body: { app: 'xero' } });
    }
    const refused = await newest('permission.refused', { actor: staff.personId });
    expect(refused).toMatchObject({ outcome: 'refused', actor: { name: 'Sione Vaka' } });
    const facts = Object.fromEntries(refused.facts.map(({ name, value }) => [name, value]));
    expect(facts).toEqual({
      Permission: 'connections.manage',
      Request: 'POST /api/v1/connections',
    });
    const { items } = await entries({ actor: staff.personId });
    expect(items.filter(({ kind }) => kind === 'permission.refused').length).toBe(1);
  });

  test('what an API key did, under the key’s name', async () => {
    const { apiKey, key } = await world.owner.call(api.createApiKey, {
      body: { name: '=Reports', role: 'admin' },
    });
    expect(await newest('api-key.created')).toMatchObject({ subject: { kind: 'api-key' } });
    const program = world.visitor();
    await program.fetch('/api/v1/learners', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ firstName: 'Ana', lastName: 'Key' }),
    });
    expect(await newest('learner.added', { actor: apiKey.id })).toMatchObject({
      actor: { kind: 'api-key', id: apiKey.id, name: '=Reports' },
    });
    expect(JSON.stringify(await entries({}))).not.toContain(key);
  });
});

describe('the log', () => {
  test('is walked page by page, newest first, and narrowed down by act and date', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await entries({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const { items } = await entries({});
    expect(seen).toEqual(items.map(({ id }) => id));
    const { items: connecting } = await entries({ area: 'connections' });
    const firstWords = new Set(connecting.map(({ kind }) => kind.split('.')[0]));
    expect([...firstWords]).toContain('connection');
    for (const other of ['session', 'learner', 'api-key'])
      expect([...firstWords]).not.toContain(other);
    const tomorrow = new Date(world.clock.now().getTime() + DAY_MS).toISOString();
    expect((await entries({ from: tomorrow })).items).toEqual([]);
    const forged = await world.owner.refusal(api.listAudit, { query: { cursor: 'x' } });
    expect(forged.code).toBe('request.invalid');
  });

  test('is nothing for those who may not see it, nor for the neighbours', async () => {
    const finance = await world.people.finance();
    expect((await finance.refusal(api.listAudit)).code).toBe('permission.missing');
    const neighbour = await world.neighbours.owner();
    const theirs = await neighbour.call(api.listAudit, { query: { limit: 200 } });
    expect(JSON.stringify(theirs)).not.toContain(world.owner.personId);
  });

  test('is taken out as CSV that no spreadsheet runs, and as JSON lines', async () => {
    const csv = await world.owner.call(api.exportAudit, { body: { format: 'csv' } });
    expect(csv.nextCursor).toBeNull();
    expect(csv.text).toMatch(/^at,who,who kind,what/);
    expect(csv.text).toContain("'=Reports");
    expect(csv.text).not.toMatch(/(^|,)"?=Reports/m);
    const lines = await world.owner.call(api.exportAudit, {
      body: { format: 'jsonl', area: 'access' },
    });
    const parsed = lines.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(parsed.length).toBe(lines.entries);
    expect(await newest('audit.exported')).toMatchObject({ outcome: 'done' });
  });

  test('is sealed within moments, and a check finds what a database’s owner changes', async () => {
    await sealed();
    const good = await world.owner.call(api.checkAudit);
    expect(good.fault).toBeNull();
    expect(good.entries).toBeGreaterThan(5);
    const superuser = new pg.Client({ connectionString: world.config.databaseUrl });
    await superuser.connect();
    await superuser.query(
      `update events set actor = jsonb_set(actor, '{name}', '"Somebody else"')
        where id = (select event_id from audit_chain where provider_id = $1 and position = 3)`,
      [world.people.providerId],
    );
    const bad = await world.owner.call(api.checkAudit);
    expect(bad.fault).toBe('Entry 3 was altered, moved or put in.');
    const { lastCheck, head } = await world.owner.call(api.auditStanding);
    expect(lastCheck?.fault).toBe(bad.fault);
    expect(head?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await newest('audit.checked')).toMatchObject({ outcome: 'failed' });
    await superuser.query(
      `update events set actor = jsonb_set(actor, '{name}', '"Odile Marchand"')
        where id = (select event_id from audit_chain where provider_id = $1 and position = 3)`,
      [world.people.providerId],
    );
    await superuser.end();
  });
});

describe('a check', () => {
  test('that is under way is not begun a second time', async () => {
    const superuser = new pg.Client({ connectionString: world.config.databaseUrl });
    await superuser.connect();
    const place = [0x61756370, world.people.providerId];
    await superuser.query('select pg_advisory_lock($1, hashtext($2))', place);
    const refusal = await world.owner.refusal(api.checkAudit);
    expect(refusal).toMatchObject({ status: 409, code: 'audit.check-under-way' });
    await superuser.end();
    await expect.poll(async () => (await world.owner.call(api.checkAudit)).fault).toBeNull();
  });
});

describe('a grant that lies idle', () => {
  test('is renewed daily by itself while its connection is paused, and found dead at once', async () => {
    const { apps } = await world.owner.call(api.listApps);
    const connection = apps.flatMap(({ connections }) => connections)[0];
    expect(connection?.state).toBe('active');
    const connectionId = connection?.id as ConnectionId;
    await world.owner.call(api.pauseConnection, { params: { connectionId } });
    const refreshedAt = async () => {
      const [grant] = await world.context.database.asSystem((tx) =>
        tx.selectFrom('grants').select(['refreshed_at', 'state']).execute(),
      );
      return grant?.refreshed_at.getTime() ?? 0;
    };
    for (let day = 0; day < 3; day += 1) {
      const before = await refreshedAt();
      await world.pass(DAY_MS + 60_000);
      // A look that meets a hiccup leaves the renewal to one of the next, ten minutes apart.
      for (let look = 0; look < 12 && (await refreshedAt()) <= before; look += 1) {
        await world.pass(11 * 60_000);
      }
      expect(await refreshedAt()).toBeGreaterThan(before);
    }
  });
});

describe('after a year', () => {
  test('every entry is still there', async () => {
    const { items } = await entries({});
    const until = new Date(world.clock.now().getTime() + 1).toISOString();
    await world.pass(400 * DAY_MS);
    const later = await entries({ to: until });
    expect(later.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect(items.length).toBeGreaterThan(10);
  }, 120_000);
});
