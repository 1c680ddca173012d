import type { z } from 'zod';
import type { Route } from '#contract/route';
import type { Endpoint, Exchange } from '#platform/http';
import type { Scope } from '#platform/scope';
import { parsePart } from './parse-part.ts';

interface Given<R extends Route> {
  params?: z.input<R['params']>;
  query?: z.input<R['query']>;
  body?: z.input<R['body']>;
}

/** There is no browser: nothing to read from it or leave with it. */
const noBrowser: Exchange = {
  ip: '127.0.0.1',
  origin: { address: '127.0.0.1', agent: 'Command line' },
  cookie: () => undefined,
  setCookie: () => {},
  clearCookie: () => {},
};

/**
 * Calls one route of the contract inside this process, for the command line and the seeds: the
 * same parsing and the same use case as over HTTP, on behalf of whoever `scope` names.
 * @throws AppError as the route does, and `request.invalid` for parts that don't parse
 */
export async function callRoute<R extends Route>(
  endpoints: readonly Endpoint[],
  scope: Scope,
  route: R,
  given: Given<R> = {},
): Promise<z.output<R['answer']>> {
  const found = endpoints.find((one) => one.route === route);
  if (!found) throw new Error(`No room serves ${route.method} ${route.path}`);
  const answer = await found.handle({
    params: parsePart(route.params, given.params ?? {}),
    query: parsePart(route.query, given.query ?? {}),
    body: parsePart(route.body, given.body),
    scope,
    exchange: noBrowser,
  });
  return route.answer.parse(answer) as z.output<R['answer']>;
}
