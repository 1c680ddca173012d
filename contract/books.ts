import { z } from 'zod';
import { ConnectionId, XeroOrgId } from './ids.ts';
import { route } from './route.ts';

/** How an organisation's books are set up in Xero, as far as Bursar goes by it. Read-only here. */
export const BookSettings = z.object({
  name: z.string(),
  legalName: z.string().nullable(),
  country: z.string().nullable(),
  baseCurrency: z.string().nullable(),
  /** Xero's own name of the time zone. */
  timeZone: z.string().nullable(),
  taxNumber: z.string().nullable(),
  salesTaxBasis: z.string().nullable(),
  /** Calendar days up to which nothing can be changed. */
  periodLockDate: z.iso.date().nullable(),
  endOfYearLockDate: z.iso.date().nullable(),
  currencies: z.array(z.object({ code: z.string(), name: z.string().nullable() })),
  taxRates: z.array(
    z.object({
      taxType: z.string(),
      name: z.string(),
      /** Percent as exact decimal text. */
      rate: z.string().nullable(),
      status: z.string(),
      forSales: z.boolean(),
    }),
  ),
  accounts: z.array(
    z.object({
      accountId: z.string(),
      code: z.string().nullable(),
      name: z.string(),
      type: z.string(),
      status: z.string(),
      taxType: z.string().nullable(),
      takesPayments: z.boolean(),
    }),
  ),
});
export type BookSettings = z.infer<typeof BookSettings>;

export const Books = z.object({
  xeroOrgId: XeroOrgId,
  organisationName: z.string(),
  /** Null until they were read for the first time. */
  settings: BookSettings.nullable(),
  readAt: z.iso.datetime().nullable(),
  changedAt: z.iso.datetime().nullable(),
  /** Asked for and not yet read. */
  isBeingRead: z.boolean(),
  /** The latest changes, newest first. */
  changes: z.array(
    z.object({
      at: z.iso.datetime(),
      changes: z.array(
        z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
      ),
    }),
  ),
});
export type Books = z.infer<typeof Books>;

const oneConnection = z.object({ connectionId: ConnectionId });

export const bookRoutes = {
  getBooks: route({
    method: 'GET',
    path: '/api/v1/connections/:connectionId/books',
    permission: 'connections.view',
    tag: 'Connections',
    summary: 'How the books of a connected organisation are set up in Xero',
    params: oneConnection,
    answer: Books,
  }),
  readBooksNow: route({
    method: 'POST',
    path: '/api/v1/connections/:connectionId/books/read',
    permission: 'connections.view',
    tag: 'Connections',
    summary: 'Read the settings of the books again now',
    params: oneConnection,
    answer: Books,
  }),
};
