import { createFakeClock } from '#platform/clock';
import { openDatabase } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { createSecretBox } from '#platform/secrets';
import { createGrantVault } from '#xero/grant-vault';
import { createOAuth } from '#xero/oauth';
import { type Send, sendByFetch } from '#xero/request';
import { XeroConsentError, XeroDownError } from '#xero/xero-errors';
import type { StormAnswer, StormOrder, StormSettings } from './grant-storm.ts';

/** One process of the storm: asks for tokens when told, and dies when told, without tidying up. */
const given = JSON.parse(process.env.STORM_SETTINGS ?? '{}') as StormSettings;
const clock = createFakeClock(given.now);
const database = openDatabase(given.databaseUrl, { poolSize: 4 });
let diesAfterAnswer = false;

const send: Send = async (request) => {
  const answer = await sendByFetch(request);
  // Xero has rotated the token, and nobody will ever store the new one.
  if (diesAfterAnswer) process.kill(process.pid, 'SIGKILL');
  return answer;
};

const vault = createGrantVault({
  database,
  clock,
  secrets: createSecretBox([{ id: 'storm', key: Buffer.from(given.key, 'base64') }]),
  oauth: createOAuth({ config: given.xero, redirectUri: '', clock, send }),
  logger: silentLogger,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 100)),
});

const CALLS_AT_ONCE = 3;

process.on('message', async (order: StormOrder) => {
  clock.set(new Date(order.now));
  diesAfterAnswer = order.diesAfterAnswer;
  const asked = Array.from({ length: CALLS_AT_ONCE }, () => vault.freshToken(given.grantId));
  const answer: StormAnswer = { served: 0, down: 0, lost: 0, strange: [] };
  for (const outcome of await Promise.allSettled(asked)) {
    if (outcome.status === 'fulfilled') answer.served += 1;
    else if (outcome.reason instanceof XeroDownError) answer.down += 1;
    else if (outcome.reason instanceof XeroConsentError) answer.lost += 1;
    else answer.strange.push(String(outcome.reason));
  }
  process.send?.(answer);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
