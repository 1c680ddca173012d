import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { hasCode } from './api/errors.ts';
import { loadMe } from './api/session.ts';
import { FailedPage } from './pages/shell/FailedPage.tsx';
import { publicRoutes, root } from './public-routes.tsx';
import { Loading } from './ui/loading.tsx';
import {
  consentSearch,
  learnerSearch,
  learnersSearch,
  securitySearch,
  signInSearch,
  statementSearch,
} from './util/search.ts';

/** Everything behind sign-in stands in the shell. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    try {
      await loadMe();
    } catch (error) {
      if (!hasCode(error, 'session.missing')) throw error;
      throw redirect({ to: '/sign-in', search: signInSearch({ next: location.href }) });
    }
  },
  component: lazyRouteComponent(() => import('./pages/shell/Shell.tsx'), 'Shell'),
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/learners', replace: true });
  },
});

const overview = createRoute({
  getParentRoute: () => app,
  path: '/overview',
  component: lazyRouteComponent(() => import('./pages/overview/OverviewPage.tsx'), 'OverviewPage'),
});

const learners = createRoute({
  getParentRoute: () => app,
  path: '/learners',
  validateSearch: learnersSearch,
  component: lazyRouteComponent(() => import('./pages/learners/LearnersPage.tsx'), 'LearnersPage'),
});

const addLearner = createRoute({
  getParentRoute: () => app,
  path: '/learners/new',
  component: lazyRouteComponent(
    () => import('./pages/learners/AddLearnerPage.tsx'),
    'AddLearnerPage',
  ),
});

const learner = createRoute({
  getParentRoute: () => app,
  path: '/learners/$learnerId',
  validateSearch: learnerSearch,
  component: lazyRouteComponent(() => import('./pages/learners/LearnerPage.tsx'), 'LearnerPage'),
});

const editLearner = createRoute({
  getParentRoute: () => app,
  path: '/learners/$learnerId/edit',
  component: lazyRouteComponent(
    () => import('./pages/learners/EditLearnerPage.tsx'),
    'EditLearnerPage',
  ),
});

const statement = createRoute({
  getParentRoute: () => app,
  path: '/learners/$learnerId/statement',
  validateSearch: statementSearch,
  component: lazyRouteComponent(
    () => import('./pages/learners/StatementPage.tsx'),
    'StatementPage',
  ),
});

const invoices = createRoute({
  getParentRoute: () => app,
  path: '/invoices',
  component: lazyRouteComponent(() => import('./pages/billing/InvoicesPage.tsx'), 'InvoicesPage'),
});

const imports = createRoute({
  getParentRoute: () => app,
  path: '/imports',
  component: lazyRouteComponent(() => import('./pages/imports/ImportsPage.tsx'), 'ImportsPage'),
});

const newImport = createRoute({
  getParentRoute: () => app,
  path: '/imports/new',
  component: lazyRouteComponent(() => import('./pages/imports/NewImportPage.tsx'), 'NewImportPage'),
});

const oneImport = createRoute({
  getParentRoute: () => app,
  path: '/imports/$importId',
  component: lazyRouteComponent(() => import('./pages/imports/ImportPage.tsx'), 'ImportPage'),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  beforeLoad: ({ location }) => {
    if (/^\/settings\/?$/.test(location.pathname)) {
      throw redirect({ to: '/settings/connected-apps', replace: true });
    }
  },
});

const connectedApps = createRoute({
  getParentRoute: () => settings,
  path: '/connected-apps',
  validateSearch: consentSearch,
  component: lazyRouteComponent(
    () => import('./pages/connections/ConnectedAppsPage.tsx'),
    'ConnectedAppsPage',
  ),
});

const manageConnection = createRoute({
  getParentRoute: () => settings,
  path: '/connected-apps/$connectionId/manage',
  component: lazyRouteComponent(
    () => import('./pages/connections/ManageConnectionPage.tsx'),
    'ManageConnectionPage',
  ),
});

const organisationRules = createRoute({
  getParentRoute: () => settings,
  path: '/connected-apps/rules',
  component: lazyRouteComponent(
    () => import('./pages/connections/OrganisationRulesPage.tsx'),
    'OrganisationRulesPage',
  ),
});

const books = createRoute({
  getParentRoute: () => settings,
  path: '/connected-apps/$connectionId/books',
  component: lazyRouteComponent(() => import('./pages/connections/BooksPage.tsx'), 'BooksPage'),
});

const chooseOrganisation = createRoute({
  getParentRoute: () => settings,
  path: '/connected-apps/$connectionId/choose',
  component: lazyRouteComponent(
    () => import('./pages/connections/ChooseOrganisationPage.tsx'),
    'ChooseOrganisationPage',
  ),
});

const matching = createRoute({
  getParentRoute: () => settings,
  path: '/connected-apps/$connectionId/matching',
  component: lazyRouteComponent(() => import('./pages/matching/MatchingPage.tsx'), 'MatchingPage'),
});

const connectedApp = createRoute({
  getParentRoute: () => settings,
  path: '/connected-apps/$appKey',
  component: lazyRouteComponent(() => import('./pages/connections/AppPage.tsx'), 'AppPage'),
});

const providerPackage = createRoute({
  getParentRoute: () => settings,
  path: '/package',
  component: lazyRouteComponent(() => import('./pages/providers/PackagePage.tsx'), 'PackagePage'),
});

const support = createRoute({
  getParentRoute: () => settings,
  path: '/support',
  component: lazyRouteComponent(() => import('./pages/support/SupportPage.tsx'), 'SupportPage'),
});

const supportRequest = createRoute({
  getParentRoute: () => settings,
  path: '/support/$requestId',
  component: lazyRouteComponent(
    () => import('./pages/support/SupportRequestPage.tsx'),
    'SupportRequestPage',
  ),
});

const outgoingMail = createRoute({
  getParentRoute: () => settings,
  path: '/outgoing-mail',
  component: lazyRouteComponent(
    () => import('./pages/providers/OutgoingMailPage.tsx'),
    'OutgoingMailPage',
  ),
});

const provider = createRoute({
  getParentRoute: () => settings,
  path: '/provider',
  component: lazyRouteComponent(() => import('./pages/closing/ProviderPage.tsx'), 'ProviderPage'),
});

const people = createRoute({
  getParentRoute: () => settings,
  path: '/people',
  component: lazyRouteComponent(() => import('./pages/providers/PeoplePage.tsx'), 'PeoplePage'),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit-log',
  component: lazyRouteComponent(() => import('./pages/audit/AuditPage.tsx'), 'AuditPage'),
});

const webhooks = createRoute({
  getParentRoute: () => settings,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/WebhooksPage.tsx'), 'WebhooksPage'),
});

const webhookEndpoint = createRoute({
  getParentRoute: () => settings,
  path: '/webhooks/$endpointId',
  component: lazyRouteComponent(
    () => import('./pages/webhooks/WebhookEndpointPage.tsx'),
    'WebhookEndpointPage',
  ),
});

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./pages/providers/ApiKeysPage.tsx'), 'ApiKeysPage'),
});

const security = createRoute({
  getParentRoute: () => settings,
  path: '/security',
  validateSearch: securitySearch,
  component: lazyRouteComponent(() => import('./pages/providers/SecurityPage.tsx'), 'SecurityPage'),
});

const syncInbox = createRoute({
  getParentRoute: () => app,
  path: '/sync',
  component: lazyRouteComponent(() => import('./pages/sync/InboxPage.tsx'), 'InboxPage'),
});

const agreement = createRoute({
  getParentRoute: () => app,
  path: '/sync/agreement',
  component: lazyRouteComponent(
    () => import('./pages/agreement/AgreementPage.tsx'),
    'AgreementPage',
  ),
});

const oneAgreementCheck = createRoute({
  getParentRoute: () => app,
  path: '/sync/agreement/$checkId',
  component: lazyRouteComponent(
    () => import('./pages/agreement/AgreementCheckPage.tsx'),
    'AgreementCheckPage',
  ),
});

const runs = createRoute({
  getParentRoute: () => app,
  path: '/sync/runs',
  component: lazyRouteComponent(() => import('./pages/sync/RunsPage.tsx'), 'RunsPage'),
});

const oneRun = createRoute({
  getParentRoute: () => app,
  path: '/sync/runs/$runId',
  component: lazyRouteComponent(() => import('./pages/sync/RunPage.tsx'), 'RunPage'),
});

const routeTree = root.addChildren([
  ...publicRoutes,
  app.addChildren([
    home,
    overview,
    learners,
    addLearner,
    learner,
    editLearner,
    statement,
    invoices,
    imports,
    newImport,
    oneImport,
    syncInbox,
    agreement,
    oneAgreementCheck,
    runs,
    oneRun,
    settings.addChildren([
      connectedApp,
      providerPackage,
      support,
      supportRequest,
      outgoingMail,
      provider,
      connectedApps,
      manageConnection,
      books,
      chooseOrganisation,
      organisationRules,
      matching,
      people,
      apiKeys,
      audit,
      webhooks,
      webhookEndpoint,
      security,
    ]),
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: FailedPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
