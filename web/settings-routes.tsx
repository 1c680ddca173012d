import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { app } from './app-route.tsx';
import { consentSearch, securitySearch } from './util/search.ts';

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

const syncRules = createRoute({
  getParentRoute: () => settings,
  path: '/sync-rules',
  component: lazyRouteComponent(() => import('./pages/sync/SyncRulesPage.tsx'), 'SyncRulesPage'),
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

/** Everything under Settings. */
export const settingsTree = settings.addChildren([
  connectedApp,
  syncRules,
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
]);
