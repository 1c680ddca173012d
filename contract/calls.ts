import { type Api, api } from './api.ts';

/**
 * Method and path of every route, "GET /api/v1/learners": all that a page needs to call it. The
 * build of the pages works this file out beforehand, so that no shape is sent to a browser with it.
 */
export const calls = Object.fromEntries(
  Object.entries(api).map(([name, { method, path }]) => [name, `${method} ${path}`]),
) as Record<keyof Api, string>;
