import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { SignInPage } from './pages/providers/SignInPage.tsx';
import { NotFoundPage } from './pages/shell/NotFoundPage.tsx';
import { consentSearch, signInSearch } from './util/search.ts';

/** What all pages stand in. */
export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  // Whoever is not signed in meets it first, so that it comes with the first files.
  component: SignInPage,
});

const forgottenPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgotten-password',
  component: lazyRouteComponent(
    () => import('./pages/providers/ForgottenPasswordPage.tsx'),
    'ForgottenPasswordPage',
  ),
});

const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password/$token',
  component: lazyRouteComponent(
    () => import('./pages/providers/NewPasswordPage.tsx'),
    'NewPasswordPage',
  ),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation/$token',
  component: lazyRouteComponent(
    () => import('./pages/providers/InvitationPage.tsx'),
    'InvitationPage',
  ),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up/details',
  component: lazyRouteComponent(() => import('./pages/providers/SignUpPage.tsx'), 'SignUpPage'),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect/$token',
  component: lazyRouteComponent(() => import('./pages/connections/ConnectPage.tsx'), 'ConnectPage'),
});

const connectDone = createRoute({
  getParentRoute: () => root,
  path: '/connect/done',
  validateSearch: consentSearch,
  component: lazyRouteComponent(
    () => import('./pages/connections/ConnectDonePage.tsx'),
    'ConnectDonePage',
  ),
});

/** The pages that anyone may open, signed in or not. */
export const publicRoutes = [
  signIn,
  forgottenPassword,
  newPassword,
  signUp,
  invitation,
  connect,
  connectDone,
] as const;
