import { randomBytes } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { silentLogger } from '#platform/logger';
import { createSecretBox } from '#platform/secrets';
import { type AuditGround, layAuditGround } from './audit.fixture.ts';
import { createAudit } from './audit.ts';
import { rewrite } from './tampering.fixture.ts';

let ground: AuditGround;
let providerId: ProviderId;

/** Ten entries, of which five are in the backup; it was put back, and four came since. */
beforeEach(async () => {
  ground = await layAuditGround();
  providerId = await ground.addProvider();
  await ground.append(providerId, 5);
  await ground.sealAll();
  for (const table of ['events', 'audit_chain']) {
    await ground.superuser.query(`create table backup_${table} as select * from ${table}`);
  }
  await ground.append(providerId, 5);
  await ground.sealAll();
  await putBack();
  await ground.append(providerId, 4);
  await ground.sealAll();
});
afterEach(() => ground.close());

async function putBack(): Promise<void> {
  await ground.superuser.query(`
    begin; delete from audit_chain; delete from events;
    insert into events (provider_id, id, seq, at, kind, actor, subject_kind, subject_id, data, xid)
      overriding system value
      select provider_id, id, seq, at, kind, actor, subject_kind, subject_id, data, xid
      from backup_events;
    insert into audit_chain select * from backup_audit_chain;
    commit`);
}

async function verdict(audit = ground.audit) {
  const [found] = await audit.verify([providerId], { alsoVanished: true });
  return found;
}

const accept = () => ground.audit.acceptRestores([providerId], { alsoVanished: true });
const file = () => join(ground.audit.anchorsPath, providerId, 'restores.jsonl');

async function query(text: string, ...more: unknown[]): Promise<void> {
  await ground.superuser.query(text, [providerId, ...more]);
}

describe('a backup that was put back', () => {
  it('is told until it is accepted, and stays visible afterwards', async () => {
    expect(await verdict()).toMatchObject({ fault: { isAnother: true }, restores: [] });
    const [accepted] = await accept();
    expect(accepted).toMatchObject({
      outcome: 'accepted',
      restore: { keptUpTo: 5n, noted: { position: 10n }, head: { position: 9n } },
    });
    await ground.append(providerId, 4);
    await ground.sealAll();
    // Those that came after it, the acceptance itself among them, are looked at as ever.
    expect(await verdict()).toMatchObject({
      entries: 14n,
      fault: null,
      restores: [{ keptUpTo: 5n, at: accepted?.restore?.at }],
    });
    expect(await accept()).toMatchObject([{ outcome: 'nothing-to-accept' }]);
  });

  it('hides nothing that is changed after it was accepted, before the break or behind it', async () => {
    await accept();
    await ground.append(providerId, 1);
    await ground.sealAll();
    for (const changed of [3, 7, 11]) {
      const hand = { client: ground.superuser, providerId, length: 11 };
      await ground.superuser.query('create table kept as select * from audit_chain');
      await ground.superuser.query('create table kept_events as select * from events');
      await rewrite({ ...hand, pick: (max) => Math.min(changed, max) });
      expect((await verdict())?.fault, `from ${changed}`).toMatchObject({ isAnother: true });
      await ground.superuser.query(
        'update audit_chain c set hash = k.hash from kept k where (k.provider_id, k.position) = (c.provider_id, c.position)',
      );
      await ground.superuser.query(
        'update events e set data = k.data from kept_events k where k.id = e.id',
      );
      await ground.superuser.query('drop table kept; drop table kept_events');
      expect(await verdict()).toMatchObject({ fault: null });
    }
    await query('delete from audit_chain where provider_id = $1 and position = 11');
    expect(await verdict()).toMatchObject({ fault: { position: 11n } });
  });

  it('may be put back once more, to before the break', async () => {
    await accept();
    await ground.sealAll();
    await putBack();
    expect(await verdict()).toMatchObject({ fault: { isAnother: true } });
    expect(await accept()).toMatchObject([{ outcome: 'accepted', restore: { keptUpTo: 5n } }]);
    await ground.sealAll();
    expect(await verdict()).toMatchObject({ fault: null });
    expect((await verdict())?.restores).toHaveLength(2);
  });

  it('is not what a log went through that does not fit in itself', async () => {
    await query(
      `update audit_chain set hash = sha256(hash) where provider_id = $1 and position = 7`,
    );
    expect(await accept()).toMatchObject([
      { outcome: 'refused', fault: 'Entry 7 was altered, moved or put in.' },
    ]);
    expect(await verdict()).toMatchObject({ fault: { position: 7n }, restores: [] });
  });

  it('is accepted by nobody who can write to the folder alone', async () => {
    await accept();
    const line = JSON.parse(await readFile(file(), 'utf8'));
    const forged = { ...line, restore: line.restore.replace('"keptUpTo":"5"', '"keptUpTo":"4"') };
    await writeFile(file(), `${JSON.stringify(forged)}\nnot a line\n`);
    expect(await verdict()).toMatchObject({ fault: { isAnother: true }, restores: [] });
    const stranger = createSecretBox([{ id: 'test', key: randomBytes(32) }]);
    const restores = JSON.stringify({
      restore: line.restore,
      seal: stranger.seal(line.restore, ''),
    });
    await appendFile(file(), `${restores}\n`);
    expect(await verdict()).toMatchObject({ fault: { isAnother: true }, restores: [] });
  });

  it('stays accepted with another key', async () => {
    await accept();
    await ground.sealAll();
    const older = createAudit({ ...ground, logger: silentLogger });
    const key = { id: 'next', key: randomBytes(32) };
    const secrets = createSecretBox([key, ground.key]);
    const both = createAudit({ ...ground, logger: silentLogger, secrets });
    expect(await both.resealRestores()).toEqual({ resealed: 1, unreadable: 0, left: 0 });
    expect(await both.resealRestores()).toEqual({ resealed: 0, unreadable: 0, left: 0 });
    const next = createAudit({ ...ground, logger: silentLogger, secrets: createSecretBox([key]) });
    expect(await verdict(next)).toMatchObject({ fault: null, restores: [{ keptUpTo: 5n }] });
    expect(await verdict(older)).toMatchObject({ fault: { isAnother: true } });
  });

  it('takes whoever came after the backup along, but nobody who was erased', async () => {
    const later = await ground.addProvider();
    const erased = await ground.addProvider();
    await ground.append(later, 2);
    await ground.append(erased, 2);
    await ground.sealAll();
    await ground.database.asSystem((tx) =>
      sql`select erase_events(${erased}, ${ground.clock.now()})`.execute(tx),
    );
    await ground.superuser.query('delete from audit_chain where provider_id = $1', [later]);
    await ground.superuser.query('delete from events where provider_id = $1', [later]);
    const accepted = await accept();
    expect(accepted.map((one) => [one.providerId, one.outcome])).toEqual(
      expect.arrayContaining([
        [later, 'accepted'],
        [erased, 'nothing-to-accept'],
      ]),
    );
    const all = await ground.audit.verify([providerId], { alsoVanished: true });
    expect(all.filter(({ fault }) => fault !== null)).toEqual([]);
  });
});
