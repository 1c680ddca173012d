import { z } from 'zod';
import { ERROR_CODES } from './errors.ts';
import { ConnectionId, XeroOrgId } from './ids.ts';
import { NoContent, route } from './route.ts';
import { opaque } from './text.ts';

export const AppKey = z.enum(['xero', 'webhooks']);
export type AppKey = z.infer<typeof AppKey>;
/** Apps that somebody has to allow on the app's own side. */
export const ConsentApp = AppKey.extract(['xero']);

/** The states of a connection. `needs-consent`: Xero no longer lets us in until someone reconnects. */
export const ConnectionState = z.enum([
  'choosing',
  'active',
  'paused',
  'needs-consent',
  'disconnected',
]);
export type ConnectionState = z.infer<typeof ConnectionState>;

export const ConnectedOrganisation = z.object({
  xeroOrgId: XeroOrgId,
  name: z.string(),
  legalName: z.string().nullable(),
  country: z.string().nullable(),
  baseCurrency: z.string().nullable(),
  taxNumber: z.string().nullable(),
  isDemo: z.boolean(),
});
export type ConnectedOrganisation = z.infer<typeof ConnectedOrganisation>;

export const Connection = z.object({
  id: ConnectionId,
  app: AppKey,
  state: ConnectionState,
  /** Null while an organisation is still to be chosen. */
  organisation: ConnectedOrganisation.nullable(),
  connectedAt: z.iso.datetime().nullable(),
  connectedBy: z.string().nullable(),
  /** Who allowed it at Xero, as Xero named them; null where it did not. */
  xeroPerson: z.string().nullable(),
  /** What is wrong, if anything; its text stands in `contract/errors`. */
  trouble: z.object({ code: z.enum(ERROR_CODES), since: z.iso.datetime() }).nullable(),
  lastCallAt: z.iso.datetime().nullable(),
});
export type Connection = z.infer<typeof Connection>;

/** Why Connect can't be pressed, with the way out; null when it can. */
export const ConnectBarrier = z.enum(['not-licensed', 'not-permitted', 'not-configured']);
export type ConnectBarrier = z.infer<typeof ConnectBarrier>;

/** One app as Settings > Connected Apps lists it. */
export const CatalogueApp = z.object({
  key: AppKey,
  name: z.string(),
  summary: z.string(),
  /** What it does, a paragraph each. */
  about: z.array(z.string()),
  /** What it costs, in words. */
  price: z.string(),
  /** Who can allow it on the app's own side, in words; null where nobody there is asked. */
  whoAllows: z.string().nullable(),
  /** Since when the provider's package has it or has it no longer; null: it never did. */
  licence: z
    .object({ grantedAt: z.iso.datetime(), withdrawnAt: z.iso.datetime().nullable() })
    .nullable(),
  /** Which data goes which way, one line each. */
  flows: z.array(z.object({ what: z.string(), direction: z.enum(['to-app', 'from-app']) })),
  /** What is asked for at Xero and why, from the same table that builds the request. */
  scopes: z.array(z.object({ scope: z.string(), why: z.string() })),
  barrier: ConnectBarrier.nullable(),
  /** People here who may connect, for when the reader may not. */
  whoMay: z.array(z.object({ name: z.string(), role: z.string() })),
  connections: z.array(Connection),
});
export type CatalogueApp = z.infer<typeof CatalogueApp>;

/** How a consent ended, as the page after Xero tells it. */
export const CONSENT_OUTCOMES = [
  'connected',
  'choose',
  'cancelled',
  'expired',
  'wrong-state',
  'refused-by-xero',
  'no-organisation',
  'organisation-taken',
  'already-connected',
] as const;
export const ConsentOutcome = z.enum(CONSENT_OUTCOMES);
export type ConsentOutcome = z.infer<typeof ConsentOutcome>;

