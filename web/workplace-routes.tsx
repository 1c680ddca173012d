import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app } from './app-route.tsx';
import { workplaceSearch, workplacesSearch } from './util/search.ts';

const workplaces = createRoute({
  getParentRoute: () => app,
  path: '/workplaces',
  validateSearch: workplacesSearch,
  component: lazyRouteComponent(
    () => import('./pages/workplaces/WorkplacesPage.tsx'),
    'WorkplacesPage',
  ),
});

const addWorkplace = createRoute({
  getParentRoute: () => app,
  path: '/workplaces/new',
  component: lazyRouteComponent(
    () => import('./pages/workplaces/AddWorkplacePage.tsx'),
    'AddWorkplacePage',
  ),
});

const workplace = createRoute({
  getParentRoute: () => app,
  path: '/workplaces/$workplaceId',
  validateSearch: workplaceSearch,
  component: lazyRouteComponent(
    () => import('./pages/workplaces/WorkplacePage.tsx'),
    'WorkplacePage',
  ),
});

const editWorkplace = createRoute({
  getParentRoute: () => app,
  path: '/workplaces/$workplaceId/edit',
  component: lazyRouteComponent(
    () => import('./pages/workplaces/EditWorkplacePage.tsx'),
    'EditWorkplacePage',
  ),
});

const workplaceDiagnosis = createRoute({
  getParentRoute: () => app,
  path: '/workplaces/$workplaceId/diagnosis',
  component: lazyRouteComponent(
    () => import('./pages/diagnosis/DiagnosisPage.tsx'),
    'WorkplaceDiagnosisPage',
  ),
});

/** The pages of workplaces. */
export const workplaceRoutes = [
  workplaces,
  addWorkplace,
  workplace,
  editWorkplace,
  workplaceDiagnosis,
] as const;
