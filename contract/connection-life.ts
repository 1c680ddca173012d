import { z } from 'zod';
import { Connection, ConnectionState } from './connections.ts';
import { ERROR_CODES, type ErrorCode } from './errors.ts';
import { HistoryEntry } from './history.ts';
import { ConnectionId, XeroOrgId } from './ids.ts';
import { PageQuery, pageOf } from './paging.ts';
import { route } from './route.ts';

/**
 * What can be wrong with a connection, the gravest first: while two are true, the graver is shown.
 * Their words stand in `contract/errors`.
 */
export const TROUBLE_CODES = [
  'xero.grant-dead',
  'xero.demo-reset',
  'xero.access-removed',
  'xero.person-demoted',
  'xero.scope-missing',
  'xero.consent-lost',
  'xero.token-refused',
  'xero.app-refused',
  'xero.key-missing',
  'xero.other-app',
  'xero.organisation-offline',
  'xero.unreachable',
  'xero.clock-skew',
  'xero.webhooks-silent',
] as const satisfies readonly ErrorCode[];
export type TroubleCode = (typeof TROUBLE_CODES)[number];

/** Troubles under which Xero and Bursar go on working together. */
export const MILD_TROUBLES: readonly ErrorCode[] = ['xero.clock-skew', 'xero.webhooks-silent'];

/** What somebody may do with a connection in a state: the one table that server and page read. */
export const connectionActs = {
  choosing: ['disconnect'],
  active: ['test', 'pause', 'disconnect'],
  paused: ['test', 'resume', 'disconnect'],
  'needs-consent': ['test', 'reconnect', 'disconnect'],
  disconnected: [],
} as const satisfies Record<ConnectionState, readonly string[]>;
export type ConnectionAct = (typeof connectionActs)[ConnectionState][number];

/**
 * Whether the state of a connection allows an act. Whether this person may is another question,
 * answered by `permissions`: page and server ask both.
 */
export function connectionMay(state: ConnectionState, act: ConnectionAct): boolean {
  return (connectionActs[state] as readonly ConnectionAct[]).includes(act);
}

const instant = z.iso.datetime();

/** Everything a person may want to know of a connection that lives. */
export const ConnectionLife = z.object({
  connection: Connection,
  pausedAt: instant.nullable(),
  pausedBy: z.string().nullable(),
  /** When it was last looked at only to see whether it works, and when it will be next. */
  checkedAt: instant.nullable(),
  nextCheckAt: instant.nullable(),
  /** When Xero last described the organisation. */
  describedAt: instant.nullable(),
  catchingUpSince: instant.nullable(),
  inStepAt: instant.nullable(),
  usage: z.object({
    callsToday: z.int(),
    callsPerDay: z.int(),
    callsPerMinute: z.int(),
    callsAtOnce: z.int(),
    bytesToday: z.int(),
    lastCallAt: instant.nullable(),
  }),
  /** Null once the permission was erased. */
  permission: z
    .object({
      isAlive: z.boolean(),
      renewedAt: instant,
      /** The next call after this instant renews it first. */
      renewsFrom: instant,
      /** Without a renewal until then, someone has to connect again. */
      endsAt: instant,
      scopes: z.array(z.string()),
    })
    .nullable(),
  webhooks: z.object({
    isSetUp: z.boolean(),
    /** Notices of any organisation: Xero has one address for an app. */
    lastHeardAt: instant.nullable(),
    /** Xero's last check that signatures are looked at. */
    verifiedAt: instant.nullable(),
    /** Changes that were found by looking although a notice should have told of them. */
    unnoticed: z.int(),
    isSilent: z.boolean(),
  }),
});
export type ConnectionLife = z.infer<typeof ConnectionLife>;

/** What a light call to Xero found, for the person who asked for it. */
export const ConnectionTest = z.object({
  works: z.boolean(),
  /** What was found, as a sentence. */
  words: z.string(),
  /** What to do about it; null when it works. */
  way: z.string().nullable(),
  milliseconds: z.int(),
  connection: Connection,
});
export type ConnectionTest = z.infer<typeof ConnectionTest>;

/** One line about a connection that stands on every page for those who can act. */
export const ConnectionNews = z.object({
  connectionId: ConnectionId,
  xeroOrgId: XeroOrgId,
  organisationName: z.string(),
  state: ConnectionState,
  trouble: z.object({ code: z.enum(ERROR_CODES), since: instant }).nullable(),
  catchingUpSince: instant.nullable(),
  inStepAt: instant.nullable(),
});
export type ConnectionNews = z.infer<typeof ConnectionNews>;

const oneConnection = z.object({ connectionId: ConnectionId });

export const connectionLifeRoutes = {
  getConnectionLife: route({
    method: 'GET',
    path: '/api/v1/connections/:connectionId/life',
    permission: 'connections.view',
    tag: 'Connected apps',
    summary: 'How a connection fares: calls, permission, webhooks, checks',
    params: oneConnection,
    answer: ConnectionLife,
  }),
  testConnection: route({
    method: 'POST',
    path: '/api/v1/connections/:connectionId/test',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Make one light call to Xero now and say what came of it',
    params: oneConnection,
    answer: ConnectionTest,
  }),
  pauseConnection: route({
    method: 'POST',
    path: '/api/v1/connections/:connectionId/pause',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Let nothing flow until it is resumed; what waits is kept',
    params: oneConnection,
    answer: Connection,
  }),
  resumeConnection: route({
    method: 'POST',
    path: '/api/v1/connections/:connectionId/resume',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Go on after a pause, and catch up',
    params: oneConnection,
    answer: Connection,
  }),
  connectionHistory: route({
    method: 'GET',
    path: '/api/v1/connections/:connectionId/history',
    permission: 'connections.view',
    tag: 'Connected apps',
    summary: 'What happened to a connection, newest first: who connected, paused, and each trouble',
    params: z.object({ connectionId: ConnectionId }),
    query: PageQuery,
    answer: pageOf(HistoryEntry),
  }),
  listConnectionNews: route({
    method: 'GET',
    path: '/api/v1/connection-news',
    permission: 'connections.view',
    tag: 'Connected apps',
    summary: 'Connections that are in trouble, paused, catching up or lately in step again',
    answer: z.object({
      news: z.array(ConnectionNews),
      /** This is a copy of a Bursar: nothing leaves it and nothing comes from Xero. */
      isOnHold: z.boolean(),
    }),
  }),
};
