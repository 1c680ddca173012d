import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { ProviderId } from '#contract/ids';
import { openPool } from './pool.ts';
import type { Schema } from './schema.ts';

/** A transaction: the only way to reach a table. */
export type Tx = Transaction<Schema>;

export interface Database {
  /**
   * One transaction for one provider. Row-level security shows that provider's rows and no
   * others, also to a query that forgets to ask. Commits when `work` resolves, else rolls back.
   */
  asProvider<T>(providerId: ProviderId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same to read alone, for answers that are put together from several statements: all of them
   * see the rows of one moment, that of the first.
   */
  asReader<T>(providerId: ProviderId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As a reader, and what is made of these rows may be written where nobody else writes. */
  asOfOneMoment<T>(providerId: ProviderId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * One transaction across providers. For the few passages that can't know the provider yet
   * (a webhook, a lane that is due, an API key); a house test lists the files that may call it.
   */
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A connection of its own, for LISTEN and advisory locks of a session. The caller releases it. */
  connect(): Promise<pg.PoolClient>;
  close(): Promise<void>;
}

// bigint as BigInt keeps amounts exact; dates stay calendar text, since a Date would bring a zone.
const TYPE_BIGINT = 20;
const TYPE_DATE = 1082;
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === TYPE_BIGINT) return (value: string) => BigInt(value);
    if (oid === TYPE_DATE) return (value: string) => value;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

const STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction that rests for longer has lost its process, and others wait for its locks. */
export const IDLE_IN_TRANSACTION_MS = 15_000;
const DEFAULT_POOL_SIZE = 10;

/**
 * Opens a pool on the database at `url` (the owner's login). Each connection works as the role
 * `bursar_app`, which owns nothing and sees no row until a provider is set.
 */
export function openDatabase(url: string, options: { poolSize?: number } = {}): Database {
  const pool = openPool(url, {
    size: options.poolSize ?? DEFAULT_POOL_SIZE,
    name: 'bursar',
    role: 'bursar_app',
    types,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
  });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

  const forProvider =
    <T>(providerId: ProviderId, work: (tx: Tx) => Promise<T>) =>
    async (tx: Tx) => {
      await sql`select set_config('bursar.provider', ${providerId}, true)`.execute(tx);
      return work(tx);
    };

  return {
    asProvider: (providerId, work) => kysely.transaction().execute(forProvider(providerId, work)),
    asReader: (providerId, work) =>
      kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(forProvider(providerId, work)),
    asOfOneMoment: (providerId, work) =>
      kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(forProvider(providerId, work)),
    asSystem: (work) =>
      kysely.transaction().execute(async (tx) => {
        await sql`set local role bursar_system`.execute(tx);
        return work(tx);
      }),
    connect: () => pool.connect(),
    close: () => kysely.destroy(),
  };
}

/** PostgreSQL's code for a broken unique constraint, with the constraint's name. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return undefined;
  return error.constraint;
}
