import { z } from 'zod';
import { PageQuery } from './paging.ts';

/** Of what a history is to tell: edits here, what went to and came from Xero's contacts, or papers. */
export const HISTORY_TOPICS = ['details', 'contact', 'papers'] as const;
export const HistoryTopic = z.enum(HISTORY_TOPICS);
export type HistoryTopic = z.infer<typeof HistoryTopic>;
export const HistoryQuery = PageQuery.extend({ topic: HistoryTopic.optional() });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** One line of what happened to somebody or something, newest first. */
export const HistoryEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.string(),
  /** Who did it: a person's name, an API key's, or "Bursar". */
  actor: z.string(),
  summary: z.string(),
  details: z.array(
    z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
  ),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
