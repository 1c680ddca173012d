import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { HOUR_MS } from '#platform/clock';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import { type AuditGround, layAuditGround } from './audit.fixture.ts';
import { createAudit } from './audit.ts';

let ground: AuditGround;

beforeAll(async () => {
  ground = await layAuditGround();
});
afterAll(() => ground.close());

async function verdictOf(providerId: ProviderId) {
  const all = await ground.audit.verify([providerId], { alsoVanished: false });
  return all[0];
}

const product = (name: string) => ({ kind: 'licence.granted' as const, product: name });

describe('sealing', () => {
  it('takes every event of many writers and two sealers once, each chain on its own', async () => {
    const providers = [await ground.addProvider(), await ground.addProvider()];
    const second = createAudit({ ...ground, database: ground.other, logger: silentLogger });
    const writers = providers.flatMap((providerId) =>
      [ground.database, ground.other].map(async (database) => {
        for (let index = 0; index < 40; index += 1) {
          await database.asProvider(providerId, (tx) =>
            ground.events.append(tx, ownScope(providerId), product(`${index}`), product('again')),
          );
        }
      }),
    );
    const sealers = [ground.audit, second].map(async (audit) => {
      for (let round = 0; round < 30; round += 1) await audit.tick();
    });
    await Promise.all([...writers, ...sealers]);
    await ground.sealAll();
    for (const providerId of providers) {
      expect(await verdictOf(providerId)).toMatchObject({ entries: 160n, fault: null });
    }
  });

  it('waits for a transaction that is still under way, so that nothing comes in between', async () => {
    const providerId = await ground.addProvider();
    const scope = ownScope(providerId);
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    let hasAppended = () => {};
    const appended = new Promise<void>((resolve) => {
      hasAppended = resolve;
    });
    const slow = ground.other.asProvider(providerId, async (tx) => {
      await ground.events.append(tx, scope, product('slow'));
      hasAppended();
      await held;
    });
    await appended;
    await ground.database.asProvider(providerId, (tx) =>
      ground.events.append(tx, scope, product('quick')),
    );
    await ground.audit.tick();
    expect(await verdictOf(providerId)).toMatchObject({ entries: 0n, fault: null });
    end();
    await slow;
    await ground.sealAll();
    const { rows } = await ground.superuser.query(
      `select e.subject_id from audit_chain c join events e on e.id = c.event_id
        where c.provider_id = $1 order by c.position`,
      [providerId],
    );
    expect(rows.map(({ subject_id }) => subject_id)).toEqual(['slow', 'quick']);
  });

  it('goes on in a database that was restored where transactions count anew', async () => {
    const providerId = await ground.addProvider();
    await ground.append(providerId, 3);
    await ground.sealAll();
    await ground.append(providerId, 2);
    // As a dump from a server with a longer life leaves it.
    await ground.superuser.query(
      `update events set xid = '900000000000'::xid8 where provider_id = $1 and subject_id = 'product 1'
        and not exists (select from audit_chain c where c.event_id = id)`,
      [providerId],
    );
    await ground.superuser.query(`update audit_cursor set xid = '800000000000'::xid8`);
    await ground.append(providerId, 2);
    await ground.sealAll();
    await ground.append(providerId, 1);
    await ground.sealAll();
    expect(await verdictOf(providerId)).toMatchObject({ entries: 8n, fault: null });
  });
});

describe('the log', () => {
  it.each(['bursar_app', 'bursar_system'])('can be read and grown by %s alone', async (role) => {
    const providerId = await ground.addProvider();
    await ground.append(providerId, 1);
    await ground.sealAll();
    const run = (text: string) =>
      ground.database.asSystem(async (tx) => {
        await sql.raw(`set local role ${role}`).execute(tx);
        await sql`select set_config('bursar.provider', ${providerId}, true)`.execute(tx);
        await sql.raw(text).execute(tx);
      });
    for (const table of ['events', 'audit_chain']) {
      await run(`select from ${table}`);
      await expect(run(`delete from ${table}`)).rejects.toThrow(/permission denied/);
      await expect(run(`truncate ${table}`)).rejects.toThrow(/permission denied/);
      const column = table === 'events' ? 'kind = kind' : 'position = position';
      await expect(run(`update ${table} set ${column}`)).rejects.toThrow(/permission denied/);
    }
    await expect(
      run(`insert into events (provider_id, id, at, kind, actor, subject_kind, subject_id, data, xid)
        select provider_id, gen_random_uuid(), at, kind, actor, subject_kind, subject_id, data, xid
        from events limit 1`),
    ).rejects.toThrow(/permission denied/);
  });

  it('tells a backdated event although it was sealed', async () => {
    const providerId = await ground.addProvider();
    await ground.append(providerId, 2);
    await ground.sealAll();
    ground.clock.advance(-2 * HOUR_MS);
    await ground.append(providerId, 1);
    ground.clock.advance(2 * HOUR_MS);
    await ground.sealAll();
    const { fault } = (await verdictOf(providerId)) ?? {};
    expect(fault).toMatchObject({ position: 3n, words: expect.stringContaining('dated') });
  });

  it('is erased with its provider as a whole, which its anchors bear out', async () => {
    const providerId = await ground.addProvider();
    await ground.append(providerId, 4);
    await ground.sealAll();
    const erased = await ground.database.asSystem((tx) =>
      sql<{ n: bigint }>`select erase_events(${providerId}, ${ground.clock.now()}) as n`.execute(
        tx,
      ),
    );
    expect(erased.rows[0]?.n).toBe(4n);
    const find = async () =>
      (await ground.audit.verify([], { alsoVanished: true })).find(
        (one) => one.providerId === providerId,
      );
    expect(await find()).toMatchObject({ entries: 0n, fault: null, erasedAt: ground.clock.now() });
    await ground.superuser.query('delete from audit_erasures');
    expect(await find()).toMatchObject({ fault: { position: 1n } });
  });

  it('of a provider that lives, or of which something stands, was not erased whatever is noted', async () => {
    const providerId = await ground.addProvider();
    await ground.append(providerId, 4);
    await ground.sealAll();
    await ground.superuser.query(
      `insert into audit_erasures (provider_id, erased_at, position, hash)
        select provider_id, now(), position, hash from audit_chain
        where provider_id = $1 order by position desc limit 1`,
      [providerId],
    );
    const verify = async (living: ProviderId[]) =>
      (await ground.audit.verify(living, { alsoVanished: true })).find(
        (one) => one.providerId === providerId,
      );
    expect(await verify([providerId])).toMatchObject({ entries: 4n, fault: null, erasedAt: null });
    expect(await verify([])).toMatchObject({ entries: 4n, fault: null, erasedAt: null });
    await ground.superuser.query(
      `update audit_chain set hash = sha256(hash) where provider_id = $1 and position = 4`,
      [providerId],
    );
    for (const living of [[providerId], []]) {
      expect(await verify(living)).toMatchObject({ fault: { position: 4n }, erasedAt: null });
    }
    await ground.superuser.query('delete from audit_chain where provider_id = $1', [providerId]);
    await ground.superuser.query('delete from events where provider_id = $1', [providerId]);
    expect(await verify([providerId])).toMatchObject({ fault: { position: 1n }, erasedAt: null });
  });
});
