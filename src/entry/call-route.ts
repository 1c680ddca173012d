import type { z } from 'zod';
import type { Route } from '#contract/route';
import { AppError } from '#platform/app-error';
import type { Endpoint, Exchange } from '#platform/http';
import type { Scope } from '#platform/scope';

interface Given<R extends Route> {
  params?: z.input<R['params']>;
  query?: z.input<R['query']>;
  body?: z.input<R['body']>;
}

/** There is no browser: nothing to read from it or leave with it. */
const noBrowser: Exchange = {
  ip: '127.0.0.1',
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
    params: parse(route.params, given.params ?? {}),
    query: parse(route.query, given.query ?? {}),
    body: parse(route.body, given.body),
    scope,
    exchange: noBrowser,
  });
  return route.answer.parse(answer) as z.output<R['answer']>;
}

function parse(shape: z.ZodType, given: unknown): unknown {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => ({
    field: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  throw new AppError(
    'request.invalid',
    fields.map((one) => `${one.field} ${one.message}`).join('; '),
    {
      extras: { fields },
    },
  );
}
