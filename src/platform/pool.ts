import pg from 'pg';
import { SECOND_MS } from './clock.ts';
import { SetupError } from './setup-error.ts';

/** How a pool's connections work, beside what all of them have in common. */
export interface PoolOptions {
  /** Connections at most. */
  size: number;
  /** How the connections call themselves in PostgreSQL's list. */
  name: string;
  /** The role they work as; without one, the owner. */
  role?: string;
  searchPath?: string;
  types?: pg.CustomTypesConfig;
  statementTimeoutMs?: number;
  idleInTransactionMs?: number;
  /** After which silence of the database a connection is given up. */
  answerWithinMs?: number;
}

const CONNECT_TIMEOUT_MS = 10 * SECOND_MS;
const KEEP_ALIVE_AFTER_MS = 10 * SECOND_MS;
/** Longer than any statement may run (30 s): whoever is silent for so long is gone. */
const ANSWER_WITHIN_MS = 40 * SECOND_MS;

/**
 * Opens a pool on the database at `url` (the owner's login). A connection whose other end is gone
 * without a word is found out and not used again, a lost one ends nothing but what it was used
 * for, and none is handed out that does not work as `role`.
 */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const { role, searchPath } = options;
  const startUp = [role && `-c role=${role}`, searchPath && `-c search_path=${searchPath}`];
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size,
    application_name: options.name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    query_timeout: options.answerWithinMs ?? ANSWER_WITHIN_MS,
    ...(role && { options: startUp.filter(Boolean).join(' ') }),
    ...(role && { onConnect: (client) => requireRole(client, role) }),
    ...(options.types && { types: options.types }),
    ...(options.statementTimeoutMs && { statement_timeout: options.statementTimeoutMs }),
    ...(options.idleInTransactionMs && {
      idle_in_transaction_session_timeout: options.idleInTransactionMs,
    }),
  });
  // A connection that ends while idle, or between two statements of a transaction, must not end
  // the process: the next use reports it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    endWhenSilent(client);
  });
  return pool;
}

/** The wall between providers is the role; a pooler in between may have dropped it. */
async function requireRole(client: pg.ClientBase, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_user as name');
  if (rows[0]?.name === role) return;
  throw new SetupError(
    'database_role',
    `The database lets connections work as ${rows[0]?.name} and not as ${role}, so that nothing would keep providers apart: DATABASE_URL must lead to PostgreSQL itself, or to a pooler that passes start-up options on and keeps sessions.`,
  );
}

/** The answer that a statement no longer waits for would be taken for the next one's. */
function endWhenSilent(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const watched = (...given: unknown[]): unknown => {
    const answer = query(...given);
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        if (isSilence(error)) endOf(client);
      });
    }
    return answer;
  };
  client.query = watched as typeof client.query;
}

function endOf(client: pg.ClientBase): void {
  // Only a connection outside of a pool has `end` in its type.
  void (client as pg.ClientBase & { end(): Promise<void> }).end().catch(() => undefined);
}

const SILENCE = 'Query read timeout';

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === SILENCE;
}

const AWAY_CODES = new Set([
  // The way there.
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
  // PostgreSQL's own: connection failures, going down, coming up, no connection left.
  ...['08000', '08001', '08003', '08004', '08006', '57P01', '57P02', '57P03', '57P05', '53300'],
]);

/** What the driver says without a code. */
const AWAY_WORDS = new RegExp(
  `^(Connection terminated|timeout exceeded when trying to connect|timeout expired|${SILENCE}|Client has encountered a connection error)`,
);

/** Whether the database cannot be reached just now (or takes no more connections), and may be soon. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // A socket in a folder is not there while nobody listens at it.
  const isSocketGone = code === 'ENOENT' && syscall === 'connect';
  return isSocketGone || AWAY_CODES.has(String(code)) || AWAY_WORDS.test(error.message);
}
