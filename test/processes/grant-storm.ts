import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createFakeClock, MINUTE_MS } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import { openDatabase } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { createSecretBox } from '#platform/secrets';
import { createGrantVault } from '#xero/grant-vault';
import { createOAuth } from '#xero/oauth';
import { sendByFetch } from '#xero/request';
import { createEmulator } from '../../emulator/server.ts';
import { createTestDatabase } from '../world/database.ts';

export interface StormSettings {
  databaseUrl: string;
  key: string;
  grantId: string;
  now: string;
  xero: XeroConfig;
}

export interface StormOrder {
  now: string;
  diesAfterAnswer: boolean;
}

export interface StormAnswer {
  served: number;
  down: number;
  lost: number;
  strange: string[];
}

export interface StormReport {
  rounds: number;
  served: number;
  /** Calls that were told to wait, since the line had lost every answer. */
  down: number;
  /** Calls that were told that the grant is dead: there must be none. */
  lost: number;
  crashes: number;
  /** Token sets stored, by the grant's own count. */
  renewals: number;
  answersLost: number;
  strange: string[];
  isLive: boolean;
}

const PROCESS = fileURLToPath(new URL('./grant-storm-process.ts', import.meta.url));
const START = '2026-03-02T01:00:00.000Z';
/** An organisation is looked at this often, so that a lost renewal is asked again in the grace. */
const LOOK_MS = 10 * MINUTE_MS;
const KILLED_WITHIN_MS = 25;

/**
 * Two processes use and renew one grant until it was renewed so many times; answers get lost and
 * processes die, all at random.
 */
export async function rageStorm(renewals: number, random: () => number): Promise<StormReport> {
  const test = await createTestDatabase();
  const clock = createFakeClock(START);
  const emulator = await createEmulator({ clock, seed: 'empty' });
  const { faults, people } = emulator.control;
  const database = openDatabase(test.ownerUrl, { poolSize: 2 });
  const key = randomBytes(32);
  const xero: XeroConfig = {
    app: {
      clientId: 'emulator-client-id',
      clientSecret: 'emulator-client-secret',
      webhookKey: null,
    },
    loginUrl: emulator.url,
    identityUrl: emulator.url,
    apiUrl: emulator.url,
    pagesUrl: emulator.url,
    contactsPerCall: 500,
  };
  const redirectUri = 'http://localhost:3000/connect/xero/callback';
  const oauth = createOAuth({ config: xero, redirectUri, clock, send: sendByFetch });
  const secrets = createSecretBox([{ id: 'storm', key }]);
  const vault = createGrantVault({ database, clock, secrets, oauth, logger: silentLogger });
  const consent = oauth.newSecrets();
  const callback = people.consent(oauth.authorizeUrl(consent), {
    user: 'ada.adviser@example.com',
    organisations: 'all',
  });
  const code = new URL(callback).searchParams.get('code') ?? '';
  const grantId = await vault.store(await oauth.exchange(code, consent.verifier));

  const settings = { databaseUrl: test.ownerUrl, key: key.toString('base64'), grantId, xero };
  const begin = () => startProcess({ ...settings, now: clock.now().toISOString() });
  const processes = await Promise.all([begin(), begin()]);
  const report: StormReport = {
    rounds: 0,
    served: 0,
    down: 0,
    lost: 0,
    crashes: 0,
    renewals: 0,
    answersLost: 0,
    strange: [],
    isLive: false,
  };

  const countFired = () => faults.list().reduce((sum, { fired }) => sum + fired, 0);

  async function countRenewals(): Promise<number> {
    const row = await database.asSystem((tx) =>
      tx.selectFrom('grants').select('generation').where('id', '=', grantId).executeTakeFirst(),
    );
    return (row?.generation ?? 1) - 1;
  }

  for (; report.renewals < renewals; report.renewals = await countRenewals()) {
    report.rounds += 1;
    // A grant that is lost is renewed no more: what was found till here is told.
    if (report.lost > 0) break;
    clock.advance(random() * LOOK_MS);
    if (random() < 0.3) {
      const times = 1 + Math.floor(random() * 4);
      const effect = { kind: 'reset', when: 'after' } as const;
      report.answersLost += countFired();
      faults.add({ id: 'lost', path: '/connect/token', times, effect });
    }
    await Promise.all(
      processes.map(async (child, index) => {
        const dies = random() < 0.1;
        const order = { now: clock.now().toISOString(), diesAfterAnswer: dies };
        const killAfterMs = random() < 0.05 ? random() * KILLED_WITHIN_MS : null;
        const answer = await command(child, order, killAfterMs);
        if (answer) {
          report.served += answer.served;
          report.down += answer.down;
          report.lost += answer.lost;
          report.strange.push(...answer.strange);
          return;
        }
        report.crashes += 1;
        processes[index] = await begin();
      }),
    );
  }

  report.answersLost += countFired();
  faults.clear();
  clock.advance(LOOK_MS);
  report.isLive = await vault.freshToken(grantId).then(
    () => true,
    () => false,
  );
  for (const child of processes) child.kill('SIGKILL');
  await database.close();
  await emulator.close();
  await test.drop();
  return report;
}

async function startProcess(settings: StormSettings): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROCESS], {
    env: { PATH: process.env.PATH, STORM_SETTINGS: JSON.stringify(settings) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = await once(child, 'message');
  if (message !== 'ready') throw new Error(`The process said ${message}`);
  return child;
}

/** What a process answered to an order; null when it died over it. */
async function command(
  child: ChildProcess,
  order: StormOrder,
  killAfterMs: number | null,
): Promise<StormAnswer | null> {
  const settled = new AbortController();
  const { signal } = settled;
  const gone = once(child, 'exit', { signal }).then(() => null);
  const answered = once(child, 'message', { signal }).then(([answer]) => answer as StormAnswer);
  const first = killAfterMs === null ? Promise.race([answered, gone]) : gone;
  child.send(order);
  if (killAfterMs !== null) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  // Whichever of the two does not come is given up with the order.
  void Promise.allSettled([gone, answered]);
  return first.finally(() => settled.abort());
}
