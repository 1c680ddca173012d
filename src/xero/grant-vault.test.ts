import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS, plus } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import type { Database } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { createSecretBox } from '#platform/secrets';
import { createGrantVault, type GrantVault } from './grant-vault.ts';
import { createOAuth, type TokenSet } from './oauth.ts';
import { NothingSentError, type Send } from './request.ts';
import { createTokenAddress, type TokenAddress } from './token-address.fixture.ts';
import { config, type Ground, jwt, layGround } from './xero.fixture.ts';
import { XeroConsentError, XeroDownError } from './xero-errors.ts';

let ground: Ground;
let address: TokenAddress;
let vault: GrantVault;
let grantId: string;

function vaultOn(
  database: Database,
  send: Send = address.send,
  settings: XeroConfig = config,
): GrantVault {
  const { clock, secrets } = ground;
  const oauth = createOAuth({
    config: settings,
    redirectUri: 'https://bursar.example/back',
    clock,
    send,
  });
  const pause = async () => {};
  return createGrantVault({ database, clock, secrets, oauth, logger: silentLogger, pause });
}

function firstTokens(user = 'user-1'): TokenSet {
  return {
    accessToken: jwt({ xero_userid: user, serial: 1 }),
    accessExpiresAt: plus(ground.clock.now(), 30 * MINUTE_MS),
    refreshToken: 'refresh-1',
    refreshExpiresAt: plus(ground.clock.now(), 60 * 24 * 60 * MINUTE_MS),
    scopes: 'openid',
    claims: { xeroUserId: user, authEventId: 'event-1', holderName: 'Hana Reid' },
  };
}

function readGrants() {
  return ground.database.asSystem((tx) => tx.selectFrom('grants').selectAll().execute());
}

beforeEach(async () => {
  ground = await layGround();
  address = createTokenAddress(ground.clock);
  vault = vaultOn(ground.database);
  grantId = await vault.store(firstTokens());
});

afterEach(() => ground.close());

describe('a token', () => {
  it('is handed out as it is while it is good', async () => {
    expect(await vault.freshToken(grantId)).toEqual({
      accessToken: firstTokens().accessToken,
      generation: 1,
    });
    expect(address.renewals()).toBe(0);
  });

  it('is renewed before it ends', async () => {
    ground.clock.advance(29 * MINUTE_MS);
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
    expect(address.renewals()).toBe(1);
  });

  it('stands in the database sealed, bound to its row', async () => {
    const [grant] = await readGrants();
    expect(JSON.stringify(grant)).not.toContain('refresh-1');
    expect(JSON.stringify(grant)).not.toContain(firstTokens().accessToken);
    expect(() =>
      ground.secrets.open(grant?.sealed_refresh_token ?? '', 'grants/else/refresh'),
    ).toThrow();
  });

  it('fails closed without the key that sealed it, and comes back with the key', async () => {
    const { clock, database } = ground;
    const send = address.send;
    const keyless = createGrantVault({
      database,
      clock,
      secrets: createSecretBox([{ id: 'test', key: Buffer.alloc(32, 7) }]),
      oauth: createOAuth({ config, redirectUri: '', clock, send }),
      logger: silentLogger,
    });
    await expect(keyless.freshToken(grantId)).rejects.toThrow(/encryption keys/);
    clock.advance(29 * MINUTE_MS);
    await expect(keyless.freshToken(grantId)).rejects.toBeInstanceOf(XeroDownError);
    expect(address.renewals()).toBe(0);
    await expect(vault.freshToken(grantId)).resolves.toMatchObject({ generation: 2 });
  });

  it('is seen by no provider', async () => {
    const id = '0190a000-0000-7000-8000-000000000001' as never;
    await expect(
      ground.database.asProvider(id, (tx) => tx.selectFrom('grants').selectAll().execute()),
    ).rejects.toThrow(/permission denied/);
  });
});

