import { z } from 'zod';
import { NoContent, route } from './route.ts';

/** Days between closing a provider and erasing its data; until then an Owner can undo it. */
export const GRACE_DAYS = 30;
/** An export this old still counts as taken before closing. */
export const EXPORT_FRESH_DAYS = 7;
/** Where a POST is answered with everything as one zip. */
export const EXPORT_PATH = '/api/v1/provider/export';

/** The provider itself: open, or on its way out. */
export const ProviderStanding = z.object({
  name: z.string(),
  country: z.string(),
  timeZone: z.string(),
  createdAt: z.iso.datetime(),
  /** When everything was last downloaded. */
  exportedAt: z.iso.datetime().nullable(),
  /** Null while it is open. */
  closing: z
    .object({
      closedAt: z.iso.datetime(),
      closedBy: z.string(),
      /** When all its data is erased, unless an Owner undoes it before. */
      eraseAt: z.iso.datetime(),
      /** Connections at Xero that are still to be ended; tried again by itself. */
      connectionsLeft: z.int(),
    })
    .nullable(),
});
export type ProviderStanding = z.infer<typeof ProviderStanding>;

export const closingRoutes = {
  getProviderStanding: route({
    method: 'GET',
    path: '/api/v1/provider',
    permission: 'provider.close',
    tag: 'Provider',
    summary: 'The provider itself, and whether it is being closed',
    answer: ProviderStanding,
  }),
  closeProvider: route({
    method: 'POST',
    path: '/api/v1/provider/close',
    permission: 'provider.close',
    tag: 'Provider',
    summary: `Close this provider: everything stops at once, data is erased after ${GRACE_DAYS} days`,
    /** The provider's name, typed, so that nobody closes one by a slip. */
    body: z.object({ name: z.string().trim().max(200) }),
    answer: ProviderStanding,
  }),
  reopenProvider: route({
    method: 'POST',
    path: '/api/v1/provider/reopen',
    permission: 'provider.close',
    tag: 'Provider',
    summary: 'Undo closing while the data is still here; repeating it is harmless',
    answer: NoContent,
  }),
};
