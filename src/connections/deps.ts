import type { EventLog } from '#events/index';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Logger } from '#platform/logger';
import type { SecretBox } from '#platform/secrets';
import type { Providers } from '#providers/index';
import type { Xero } from '#xero/index';

export interface ConnectionsDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  secrets: SecretBox;
  xero: Xero;
  /** Tells whether the browser that comes back from Xero is signed in, and as whom. */
  providers: Pick<Providers, 'authenticate' | 'sessionCookieName'>;
  /** Where people reach Bursar, without a trailing slash. */
  publicUrl: string;
  /** Whether nothing may be asked of Xero here now. */
  isHeld(): Promise<boolean>;
}
