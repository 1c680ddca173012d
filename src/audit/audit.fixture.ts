import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ProviderId } from '#contract/ids';
import { createEventLog, type EventLog } from '#events/index';
import { createFakeClock, type FakeClock } from '#platform/clock';
import { type Database, openDatabase } from '#platform/database';
import { newId } from '#platform/ids';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import { createSecretBox, type EncryptionKey, type SecretBox } from '#platform/secrets';
import { createTestDatabase } from '../../test/world/database.ts';
import { type Audit, createAudit } from './audit.ts';

/** A database with a log, and its owner's way around every rule. */
export interface AuditGround {
  database: Database;
  /** A second pool: what another process would have. */
  other: Database;
  clock: FakeClock;
  events: EventLog;
  audit: Audit;
  /** What opens and seals accepted restores. */
  secrets: SecretBox;
  key: EncryptionKey;
  dataDir: string;
  superuser: pg.Client;
  addProvider(): Promise<ProviderId>;
  /** Appends so many events, each in its own transaction. */
  append(providerId: ProviderId, count: number): Promise<void>;
  /** Ticks until every event is sealed: a transaction elsewhere on the server may hold it up. */
  sealAll(): Promise<void>;
  close(): Promise<void>;
}

/** Transactions of other tests on the same server hold sealing up for as long as they last. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 5;

/**
 * Lays one without any provider. Its clock stands at 2026-03-02 and moves by a second for each
 * event that is appended. The caller closes it.
 */
export async function layAuditGround(): Promise<AuditGround> {
  const test = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'bursar-audit-'));
  const database = openDatabase(test.ownerUrl);
  const other = openDatabase(test.ownerUrl);
  const clock = createFakeClock('2026-03-02T01:00:00.000Z');
  const events = createEventLog(clock);
  const key = { id: 'test', key: randomBytes(32) };
  const secrets = createSecretBox([key]);
  const logger = silentLogger;
  const audit = createAudit({ database, clock, events, logger, dataDir, secrets });
  const superuser = new pg.Client({ connectionString: test.ownerUrl });
  await superuser.connect();

  return {
    database,
    other,
    clock,
    events,
    audit,
    secrets,
    key,
    dataDir,
    superuser,
    async addProvider() {
      const id = newId<ProviderId>();
      await superuser.query(
        `insert into providers (provider_id, name, created_at) values ($1, 'Harbour', $2)`,
        [id, clock.now()],
      );
      return id;
    },
    async append(providerId, count) {
      for (let index = 0; index < count; index += 1) {
        clock.advance(1_000);
        await database.asProvider(providerId, (tx) =>
          events.append(tx, ownScope(providerId), {
            kind: 'licence.granted',
            product: `product ${index}`,
          }),
        );
      }
    },
    async sealAll() {
      for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
        await audit.tick();
        const { rows } = await superuser.query<{ left: number }>(
          `select count(*)::int as left from events e where not exists
            (select from audit_chain c where c.event_id = e.id and c.provider_id = e.provider_id)`,
        );
        if (rows[0]?.left === 0) return audit.anchor();
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      throw new Error('Events stay unsealed');
    },
    async close() {
      await superuser.end();
      await Promise.all([database.close(), other.close()]);
      await test.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
