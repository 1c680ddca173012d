import { readFile } from 'node:fs/promises';
import type { ConnectionId, ProviderId, XeroOrgId } from '#contract/ids';
import { createFakeClock, type FakeClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { ownScope } from '#platform/scope';
import { createSecretBox, type SecretBox } from '#platform/secrets';
import { type Ids, seededIds } from '../../emulator/core/ids.ts';
import { createEmulator, type Emulator } from '../../emulator/server.ts';
import { activate } from '../../src/connections/activate.ts';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { pathOf } from './hooks.ts';
import { idsMade, restartIds } from './ids.ts';
import { type Row, readTables } from './memory/tables.ts';
import { MemoryTables, type Picture } from './memory/transactions.ts';
import { mergeWayOf } from './merge-ways.ts';
import type { SimulatedNode } from './node.ts';

export const WEBHOOK_KEY = 'emulator-webhook-key';
export const WEBHOOK_URL = 'http://bursar.invalid/webhooks/xero';
/** In Sydney and Auckland summer time ends while a storm is on. */
const START = '2026-04-04T14:30:00.000Z';
const EMULATOR_SEED = 1;
/** One seed in so many is of an organisation that Xero calls one of high volume, from a few rows on. */
const SEEDS_PER_BIG = 5;
/** Of so many seeds, one whose Xero answers the rows of a write in another order. */
const SEEDS_PER_MIXED = 3;
const BIG_ROWS = 3;
const USUAL_ROWS = 100_000;

/** The queue of jobs, as much of it as is needed; PostgreSQL has a library's tables for it. */
const QUEUE = `
create table public.jobs (
  id bigint generated always as identity not null,
  task text not null,
  payload jsonb not null,
  key text,
  attempts integer not null,
  max_attempts integer not null,
  locked_by text,
  constraint jobs_pkey PRIMARY KEY (id)
);
`;

/** A provider of the simulation, with the organisation that is connected. */
export interface Party {
  readonly providerId: ProviderId;
  readonly name: string;
  readonly xeroOrgId: XeroOrgId;
}

export const HARBOUR: Party = {
  providerId: '01900000-0000-7000-8000-00000000aaaa' as ProviderId,
  name: 'Harbour Training',
  xeroOrgId: xeroOrgs.au,
};
export const KEA: Party = {
  providerId: '01900000-0000-7000-8000-00000000bbbb' as ProviderId,
  name: 'Kea Skills',
  xeroOrgId: xeroOrgs.nz,
};
export const PARTIES = [HARBOUR, KEA];

/** What every seed begins with: providers that are connected. */
export interface Ground {
  readonly clock: FakeClock;
  readonly emulator: Emulator;
  readonly tables: MemoryTables;
  readonly config: Pick<Config, 'xero' | 'publicUrl'>;
  readonly secrets: SecretBox;
  /** Puts everything back to the beginning. */
  restart(seed: number, beginning: Beginning): void;
}

/**
 * How things stand when a seed begins: with one provider connected or with both; new, at it for long,
 * or with proposals about who is whom that wait for a yes.
 */
export interface Beginning {
  parties: number;
  as: 'new' | 'settled' | 'reviewing';
}

function nameOf({ parties, as }: Beginning): string {
  return `${parties} ${as}`;
}

/** Ids of the emulator that begin anew with each seed. */
function restartable(): Ids & { restart(seed: number): void } {
  let ids = seededIds(EMULATOR_SEED);
  return {
    uuid: () => ids.uuid(),
    token: (length) => ids.token(length),
    restart(seed) {
      ids = seededIds(seed);
    },
  };
}

export async function layGround(): Promise<Ground & { keep(beginning: Beginning): void }> {
  const clock = createFakeClock(START);
  const ids = restartable();
  const emulator = await createEmulator({ clock, ids, seed: 'empty', port: 'none' });
  const schema = await readFile(pathOf('docs/schema.sql'), 'utf8');
  const tables = new MemoryTables(readTables(schema + QUEUE));
  const { url } = emulator;
  const kept = new Map<string, { picture: Picture; at: Date; made: number }>();
  return {
    clock,
    emulator,
    tables,
    config: {
      publicUrl: 'http://localhost:1',
      xero: {
        app: {
          clientId: 'emulator-client-id',
          clientSecret: 'emulator-client-secret',
          webhookKey: WEBHOOK_KEY,
        },
        loginUrl: url,
        identityUrl: url,
        apiUrl: url,
        pagesUrl: url,
        contactsPerCall: 500,
      },
    },
    secrets: createSecretBox([{ id: 'simulated', key: Buffer.alloc(32, 7) }]),
    keep(beginning) {
      const name = nameOf(beginning);
      emulator.control.snapshots.take(name);
      kept.set(name, { picture: tables.picture(), at: clock.now(), made: idsMade() });
    },
    restart(seed, which) {
      const name = nameOf(which);
      const beginning = kept.get(name);
      if (!beginning) throw new Error(`No ground with ${name}`);
      clock.set(beginning.at);
      emulator.control.snapshots.restore(name);
      emulator.control.faults.clear();
      emulator.control.log.clear();
      emulator.control.limits.clear();
      Object.assign(emulator.control.webhooks.switches, {
        dropNext: 0,
        isReordered: false,
        repeats: 0,
      });
      Object.assign(emulator.control.switches, {
        paymentEvents: true,
        ...mergeWayOf(seed),
        answersOutOfOrder: seed % SEEDS_PER_MIXED === 2,
        highVolumeRows: seed % SEEDS_PER_BIG === 0 ? BIG_ROWS : USUAL_ROWS,
      });
      tables.restore(beginning.picture);
      ids.restart(seed);
      restartIds(beginning.made);
    },
  };
}

/** The rows of a table as they are committed. */
export function rowsOf({ tables }: Pick<Ground, 'tables'>, name: string): Row[] {
  const places = [...(tables.tables.get(name)?.places ?? [])];
  return places.flatMap(({ committed }) => (committed ? [committed] : []));
}

/** Writes the providers down; people and sign-in are no part of a simulation. */
export function addProviders(tables: MemoryTables, now: Date): void {
  const tx = tables.begin('ground');
  tx.role = 'system';
  const add = (name: string, row: Row) => {
    const table = tables.tables.get(name);
    if (!table) throw new Error(`No table ${name}`);
    tables.insert(table, tables.complete(table, row), tx);
  };
  for (const { providerId, name } of PARTIES) {
    add('providers', { provider_id: providerId, name, created_at: now });
    add('licences', { provider_id: providerId, product: 'xero', granted_at: now });
  }
  // Nobody's number is anybody's of the other, so that whose one is can be told from it.
  const numbering = { provider_id: KEA.providerId, last_number: KEA_NUMBERS_FROM };
  for (const name of ['learner_counters', 'workplace_counters']) add(name, numbering);
  tables.end(tx, 'commit');
}

const KEA_NUMBERS_FROM = 5_000;

/** Goes the way through Xero for a provider, as a person would; also after a consent was lost. */
export async function connect(
  emulator: Emulator,
  node: SimulatedNode,
  { providerId, xeroOrgId }: Party,
): Promise<ConnectionId | null> {
  const { oauth, vault, connections } = node.xero;
  const secrets = oauth.newSecrets();
  const url = oauth.authorizeUrl(secrets);
  const user = xeroUsers.adviser;
  const back = emulator.control.people.consent(url, { user, organisations: [xeroOrgId] });
  const code = new URL(back).searchParams.get('code') ?? '';
  const set = await oauth.exchange(code, secrets.verifier);
  const grantId = await vault.store(set);
  const listed = await connections.list(grantId, null);
  const mine = listed.find((one) => one.xeroOrgId === xeroOrgId);
  if (!mine) throw new Error('Xero does not list what was connected');
  const candidate = {
    grantId,
    authEventId: mine.authEventId,
    xeroConnectionId: mine.id,
    xeroOrgId,
    xeroPerson: null,
    joinsOthers: false,
  };
  const scope = ownScope(providerId);
  const done = await activate(node.connectionsDeps, scope, candidate, null);
  return done.connectionId;
}