describe('renewing', () => {
  it('happens once when two processes and many calls want it at the same time', async () => {
    ground.clock.advance(29 * MINUTE_MS);
    const other = vaultOn(ground.other);
    let open = () => {};
    address.holdUntil(
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const asked = [vault, other].flatMap((one) =>
      Array.from({ length: 10 }, () => one.freshToken(grantId)),
    );
    open();
    const tokens = await Promise.all(asked);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(address.renewals()).toBe(1);
  });

  it('leaves connections to everybody else while Xero’s sign-in does not answer', async () => {
    const others = await Promise.all(
      Array.from({ length: 12 }, (_, at) => vault.store(firstTokens(`user-${at + 2}`))),
    );
    ground.clock.advance(29 * MINUTE_MS);
    const gate = Promise.withResolvers<void>();
    address.holdUntil(gate.promise);
    const asked = others.map((id) => vault.freshToken(id));
    await expect.poll(() => address.asked()).toBe(3);
    // With all connections held these would wait in vain.
    const looks = await Promise.all(Array.from({ length: 7 }, readGrants));
    expect(looks.every((grants) => grants.length === 13)).toBe(true);
    expect(address.asked()).toBe(3);
    gate.resolve();
    expect(await Promise.all(asked)).toHaveLength(12);
  });

  it('is asked again with the old token when the answer was lost', async () => {
    ground.clock.advance(29 * MINUTE_MS);
    address.loseAnswers(2);
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
    expect(address.renewals()).toBe(3);
  });

  it('survives a line that stays broken, and goes on within the grace', async () => {
    ground.clock.advance(31 * MINUTE_MS);
    address.loseAnswers(3);
    await expect(vault.freshToken(grantId)).rejects.toBeInstanceOf(XeroDownError);
    ground.clock.advance(25 * MINUTE_MS);
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
    expect((await readGrants())[0]?.state).toBe('live');
  });

  it('survives a process that dies between Xero’s answer and storing it', async () => {
    ground.clock.advance(29 * MINUTE_MS);
    // The transaction that would have stored it ends without a commit.
    const dying = vaultOn({
      ...ground.database,
      asSystem: (work) =>
        ground.database.asSystem(async (tx) => {
          const result = await work(tx);
          if (address.renewals() > 0) throw new Error('the machine went away');
          return result;
        }),
    });
    await expect(dying.freshToken(grantId)).rejects.toThrow('the machine went away');
    expect(address.renewals()).toBe(1);
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
  });

  it('falls back on a token that still lasts while Xero’s sign-in is away', async () => {
    ground.clock.advance(28.5 * MINUTE_MS);
    const away = vaultOn(ground.database, async () => {
      throw new NothingSentError('no line');
    });
    expect(await away.freshToken(grantId)).toMatchObject({ generation: 1 });
    ground.clock.advance(2 * MINUTE_MS);
    await expect(away.freshToken(grantId)).rejects.toBeInstanceOf(XeroDownError);
  });

  it('renews a token that Xero refused, but not one that was renewed a moment ago', async () => {
    ground.clock.advance(5 * MINUTE_MS);
    expect(await vault.freshToken(grantId, 1)).toMatchObject({ generation: 2 });
    expect(await vault.freshToken(grantId, 1)).toMatchObject({ generation: 2 });
    await expect(vault.freshToken(grantId, 2)).rejects.toMatchObject({ reason: 'token-refused' });
    expect(address.renewals()).toBe(1);
  });
});

describe('a grant', () => {
  it('is dead when Xero refuses it twice, and says so from then on without asking', async () => {
    ground.clock.advance(29.9 * MINUTE_MS);
    address.revoke();
    await expect(vault.freshToken(grantId)).rejects.toMatchObject({ reason: 'grant-dead' });
    expect((await readGrants())[0]).toMatchObject({ state: 'dead' });
    await expect(vault.freshToken(grantId)).rejects.toBeInstanceOf(XeroConsentError);
  });

  it('is not called dead when a new consent superseded it meanwhile', async () => {
    ground.clock.advance(29 * MINUTE_MS);
    address.revoke();
    const renewing = createGrantVault({
      ...ground,
      logger: silentLogger,
      oauth: createOAuth({ config, redirectUri: '', clock: ground.clock, send: address.send }),
      pause: async () => {
        await vault.store({ ...firstTokens(), accessToken: 'the newer one' });
      },
    });
    expect(await renewing.freshToken(grantId)).toEqual({
      accessToken: 'the newer one',
      generation: 2,
    });
  });

  it('is one for each Xero user, and a new consent revives it', async () => {
    address.revoke();
    ground.clock.advance(31 * MINUTE_MS);
    await vault.freshToken(grantId).catch(() => undefined);
    const again = await vault.store({ ...firstTokens(), refreshToken: 'refresh-9' });
    expect(again).toBe(grantId);
    expect((await readGrants())[0]).toMatchObject({ state: 'live', generation: 2 });
    const both = await Promise.all([
      vault.store({ ...firstTokens(), claims: { ...firstTokens().claims, xeroUserId: 'user-2' } }),
      vaultOn(ground.other).store({
        ...firstTokens(),
        claims: { ...firstTokens().claims, xeroUserId: 'user-2' },
      }),
    ]);
    expect(both[0]).toBe(both[1]);
    expect(await readGrants()).toHaveLength(2);
  });

  it('of another app, or of another Xero, is asked nothing and stays as it is', async () => {
    const clientSecret = 'secret';
    const app = { clientId: 'another-client-id', clientSecret, webhookKey: null };
    const identityUrl = 'http://localhost:3001';
    for (const settings of [{ app }, { app: null }, { identityUrl }]) {
      const { send } = address;
      const other = vaultOn(ground.database, send, { ...config, ...settings });
      await expect(other.freshToken(grantId)).rejects.toMatchObject({ why: 'other-app' });
      ground.clock.advance(29 * MINUTE_MS);
      await expect(other.freshToken(grantId, 1)).rejects.toMatchObject({ why: 'other-app' });
    }
    expect(address.renewals()).toBe(0);
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 2 });
  });

  it('is the other app’s once somebody connects with that', async () => {
    const app = { clientId: 'another-client-id', clientSecret: 'secret', webhookKey: null };
    const other = vaultOn(ground.database, address.send, { ...config, app });
    expect(await other.store(firstTokens())).toBe(grantId);
    expect(await other.freshToken(grantId)).toMatchObject({ generation: 2 });
    await expect(vault.freshToken(grantId)).rejects.toMatchObject({ why: 'other-app' });
  });

  it('that an older Bursar stored is of the app that renews it first', async () => {
    await ground.database.asSystem((tx) =>
      tx.updateTable('grants').set({ client_id: null, issuer: null }).execute(),
    );
    expect(await vault.freshToken(grantId)).toMatchObject({ generation: 1 });
    ground.clock.advance(29 * MINUTE_MS);
    await vault.freshToken(grantId);
    expect(await readGrants()).toMatchObject([
      { client_id: 'the-client-id', issuer: 'https://identity.example' },
    ]);
  });

  it('is gone once erased', async () => {
    await ground.database.asSystem((tx) => vault.erase(tx, grantId));
    await expect(vault.freshToken(grantId)).rejects.toMatchObject({ reason: 'grant-dead' });
    expect(await readGrants()).toEqual([]);
  });
});
