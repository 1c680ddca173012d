import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { app } from './app-route.tsx';
import { FailedPage } from './pages/shell/FailedPage.tsx';
import { publicRoutes, root } from './public-routes.tsx';
import { settingsTree } from './settings-routes.tsx';
import { Loading } from './ui/loading.tsx';
import { learnerSearch, learnersSearch, statementSearch } from './util/search.ts';
import { workplaceRoutes } from './workplace-routes.tsx';

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

const learnerDiagnosis = createRoute({
  getParentRoute: () => app,
  path: '/learners/$learnerId/diagnosis',
  component: lazyRouteComponent(
    () => import('./pages/diagnosis/DiagnosisPage.tsx'),
    'LearnerDiagnosisPage',
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

const missingPaper = createRoute({
  getParentRoute: () => app,
  path: '/invoices/missing',
  component: lazyRouteComponent(
    () => import('./pages/diagnosis/MissingPaperPage.tsx'),
    'MissingPaperPage',
  ),
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

const syncInbox = createRoute({
  getParentRoute: () => app,
  path: '/sync',
  component: lazyRouteComponent(() => import('./pages/sync/InboxPage.tsx'), 'InboxPage'),
});

const syncProblem = createRoute({
  getParentRoute: () => app,
  path: '/sync/problems/$key',
  component: lazyRouteComponent(() => import('./pages/sync/ProblemPage.tsx'), 'ProblemPage'),
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
    learnerDiagnosis,
    statement,
    ...workplaceRoutes,
    invoices,
    missingPaper,
    imports,
    newImport,
    oneImport,
    syncInbox,
    syncProblem,
    agreement,
    oneAgreementCheck,
    runs,
    oneRun,
    settingsTree,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: FailedPage,
  scrollRestoration: true,
  // What no page knows is no part of its address; otherwise it would go on to the API unread.
  search: { strict: true },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
