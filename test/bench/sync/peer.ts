import { createRequire } from 'node:module';
import { createFakeClock, type FakeClock, MINUTE_MS } from '#platform/clock';
import { ORGANISATION_IDS } from '../../../emulator/seeds/identity.ts';
import { createEmulator, type Emulator } from '../../../emulator/server.ts';
import {
  ALL_SCOPES,
  CLIENT_ID,
  CLIENT_SECRET,
  type Json,
  REDIRECT_URI,
} from '../../../emulator/testing.ts';
import { createLatency, type Latency } from './latency.ts';

/** Xero's own client with nothing around it, connected to an emulator of its own. */
export interface Peer {
  readonly emulator: Emulator;
  readonly clock: FakeClock;
  readonly latency: Latency;
  /**
   * Calls one operation of the accounting API. What the client rejects with is given as it is: how
   * long Xero asked to wait, if it did.
   */
  call(operation: string, ...args: readonly unknown[]): Promise<PeerAnswer>;
  close(): Promise<void>;
}

export type PeerAnswer =
  | { ok: true; body: Json }
  | { ok: false; status: number; retryAfterMs: number };

/** Access lasts half an hour. */
const RENEW_MS = 20 * MINUTE_MS;
const HOSTS = /^https:\/\/(api|identity|login)\.xero\.com/;
const require = createRequire(import.meta.url);

/** Connects `xero-node` the way its readme says, with its fixed addresses turned to the emulator. */
export async function startPeer(): Promise<Peer> {
  // The client checks Xero's signatures by the machine's own clock, so that both begin there.
  const clock = createFakeClock(new Date().toISOString());
  const latency = createLatency(clock, 0);
  const emulator = await createEmulator({
    clock,
    host: '127.0.0.1',
    seed: 'empty',
    onAnswer: latency.hear,
  });
  const inside = createRequire(require.resolve('xero-node'));
  const axios = inside('axios');
  const interceptor = axios.interceptors.request.use((config: Json) => ({
    ...config,
    url: config.url.replace(HOSTS, emulator.url),
  }));
  const client = await connect(emulator, inside);
  let renewedAt = clock.now().getTime();

  async function renewAccess(): Promise<void> {
    const now = clock.now().getTime();
    if (now - renewedAt < RENEW_MS) return;
    renewedAt = now;
    const { refresh_token } = client.readTokenSet();
    await client.refreshWithRefreshToken(CLIENT_ID, CLIENT_SECRET, refresh_token);
  }

  return {
    emulator,
    clock,
    latency,
    async call(operation, ...args) {
      await renewAccess();
      try {
        const { body } = await client.accountingApi[operation](ORGANISATION_IDS.au, ...args);
        return { ok: true, body };
      } catch (error) {
        return refusalIn(error);
      }
    },
    async close() {
      axios.interceptors.request.eject(interceptor);
      await emulator.close();
    },
  };
}

async function connect(emulator: Emulator, inside: NodeJS.Require): Promise<Json> {
  const { XeroClient } = require('xero-node');
  const client = new XeroClient({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUris: [REDIRECT_URI],
    scopes: ALL_SCOPES.split(' '),
    state: 'state-1',
  });
  const { Issuer } = inside('openid-client');
  const issuer = await Issuer.discover(emulator.url);
  client.openIdClient = new issuer.Client({
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: [REDIRECT_URI],
  });
  client.accountingApi.basePath = `${emulator.url}/api.xro/2.0`;
  const { people } = emulator.control;
  const back = people.consent(await client.buildConsentUrl(), {
    user: 'ada.adviser@example.com',
    organisations: [ORGANISATION_IDS.au],
  });
  await client.apiCallback(back);
  return client;
}

/** The client rejects with texts that hold JSON, not with errors. */
function refusalIn(error: unknown): PeerAnswer {
  const text = typeof error === 'string' ? error : JSON.stringify(error);
  const { response } = JSON.parse(text) as Json;
  const seconds = Number(response?.headers?.['retry-after'] ?? 0);
  return { ok: false, status: response?.statusCode ?? 0, retryAfterMs: seconds * 1_000 };
}
