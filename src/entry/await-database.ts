import { SECOND_MS } from '#platform/clock';
import { isDatabaseAway } from '#platform/pool';

const FIRST_WAIT_MS = SECOND_MS / 2;
const LONGEST_WAIT_MS = 10 * SECOND_MS;

/** What waiting needs. */
export interface AwaitDatabase {
  /** Asks for a connection; throws why there is none. */
  reach(): Promise<void>;
  /** Hears each time in vain. */
  missed(error: unknown): void;
  pause?: (milliseconds: number) => Promise<void>;
}

/**
 * Waits until the database can be reached, for as long as it takes: a database that is started
 * again or moves to another machine comes back by itself. Any other failure is thrown.
 */
export async function awaitDatabase({ reach, missed, pause }: AwaitDatabase): Promise<void> {
  const rest = pause ?? pauseReally;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      await reach();
      return;
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      missed(error);
    }
    await rest(wait);
  }
}

function pauseReally(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
