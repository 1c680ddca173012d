import { afterAll, beforeAll, expect, it } from 'vitest';
import { MINUTE_MS, plus } from '#platform/clock';
import type { Database } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { createGrantVault, type GrantVault } from './grant-vault.ts';
import { createOAuth } from './oauth.ts';
import type { Send } from './request.ts';
import { createTokenAddress, type TokenAddress } from './token-address.fixture.ts';
import { config, type Ground, layGround } from './xero.fixture.ts';
import { XeroDownError } from './xero-errors.ts';

const ROUNDS = 300;
/** An organisation is read at least this often, so a lost renewal is asked again within the grace. */
const SWEEP_MS = 10 * MINUTE_MS;
const SEED = 20_260_302;

let ground: Ground;
let address: TokenAddress;

beforeAll(async () => {
  ground = await layGround();
  address = createTokenAddress(ground.clock);
});
afterAll(() => ground.close());

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Crash extends Error {}

/** A process that may die after any answer of Xero's, before what it holds is stored. */
function processOn(database: Database, random: () => number): GrantVault {
  let dies = false;
  const send: Send = async (request) => {
    const answer = await address.send(request);
    dies = random() < 0.15;
    return answer;
  };
  const mortal: Database = {
    ...database,
    asSystem: (work) =>
      database.asSystem(async (tx) => {
        const result = await work(tx);
        if (dies) {
          dies = false;
          throw new Crash();
        }
        return result;
      }),
  };
  const { clock, secrets } = ground;
  const oauth = createOAuth({ config, redirectUri: '', clock, send });
  const pause = async () => {};
  return createGrantVault({
    database: mortal,
    clock,
    secrets,
    oauth,
    logger: silentLogger,
    random,
    pause,
  });
}

it(`two processes that renew one grant, with lost answers and crashes, never lose it (seed ${SEED})`, async () => {
  const random = randomFrom(SEED);
  const vaults = [processOn(ground.database, random), processOn(ground.other, random)];
  const [first] = vaults;
  const grantId = await first?.store({
    accessToken: 'access-1',
    accessExpiresAt: plus(ground.clock.now(), 30 * MINUTE_MS),
    refreshToken: 'refresh-1',
    refreshExpiresAt: plus(ground.clock.now(), 60 * 24 * 60 * MINUTE_MS),
    scopes: '',
    claims: { xeroUserId: 'user-1', authEventId: null, holderName: null },
  });
  let served = 0;
  let crashes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    ground.clock.advance(random() * SWEEP_MS);
    if (random() < 0.3) address.loseAnswers(Math.floor(random() * 4));
    const asked = vaults.flatMap((vault) =>
      Array.from({ length: 2 }, () => vault.freshToken(grantId ?? '')),
    );
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === 'fulfilled') served += 1;
      else if (outcome.reason instanceof Crash) crashes += 1;
      else if (!(outcome.reason instanceof XeroDownError)) throw outcome.reason;
    }
  }
  expect(served).toBeGreaterThan(ROUNDS);
  expect(crashes).toBeGreaterThan(0);
  expect(address.renewals()).toBeGreaterThan(ROUNDS / 10);
  address.loseAnswers(0);
  ground.clock.advance(SWEEP_MS);
  const calm = createGrantVault({
    ...ground,
    oauth: createOAuth({ config, redirectUri: '', clock: ground.clock, send: address.send }),
    logger: silentLogger,
  });
  await expect(calm.freshToken(grantId ?? '')).resolves.toBeDefined();
}, 60_000);
