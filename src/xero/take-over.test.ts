import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import type { Database } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { createGrantVault, type GrantVault } from './grant-vault.ts';
import { createOAuth, readTokens } from './oauth.ts';
import type { WireAnswer } from './request.ts';
import { createTakeOver, type TakeOver } from './take-over.ts';
import { createTokenAddress, type TokenAddress } from './token-address.fixture.ts';
import { answerOf, config, type Ground, jwt, layGround } from './xero.fixture.ts';

const WIDE = 'openid accounting.contacts offline_access';
let ground: Ground;
let address: TokenAddress;
let vault: GrantVault;
let grantId: string;

beforeEach(async () => {
  ground = await layGround();
  address = createTokenAddress(ground.clock);
  const oauth = createOAuth({ config, redirectUri: '', clock: ground.clock, send: address.send });
  vault = createGrantVault({ ...ground, oauth, logger: silentLogger, pause: async () => {} });
  const consent = answer({ refresh_token: 'refresh-of-consent' });
  grantId = await vault.store(readTokens(consent, ground.clock.now()));
});
afterEach(() => ground.close());

/** What Xero's token address answers when somebody signed in. */
function answer(more: object, user = 'user-1'): WireAnswer {
  return answerOf(200, {
    access_token: jwt({ xero_userid: user }),
    expires_in: 1800,
    scope: WIDE,
    ...more,
  });
}

function takeOverOn(settings: XeroConfig, database: Pick<Database, 'asSystem'>): TakeOver {
  const { clock, secrets } = ground;
  const oauth = createOAuth({ config: settings, redirectUri: '', clock, send: address.send });
  return createTakeOver({ database, clock, secrets, oauth, logger: silentLogger });
}

const takeOver: TakeOver = (brought) => takeOverOn(config, ground.database)(brought);

async function scopesAndGeneration() {
  const rows = await ground.database.asSystem((tx) =>
    tx.selectFrom('grants').select(['xero_user_id', 'scopes', 'generation', 'state']).execute(),
  );
  return rows.map((row) => [row.xero_user_id, row.scopes, row.generation, row.state]);
}

it('a newer token of the same person takes the place of the stored one', async () => {
  address.revoke();
  address.know('refresh-of-sign-in');
  await takeOver(answer({ refresh_token: 'refresh-of-sign-in' }));
  ground.clock.advance(HOUR_MS);
  expect(await vault.freshToken(grantId)).toMatchObject({ generation: 3 });
});

it('what is stored never comes to allow more by it', async () => {
  await takeOver(answer({ refresh_token: 'refresh-2', scope: `${WIDE} accounting.settings` }));
  expect(await scopesAndGeneration()).toEqual([['user-1', WIDE, 2, 'live']]);
});

it('a renewal that met the ended token meanwhile waits for it', async () => {
  ground.clock.advance(29 * MINUTE_MS);
  address.revoke();
  const oauth = createOAuth({ config, redirectUri: '', clock: ground.clock, send: address.send });
  const renewing = createGrantVault({
    ...ground,
    oauth,
    logger: silentLogger,
    pause: () => takeOver(answer({ refresh_token: 'refresh-of-sign-in' })),
  });
  expect(await renewing.freshToken(grantId)).toMatchObject({ generation: 2 });
});

it.each([
  ['no token for later', answer({}), config],
  ['no word on what it allows', answer({ refresh_token: 'r', scope: undefined }), config],
  ['less than is stored', answer({ refresh_token: 'r', scope: 'openid profile email' }), config],
  ['somebody else’s', answer({ refresh_token: 'r' }, 'user-2'), config],
  ['no person', answerOf(200, { access_token: 'x', refresh_token: 'r', scope: WIDE }), config],
  ['a refusal', answerOf(400, { error: 'invalid_grant' }), config],
  [
    'another app’s',
    answer({ refresh_token: 'r' }),
    { ...config, app: { clientId: 'another', clientSecret: 's', webhookKey: null } },
  ],
])('an answer with %s changes nothing', async (_, brought, settings) => {
  await takeOverOn(settings, ground.database)(brought);
  expect(await scopesAndGeneration()).toEqual([['user-1', WIDE, 1, 'live']]);
});

it('a sign-in does not fail because the database does', async () => {
  const asSystem = () => Promise.reject(new Error('the database is away'));
  await takeOverOn(config, { asSystem })(answer({ refresh_token: 'r' }));
});
