import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { hasCode } from './api/errors.ts';
import { loadMe } from './api/session.ts';
import { root } from './public-routes.tsx';
import { signInSearch } from './util/search.ts';

const Shell = lazyRouteComponent(() => import('./pages/shell/Shell.tsx'), 'Shell');

/** Everything behind sign-in stands in the shell. */
export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    // Comes beside the answer rather than after it.
    void Shell.preload?.();
    try {
      await loadMe();
    } catch (error) {
      if (!hasCode(error, 'session.missing')) throw error;
      throw redirect({ to: '/sign-in', search: signInSearch({ next: location.href }) });
    }
  },
  component: Shell,
});
