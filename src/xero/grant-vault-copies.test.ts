import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { createGrantCopies } from './grant-copies.ts';
import { createGrantVault, type GrantVault } from './grant-vault.ts';
import { createOAuth } from './oauth.ts';
import { NothingSentError, type Send } from './request.ts';
import { resealCopies } from './reseal-copies.ts';
import { createTokenAddress, type TokenAddress } from './token-address.fixture.ts';
import { config, type Ground, jwt, layGround } from './xero.fixture.ts';
import { XeroDownError } from './xero-errors.ts';

let ground: Ground;
let address: TokenAddress;
let folder: string;
let vault: GrantVault;
let grantId: string;
/** Refresh tokens in the order in which Xero was asked to renew them. */
let asked: string[];

function vaultOn(database: Database, keepsIn: string, line?: Send): GrantVault {
  const { clock, secrets } = ground;
  const send: Send = (request) => {
    asked.push(new URLSearchParams(request.body).get('refresh_token') ?? '');
    return (line ?? address.send)(request);
  };
  const oauth = createOAuth({ config, redirectUri: '', clock, send });
  const copies = createGrantCopies({ folder: keepsIn, secrets, logger: silentLogger });
  const pause = async () => {};
  return createGrantVault({
    database,
    clock,
    secrets,
    oauth,
    logger: silentLogger,
    pause,
    copies,
  });
}

async function readGrant() {
  const rows = await ground.database.asSystem((tx) =>
    tx.selectFrom('grants').selectAll().execute(),
  );
  const [row] = rows;
  if (!row) throw new Error('There is no grant');
  return row;
}

/** Puts the database back to what it was, with a token that Xero has forgotten meanwhile. */
async function putBack(row: Awaited<ReturnType<typeof readGrant>>): Promise<void> {
  ground.clock.advance(HOUR_MS);
  await ground.database.asSystem((tx) => tx.updateTable('grants').set(row).execute());
}