/** What is worth a look before an organisation is connected. */
export const OrganisationWarning = z.discriminatedUnion('kind', [
  /** It was connected here before; so many links come back with it. */
  z.object({
    kind: z.literal('was-here'),
    connectedBy: z.string(),
    until: z.iso.datetime(),
    links: z.int(),
  }),
  /** Another organisation was connected last, or waits to be reconnected and would make way. */
  z.object({ kind: z.literal('differs'), lastName: z.string(), makesWay: z.boolean() }),
  z.object({ kind: z.literal('demo') }),
  /** It is in another country than the provider, or keeps its books in another currency. */
  z.object({ kind: z.literal('country'), expected: z.string() }),
  z.object({ kind: z.literal('currency'), expected: z.string() }),
  /** Xero did not describe it at that moment; only its name is known. */
  z.object({ kind: z.literal('undescribed') }),
]);
export type OrganisationWarning = z.infer<typeof OrganisationWarning>;

export const OrganisationChoice = ConnectedOrganisation.extend({
  /** Why it can't be chosen: it serves another provider already. */
  taken: z.boolean(),
  warnings: z.array(OrganisationWarning),
});
export type OrganisationChoice = z.infer<typeof OrganisationChoice>;

/** How many organisations may be connected at one go. */
const CHOSEN_AT_ONCE_MAX = 20;

const oneConnection = z.object({ connectionId: ConnectionId });
const token = z.object({ token: opaque(100).min(20) });

/** Where a person's browser goes to begin; the page there says who asks and for whom. */
export const ConsentInvitation = z.object({
  providerName: z.string(),
  askedBy: z.string(),
  appName: z.string(),
  expiresAt: z.iso.datetime(),
  /** The link is for members of this provider, and none is signed in in this browser. */
  mustSignIn: z.boolean(),
});

export const connectionRoutes = {
  listApps: route({
    method: 'GET',
    path: '/api/v1/apps',
    permission: 'connections.view',
    tag: 'Connected apps',
    summary: 'Connected and available apps, with what stands in the way of connecting',
    answer: z.object({ apps: z.array(CatalogueApp) }),
  }),
  getConnection: route({
    method: 'GET',
    path: '/api/v1/connections/:connectionId',
    permission: 'connections.view',
    tag: 'Connected apps',
    summary: 'One connection',
    params: oneConnection,
    answer: Connection,
  }),
  /**
   * A signed-in person's browser gets `authorizeUrl` and goes there top level. With an API key
   * there is no browser yet: `startUrl` is a page of ours that any browser opens to carry on.
   */
  beginConsent: route({
    method: 'POST',
    path: '/api/v1/connections',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Begin connecting an app',
    /** `another`: beside the organisations that are connected already. */
    body: z.object({ app: ConsentApp, another: z.boolean().default(false) }),
    answer: z.object({
      authorizeUrl: z.url().nullable(),
      startUrl: z.url().nullable(),
      expiresAt: z.iso.datetime(),
    }),
  }),
  getInvitation: route({
    method: 'GET',
    path: '/api/v1/consents/:token',
    permission: 'public',
    tag: 'Connected apps',
    summary: 'Who asks to connect which provider, before going on to Xero',
    params: token,
    answer: ConsentInvitation,
  }),
  continueConsent: route({
    method: 'POST',
    path: '/api/v1/consents/:token/continue',
    permission: 'public',
    tag: 'Connected apps',
    summary: 'Carry on to Xero in this browser',
    params: token,
    answer: z.object({ authorizeUrl: z.url() }),
  }),
  listChoices: route({
    method: 'GET',
    path: '/api/v1/connections/:connectionId/organisations',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'The organisations of this consent, with what is worth a look before connecting',
    params: oneConnection,
    answer: z.object({
      /** Whether they come beside the organisations that are connected already. */
      joinsOthers: z.boolean(),
      organisations: z.array(OrganisationChoice),
    }),
  }),
  chooseOrganisation: route({
    method: 'POST',
    path: '/api/v1/connections/:connectionId/organisation',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Choose the organisation that this connection is for, and others to connect beside it',
    params: oneConnection,
    body: z.object({
      xeroOrgId: XeroOrgId,
      /** Each becomes a connection of its own. */
      also: z.array(XeroOrgId).max(CHOSEN_AT_ONCE_MAX).default([]),
    }),
    answer: Connection,
  }),
  disconnect: route({
    method: 'DELETE',
    path: '/api/v1/connections/:connectionId',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Disconnect at Xero and here; repeating it is harmless',
    params: oneConnection,
    answer: NoContent,
  }),
};
