import type { EventLog } from '#events/index';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Logger } from '#platform/logger';
import type { SecretBox } from '#platform/secrets';
import type { Post } from './post-message.ts';

export interface WebhooksDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  secrets: SecretBox;
  /** Where people reach Bursar, without a trailing slash. */
  publicUrl: string;
  /** For development: also http, and addresses inside a network. */
  allowLocal: boolean;
  post: Post;
  /** From 0 up to 1; spreads retries. By chance unless given. */
  random?: () => number;
}
