import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import { type AuditGround, layAuditGround } from './audit.fixture.ts';
import { rewrite } from './tampering.fixture.ts';

let ground: AuditGround;

beforeEach(async () => {
  ground = await layAuditGround();
});
afterEach(() => ground.close());

async function addLog(entries: number): Promise<ProviderId> {
  const providerId = await ground.addProvider();
  await ground.append(providerId, entries);
  await ground.sealAll();
  return providerId;
}

async function checked(): Promise<string[]> {
  const { rows } = await ground.superuser.query<{ id: string }>(
    'select provider_id as id from audit_checks',
  );
  return rows.map(({ id }) => id).sort();
}

async function waiting(): Promise<string[]> {
  const { rows } = await ground.superuser.query<{ name: string }>(
    'select task_identifier as name from graphile_worker.jobs',
  );
  return rows.map(({ name }) => name);
}

const carryOut = () => ground.audit.handlers[0]?.handle({});

it('is a job of its own: what else is due by the clock does not wait for it', async () => {
  const providerId = await addLog(3);
  ground.clock.advance(2 * DAY_MS);
  await ground.audit.tick();
  expect(await checked()).toEqual([]);
  expect(await waiting()).toEqual(['check-audit-logs']);
  await carryOut();
  expect(await checked()).toEqual([providerId]);
});

it('goes on to all others when one log can’t be checked', async () => {
  const [one, other] = [await addLog(2), await addLog(2)];
  const file = join(ground.audit.anchorsPath, one, '2026-03.jsonl');
  const lines = await readFile(file, 'utf8');
  await rm(file);
  await mkdir(file);
  await carryOut();
  expect(await checked()).toEqual([other]);
  await rm(file, { recursive: true });
  await writeFile(file, lines);
  await carryOut();
  expect(await checked()).toEqual([one, other].sort());
});

it('thins out what was noted long ago, and finds what is changed there as before', async () => {
  const providerId = await addLog(1);
  for (let hour = 0; hour < 30; hour += 1) {
    ground.clock.advance(HOUR_MS);
    await ground.append(providerId, 1);
    await ground.sealAll();
  }
  const folder = join(ground.audit.anchorsPath, providerId);
  const linesOf = async (month: string) =>
    (await readFile(join(folder, month), 'utf8')).split('\n').filter((line) => line !== '');
  const before = await linesOf('2026-03.jsonl');
  expect(before.length).toBeGreaterThan(30);
  ground.clock.advance(90 * DAY_MS);
  await ground.append(providerId, 1);
  await ground.sealAll();

  // Who has changed the log before it is looked at loses no line that tells of it.
  await ground.superuser.query('create table kept as select * from audit_chain');
  const events = 'create table kept_events as select * from events';
  await ground.superuser.query(events);
  const tamper = (at: number) =>
    rewrite({ client: ground.superuser, providerId, length: 32, pick: () => at });
  const undo = async () => {
    await ground.superuser.query(`update audit_chain c set hash = k.hash from kept k
      where (k.provider_id, k.position) = (c.provider_id, c.position)`);
    await ground.superuser.query(
      'update events e set data = k.data from kept_events k where k.id = e.id',
    );
  };
  await tamper(12);
  await carryOut();
  expect(await linesOf('2026-03.jsonl')).toEqual(before);
  await undo();

  ground.clock.advance(2 * DAY_MS);
  await carryOut();
  expect(await readdir(folder)).toEqual(['2026-03.jsonl', '2026-06.jsonl']);
  expect(await linesOf('2026-03.jsonl')).toHaveLength(2);
  const [good] = await ground.audit.verify([providerId], { alsoVanished: false });
  expect(good?.fault).toBeNull();
  await tamper(12);
  const [bad] = await ground.audit.verify([providerId], { alsoVanished: false });
  expect(bad?.fault).toMatchObject({ isAnother: true });
});
