import {
  infiniteQueryOptions,
  keepPreviousData,
  type Query,
  QueryClient,
  queryOptions,
} from '@tanstack/react-query';
import type { Api } from '#contract/api';
import type { LiveTopic } from '#contract/live';
import { type Answer, call, type Given } from './client.ts';
import { ProblemError } from './errors.ts';

export type RouteName = keyof Api;
export type AnswerOf<Name extends RouteName> = Answer<Api[Name]>;
export type GivenOf<Name extends RouteName> = Given<Api[Name]>;
type OptionalGiven<Name extends RouteName> =
  Record<never, never> extends GivenOf<Name> ? [given?: GivenOf<Name>] : [given: GivenOf<Name>];

/** Routes that answer with a page of items and the cursor of the next one. */
type PagedName = {
  [Name in RouteName]: AnswerOf<Name> extends { nextCursor: string | null } ? Name : never;
}[RouteName];

/** One question to the API, kept under its route's name so that live messages can renew it. */
export function ask<Name extends RouteName>(name: Name, ...[given]: OptionalGiven<Name>) {
  const asked = (given ?? {}) as GivenOf<Name>;
  return queryOptions<AnswerOf<Name>>({
    queryKey: [name, asked],
    queryFn: ({ signal }) => call(name, asked, signal),
  });
}

/** A list walked page by page; while the question changes, the old answer stays on screen. */
export function askPages<Name extends PagedName>(name: Name, ...[given]: OptionalGiven<Name>) {
  const asked = (given ?? {}) as GivenOf<Name> & { query?: Record<string, unknown> };
  return infiniteQueryOptions({
    queryKey: [name, asked, 'pages'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }): Promise<AnswerOf<Name>> => {
      const query = pageParam ? { ...asked.query, cursor: pageParam } : asked.query;
      return call(name, { ...asked, query } as GivenOf<Name>, signal);
    },
    getNextPageParam: (last) => (last as { nextCursor: string | null }).nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Whatever tells what is owed. */
const owingRoutes = [
  'listLearners',
  'listWorkplaces',
  'listDocuments',
  'listLearnerDocuments',
  'listWorkplaceDocuments',
  'learnerStatement',
  'workplaceStatement',
] as const satisfies readonly RouteName[];

/** Which answers may be out of date when a topic changes. */
export const routesOfTopic: Record<LiveTopic, readonly RouteName[]> = {
  learners: [
    'partyDrift',
    'listLearnerMerges',
    'listFurtherContacts',
    'listLearners',
    'getLearner',
    'learnerHistory',
    'learnerSync',
    'getOrganisationRules',
    'learnerWorkplace',
    'listWorkplaceLearners',
  ],
  workplaces: [
    'listWorkplaces',
    'getWorkplace',
    'workplaceHistory',
    'workplaceSync',
    'listWorkplaceLearners',
    'learnerWorkplace',
  ],
  sync: [
    'listAgreements',
    'listAgreementChecks',
    'getAgreementCheck',
    'listFurtherContacts',
    'listLearners',
    'listWorkplaces',
    'workplaceHistory',
    'workplaceSync',
    'workplaceMatch',
    'learnerSync',
    'learnerHistory',
    'syncHealth',
    'getMatching',
    'listProposals',
    'learnerMatch',
    'learnerDiagnosis',
    'workplaceDiagnosis',
    'syncInbox',
    'syncInboxCount',
    'listProblemEntries',
    'partyDrift',
    'getSyncRules',
    'listSyncRuns',
    'getSyncRun',
  ],
  documents: [...owingRoutes, 'documentHistory', 'workplaceHistory', 'learnerHistory'],
  connections: [
    'listApps',
    'getPackage',
    'getProviderStanding',
    'getConnection',
    'getConnectionLife',
    'connectionHistory',
    'listConnectionNews',
    'listChoices',
    'getBooks',
    'listConnectInvitations',
    'listOrganisations',
    'getOrganisationRules',
    'syncHealth',
    'learnerSync',
    'workplaceSync',
    // What is owed in an organisation counts only while it is connected.
    ...owingRoutes,
  ],
  support: ['listSupportRequests', 'getSupportRequest'],
  runs: [
    'listRunEnds',
    'listSyncRuns',
    'getSyncRun',
    'listSyncRunItems',
    'syncInbox',
    'syncInboxCount',
  ],
  imports: ['listImports', 'getImport', 'listImportRows'],
  webhooks: ['listWebhookEndpoints', 'listWebhookDeliveries', 'getWebhookDelivery'],
};

/**
 * Renews every shown answer of the given routes; hidden ones are asked again when shown. A first
 * answer that is still on its way may have been read before the change: the client lets it come in
 * and takes it for new, so that it is asked for once more.
 */
export function renew(client: QueryClient, names: Iterable<RouteName>): void {
  for (const name of new Set(names)) {
    const queryKey = [name];
    const underway = client
      .getQueryCache()
      .findAll({ queryKey, fetchStatus: 'fetching' })
      .filter(({ state }) => state.data === undefined);
    void client.invalidateQueries({ queryKey });
    for (const query of underway) void renewAfter(client, query);
  }
}

async function renewAfter(client: QueryClient, query: Query): Promise<void> {
  await query.promise?.catch(() => undefined);
  await client.invalidateQueries({ queryKey: query.queryKey, exact: true });
}

const ATTEMPTS_MAX = 3;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < ATTEMPTS_MAX - 1 && isPassing(error),
    },
  },
});

/**
 * Only what passes by itself is asked again; a refusal stays a refusal, and whoever asks too much is
 * not helped by asking more.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  return error.problem.remedy === 'wait' && error.problem.code !== 'request.too-many';
}
