import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MINUTE_MS, plus } from '#platform/clock';
import type { Database } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { reseal } from '#platform/reseal';
import { createSecretBox, type SecretBox } from '#platform/secrets';
import { sealedGrantColumns } from './grant-store.ts';
import { createGrantVault, type GrantVault } from './grant-vault.ts';
import { createOAuth } from './oauth.ts';
import type { Send } from './request.ts';
import { answerOf, config, type Ground, jwt, layGround } from './xero.fixture.ts';

/** 10,000 by BURSAR_ROTATED_GRANTS=10000, as measured for the goal of 5 s. */
const GRANTS = Number(process.env.BURSAR_ROTATED_GRANTS ?? 400);

const oldKey = { id: 'old', key: randomBytes(32) };
const newKey = { id: 'new', key: randomBytes(32) };
let ground: Ground;
let grantIds: string[];
let serial = 0;

/** Renews whatever it is asked to, after a moment. */
const send: Send = async (request) => {
  serial += 1;
  const mine = serial;
  await new Promise((resolve) => setTimeout(resolve, 2));
  const asked = new URLSearchParams(request.body).get('refresh_token') ?? '';
  return answerOf(200, {
    access_token: jwt({ xero_userid: asked.split('/')[0], serial: mine }),
    refresh_token: `${asked.split('/')[0]}/${mine}`,
    expires_in: 1800,
    token_type: 'Bearer',
  });
};

function vaultWith(secrets: SecretBox, database: Database): GrantVault {
  const oauth = createOAuth({ config, redirectUri: '', clock: ground.clock, send });
  return createGrantVault({ ...ground, database, secrets, oauth, logger: silentLogger });
}

beforeAll(async () => {
  ground = await layGround();
  const vault = vaultWith(createSecretBox([oldKey]), ground.database);
  const all = Array.from({ length: GRANTS }, (_, index) => index);
  grantIds = [];
  while (all.length > 0) {
    const some = all.splice(0, 8).map((index) =>
      vault.store({
        accessToken: jwt({ xero_userid: `user-${index}` }),
        accessExpiresAt: plus(ground.clock.now(), 30 * MINUTE_MS),
        refreshToken: `user-${index}/0`,
        refreshExpiresAt: plus(ground.clock.now(), 60 * 24 * 60 * MINUTE_MS),
        scopes: '',
        claims: { xeroUserId: `user-${index}`, authEventId: null, holderName: null },
      }),
    );
    grantIds.push(...(await Promise.all(some)));
  }
}, 300_000);
afterAll(() => ground.close());

it(`renews the key of ${GRANTS} grants while they are used, and no call fails`, async () => {
  const both = createSecretBox([newKey, oldKey]);
  ground.clock.advance(29 * MINUTE_MS);
  const vaults = [vaultWith(both, ground.database), vaultWith(both, ground.other)];
  let isRotating = true;
  let calls = 0;
  const callers = vaults.map(async (vault, one) => {
    while (isRotating) {
      const grantId = grantIds[(calls * 7 + one) % grantIds.length] ?? '';
      await vault.freshToken(grantId);
      calls += 1;
    }
  });
  const began = process.hrtime.bigint();
  for (const column of sealedGrantColumns) {
    expect(await reseal(ground.database, both, column)).toMatchObject({ unreadable: 0, left: 0 });
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  isRotating = false;
  await Promise.all(callers);
  expect(calls).toBeGreaterThan(0);
  console.info(`${GRANTS} grants sealed anew in ${seconds.toFixed(2)} s beside ${calls} calls`);

  const newAlone = vaultWith(createSecretBox([newKey]), ground.database);
  for (const grantId of grantIds.slice(0, 50)) await newAlone.freshToken(grantId);
  const oldAlone = vaultWith(createSecretBox([oldKey]), ground.database);
  await expect(oldAlone.freshToken(grantIds[0] ?? '')).rejects.toThrow(/encryption keys/);
}, 120_000);

it('seals nothing twice, and counts what opens with no key instead of losing it', async () => {
  const [column] = sealedGrantColumns;
  if (!column) throw new Error('Grants have sealed columns');
  const now = createSecretBox([newKey]);
  expect(await reseal(ground.database, now, column)).toEqual({
    resealed: 0,
    unreadable: 0,
    left: 0,
  });
  const stranger = createSecretBox([{ id: 'strange', key: randomBytes(32) }]);
  const found = await reseal(ground.database, stranger, column);
  expect(found).toEqual({ resealed: 0, unreadable: GRANTS, left: 0 });
  await vaultWith(now, ground.database).freshToken(grantIds[1] ?? '');
});
