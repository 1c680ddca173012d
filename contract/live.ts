import { z } from 'zod';

/**
 * What an open page hears by server-sent events at `/api/v1/live`: never the data, only what
 * changed, so that the page asks again. Ids are of the subject named by the topic.
 */
export const LiveTopic = z.enum([
  'learners',
  'workplaces',
  'sync',
  'documents',
  'connections',
  'imports',
  'support',
  'runs',
  'webhooks',
]);
export type LiveTopic = z.infer<typeof LiveTopic>;

export const LiveMessage = z.object({
  topic: LiveTopic,
  /** At most 50 ids; empty means "many". */
  ids: z.array(z.string()).max(50),
});
export type LiveMessage = z.infer<typeof LiveMessage>;

export const LIVE_PATH = '/api/v1/live';
