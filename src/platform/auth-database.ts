import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { IDLE_IN_TRANSACTION_MS } from './database.ts';

/** The sign-in library's own way into the database. */
export interface AuthDatabase {
  dialect: Dialect;
  close(): Promise<void>;
}

const POOL_SIZE = 5;
const STATEMENT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a pool whose connections work as the role `bursar_auth` in the schema `auth`: the library
 * that keeps passwords and sessions reaches those tables and nothing else.
 */
export function openAuthDatabase(url: string): AuthDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    options: '-c role=bursar_auth -c search_path=auth',
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'bursar-sign-in',
  });
  // An idle connection that the server closes must not end the process; the next use reports it.
  pool.on('error', () => undefined);
  return { dialect: new PostgresDialect({ pool }), close: () => pool.end() };
}
