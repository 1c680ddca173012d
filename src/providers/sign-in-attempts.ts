import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { sql } from 'kysely';
import { type Clock, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import type { Database, Tx } from '#platform/database';

/** Wrong guesses allowed at one account, from wherever they come, before it waits. */
export const ATTEMPTS_PER_ACCOUNT = 10;
/** Wrong guesses allowed from one address, at whatever accounts. */
export const ATTEMPTS_PER_ADDRESS = 30;
export const ATTEMPT_WINDOW_MS = 15 * MINUTE_MS;
const PRUNED_AT_ONCE = 100;

interface Attempt {
  email: string;
  /** The caller's network address, as the server saw it. */
  address: string;
}

export interface SignInAttempts {
  /**
   * Counts an attempt before the password is looked at, so that guesses sent together can't slip
   * past the limit. Answers the seconds to wait when there were too many, else null.
   */
  reserve(attempt: Attempt): Promise<number | null>;
  /** The password was right: the account starts afresh and the address gets its attempt back. */
  forgive(attempt: Attempt): Promise<void>;
}

/**
 * Counts stand in the database, so they hold over all nodes and restarts; each is a transaction of
 * its own and stays when the sign-in fails. E-mails and addresses are kept as hashes.
 */
export function createSignInAttempts(database: Database, clock: Clock): SignInAttempts {
  return {
    reserve: (attempt) =>
      database.asSystem(async (tx) => {
        const now = clock.now();
        await prune(tx, now);
        const waits: number[] = [];
        for (const { key, limit } of limitsOf(attempt)) {
          waits.push(await countOne(tx, key, limit, now));
        }
        const longest = Math.max(...waits);
        return longest > 0 ? longest : null;
      }),

    forgive: (attempt) =>
      database.asSystem(async (tx) => {
        await tx
          .deleteFrom('sign_in_attempts')
          .where('key', '=', accountKey(attempt.email))
          .execute();
        await tx
          .updateTable('sign_in_attempts')
          .set({ attempts: sql<number>`greatest(attempts - 1, 0)` })
          .where('key', '=', addressKey(attempt.address))
          .execute();
      }),
  };
}

/** Always in the same order, so that two attempts never wait for each other's row in a ring. */
function limitsOf(attempt: Attempt): { key: string; limit: number }[] {
  return [
    { key: accountKey(attempt.email), limit: ATTEMPTS_PER_ACCOUNT },
    { key: addressKey(attempt.address), limit: ATTEMPTS_PER_ADDRESS },
  ];
}

function accountKey(email: string): string {
  return `account:${hash(email.trim().toLowerCase())}`;
}

function addressKey(address: string): string {
  return `address:${hash(networkOf(address))}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** One caller has one IPv4 address, but a whole /64 of IPv6 addresses to take turns with. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  const [head = '', tail] = (address.toLowerCase().split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...new Array<string>(Math.max(zeros, 0)).fill('0'), ...right];
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}

/** Adds one to a count; answers the seconds to wait when it is above the limit, else 0. */
async function countOne(tx: Tx, key: string, limit: number, now: Date): Promise<number> {
  const isOver = sql<boolean>`sign_in_attempts.window_started_at <= ${plus(now, -ATTEMPT_WINDOW_MS)}`;
  const row = await tx
    .insertInto('sign_in_attempts')
    .values({ key, window_started_at: now, attempts: 1 })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        attempts: sql<number>`case when ${isOver} then 1
          else least(sign_in_attempts.attempts, ${limit}) + 1 end`,
        window_started_at: sql<Date>`case when ${isOver} then ${now}
          else sign_in_attempts.window_started_at end`,
      }),
    )
    .returning(['attempts', 'window_started_at'])
    .executeTakeFirstOrThrow();
  if (row.attempts <= limit) return 0;
  const endsAt = plus(row.window_started_at, ATTEMPT_WINDOW_MS);
  return Math.max(1, Math.ceil((endsAt.getTime() - now.getTime()) / SECOND_MS));
}

/** Drops what no longer counts, a little each time; rows that another attempt holds are left. */
async function prune(tx: Tx, now: Date): Promise<void> {
  await tx
    .deleteFrom('sign_in_attempts')
    .where('key', 'in', (query) =>
      query
        .selectFrom('sign_in_attempts')
        .select('key')
        .where('window_started_at', '<=', plus(now, -ATTEMPT_WINDOW_MS))
        .limit(PRUNED_AT_ONCE)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
