import type { Client } from 'pg';
import { expect } from 'vitest';

/** Waits until so many connections to the database wait for a lock; at most five seconds. */
export async function untilWaiting(client: Client, count: number): Promise<void> {
  const sql = `select 1 from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`;
  const waiting = async () => {
    // Who is connected is else told as it was when the transaction asked first.
    await client.query('select pg_stat_clear_snapshot()');
    return (await client.query(sql)).rows.length;
  };
  await expect.poll(waiting, { timeout: 5_000 }).toBe(count);
}