/** How many transactions of this database wait for a lock. */
async function countWaiting(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_locks
    join pg_stat_activity using (pid)
    where datname = current_database() and not granted`.execute(tx);
  return rows[0]?.count ?? 0;
}

async function renewHourly(one: GrantVault, times: number): Promise<void> {
  for (let hour = 0; hour < times; hour += 1) {
    ground.clock.advance(HOUR_MS);
    await one.freshToken(grantId);
  }
}

beforeEach(async () => {
  ground = await layGround();
  address = createTokenAddress(ground.clock);
  folder = await mkdtemp(join(tmpdir(), 'bursar-grants-'));
  asked = [];
  vault = vaultOn(ground.database, join(folder, 'one'));
  grantId = await vault.store({
    accessToken: jwt({ xero_userid: 'user-1', serial: 1 }),
    accessExpiresAt: plus(ground.clock.now(), 30 * MINUTE_MS),
    refreshToken: 'refresh-1',
    refreshExpiresAt: plus(ground.clock.now(), 60 * DAY_MS),
    scopes: 'openid',
    claims: { xeroUserId: 'user-1', authEventId: 'event-1', holderName: 'Hana Reid' },
  });
});
afterEach(async () => {
  await ground.close();
  await rm(folder, { recursive: true });
});

describe('a database that is put back to yesterday', () => {
  it('goes on with the newest token, tried once, and needs the copy no more', async () => {
    const yesterday = await readGrant();
    await renewHourly(vault, 3);
    await putBack(yesterday);
    asked = [];
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
    expect(asked).toEqual(['refresh-1', 'refresh-4']);
    await renewHourly(vault, 1);
    expect(asked).toEqual(['refresh-1', 'refresh-4', 'refresh-5']);
    expect(await readGrant()).toMatchObject({ state: 'live', generation: 3 });
  });

  it('in which the permission was dead lives on too', async () => {
    const yesterday = await readGrant();
    await renewHourly(vault, 1);
    await putBack({ ...yesterday, state: 'dead', dead_since: yesterday.refreshed_at });
    await expect(vault.freshToken(grantId)).resolves.toMatchObject({ generation: 2 });
    expect((await readGrant()).state).toBe('live');
  });

  it('is asked once for all calls that want a token at the same time', async () => {
    const yesterday = await readGrant();
    await renewHourly(vault, 1);
    await putBack(yesterday);
    asked = [];
    const calls = Array.from({ length: 10 }, () => vault.freshToken(grantId));
    await Promise.all(calls);
    expect(asked).toEqual(['refresh-1', 'refresh-2']);
  });

  it('waits while Xero’s sign-in is away, with the copy still there', async () => {
    const yesterday = await readGrant();
    await renewHourly(vault, 1);
    await putBack(yesterday);
    const away = vaultOn(ground.database, join(folder, 'one'), async (request) => {
      if (String(request.body).endsWith('refresh-2')) throw new NothingSentError('no line');
      return address.send(request);
    });
    await expect(away.freshToken(grantId)).rejects.toBeInstanceOf(XeroDownError);
    expect((await readGrant()).state).toBe('live');
    await expect(vault.freshToken(grantId)).resolves.toBeDefined();
  });

  it('is dead, and tried no more, when Xero has forgotten the copy too', async () => {
    const yesterday = await readGrant();
    await renewHourly(vault, 1);
    await putBack(yesterday);
    address.revoke();
    await expect(vault.freshToken(grantId)).rejects.toMatchObject({ reason: 'grant-dead' });
    expect(await readdir(join(folder, 'one'))).toEqual([]);
    asked = [];
    await expect(vault.freshToken(grantId)).rejects.toMatchObject({ reason: 'grant-dead' });
    expect(asked).toEqual([]);
  });

  it('lives on as soon as the machine looks that renewed last', async () => {
    const other = vaultOn(ground.other, join(folder, 'other'));
    const yesterday = await readGrant();
    await renewHourly(other, 1);
    await renewHourly(vault, 1);
    await putBack(yesterday);
    await expect(other.freshToken(grantId)).rejects.toMatchObject({ reason: 'grant-dead' });
    await expect(vault.freshToken(grantId)).resolves.toBeDefined();
    await expect(other.freshToken(grantId)).resolves.toBeDefined();
  });
});

it('a copy that is no newer than the database is not tried', async () => {
  address.revoke();
  ground.clock.advance(HOUR_MS);
  await expect(vault.freshToken(grantId)).rejects.toMatchObject({ reason: 'grant-dead' });
  expect(asked).toEqual(['refresh-1']);
});

it('a renewal that was answered and never stored is not lost, however long the database was away', async () => {
  const dying = vaultOn(
    {
      ...ground.database,
      asSystem: (work) =>
        ground.database.asSystem(async (tx) => {
          const result = await work(tx);
          if (address.renewals() > 0) throw new Error('the database went away');
          return result;
        }),
    },
    join(folder, 'one'),
  );
  ground.clock.advance(HOUR_MS);
  await expect(dying.freshToken(grantId)).rejects.toThrow('the database went away');
  ground.clock.advance(DAY_MS);
  expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
});

it('a disk that can’t be written holds up no renewal', async () => {
  const full = vaultOn(ground.database, '/dev/null/grants');
  ground.clock.advance(HOUR_MS);
  expect(await full.freshToken(grantId)).toMatchObject({ generation: 2 });
});

describe('the copy', () => {
  const names = () => readdir(join(folder, 'one'));

  it('goes with the grant', async () => {
    expect(await names()).toHaveLength(1);
    await ground.database.asSystem((tx) => vault.erase(tx, grantId));
    expect(await names()).toEqual([]);
  });

  it('holds no secret that can be read', async () => {
    await renewHourly(vault, 1);
    const [name = ''] = await names();
    const text = await readFile(join(folder, 'one', name), 'utf8');
    expect(text).not.toContain('refresh');
    expect(Object.keys(JSON.parse(text))).toEqual(['issuedAt', 'sealed']);
  });

  it('that is renewed while it is sealed anew stays the newest', async () => {
    const asking = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const renewing = vaultOn(ground.other, join(folder, 'one'), async (request) => {
      asking.resolve();
      await answer.promise;
      return address.send(request);
    });
    ground.clock.advance(HOUR_MS);
    const renewal = renewing.freshToken(grantId);
    await asking.promise;
    const secrets = { ...ground.secrets, currentKeyId: 'another' };
    const deps = { folder: join(folder, 'one'), secrets, logger: silentLogger };
    const copies = createGrantCopies(deps);
    const resealing = resealCopies(ground.database, copies);
    const waiting = () => ground.database.asSystem(countWaiting);
    await expect.poll(waiting).toBe(1);
    answer.resolve();
    await renewal;
    expect(await resealing).toEqual({ resealed: 1, unreadable: 0, left: 0 });
    expect(await copies.newerThan(grantId, new Date(0))).toBe('refresh-2');
  });

  it('is tidied away a week after another machine erased the grant', async () => {
    const other = vaultOn(ground.other, join(folder, 'other'));
    await ground.other.asSystem((tx) => other.erase(tx, grantId));
    await vault.tidyCopies();
    expect(await names()).toHaveLength(1);
    ground.clock.advance(8 * DAY_MS);
    await vault.tidyCopies();
    expect(await names()).toEqual([]);
  });

  it('is tidied away after 60 days in which nobody renewed here', async () => {
    ground.clock.advance(60 * DAY_MS);
    await vault.tidyCopies();
    expect(await names()).toHaveLength(1);
    ground.clock.advance(1);
    await vault.tidyCopies();
    expect(await names()).toEqual([]);
  });
});
