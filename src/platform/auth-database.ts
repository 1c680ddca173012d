import { type Dialect, PostgresDialect } from 'kysely';
import { IDLE_IN_TRANSACTION_MS } from './database.ts';
import { openPool } from './pool.ts';

/** The sign-in library's own way into the database. */
export interface AuthDatabase {
  dialect: Dialect;
  /** Resolves when a connection was there to be had. */
  reach(): Promise<void>;
  close(): Promise<void>;
}

const POOL_SIZE = 5;
const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * Opens a pool whose connections work as the role `bursar_auth` in the schema `auth`: the library
 * that keeps passwords and sessions reaches those tables and nothing else.
 */
export function openAuthDatabase(url: string): AuthDatabase {
  const pool = openPool(url, {
    size: POOL_SIZE,
    name: 'bursar-sign-in',
    role: 'bursar_auth',
    searchPath: 'auth',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
  });
  return {
    dialect: new PostgresDialect({ pool }),
    async reach() {
      const client = await pool.connect();
      client.release();
    },
    close: () => pool.end(),
  };
}
