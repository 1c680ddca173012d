import type { z } from 'zod';
import { api } from '#contract/api';
import { Problem } from '#contract/errors';
import type { Route } from '#contract/route';
import { type CookieJar, createCookieJar } from './cookie-jar.ts';
import { keepAnswer, keepPassword } from './run-folder.ts';

type Part<Name extends string, Value> = keyof Value extends never
  ? { [Key in Name]?: Value }
  : Record<never, never> extends Value
    ? { [Key in Name]?: Value }
    : { [Key in Name]: Value };
type BodyPart<Value> = undefined extends Value ? { body?: Value } : { body: Value };

/** What a call of one route needs: its parameters, query and body, where it has them. */
export type Given<R extends Route> = Part<'params', z.input<R['params']>> &
  Part<'query', z.input<R['query']>> &
  BodyPart<z.input<R['body']>>;

/** May be left out where a route needs nothing. */
type Asked<R extends Route> =
  Record<never, never> extends Given<R> ? [given?: Given<R>] : [given: Given<R>];

type Answer<R extends Route> = z.output<R['answer']>;

/** A call that was refused although the story expected it to pass. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(route: Route, problem: Problem) {
    super(`${route.method} ${route.path}: ${JSON.stringify(problem)}`);
    this.problem = problem;
  }
}

/** Someone who calls the API over HTTP: a browser with its cookies, or a program with a key. */
export interface Client {
  readonly origin: string;
  readonly jar: CookieJar;
  /** Calls a route and gives its parsed answer. @throws Refusal */
  call<R extends Route>(route: R, ...asked: Asked<R>): Promise<Answer<R>>;
  /** Calls a route that must refuse, and gives its problem document. */
  refusal<R extends Route>(route: R, ...asked: Asked<R>): Promise<Problem>;
  /** Any request, with this caller's cookies or key; redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The same caller working for another provider. */
  workingFor(provider: string): Client;
  signIn(email: string, password: string): Promise<void>;
}

export function createClient(
  origin: string,
  identity: { key?: string; provider?: string; jar?: CookieJar } = {},
): Client {
  const jar = identity.jar ?? createCookieJar();

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, origin).href;
    const headers = new Headers(init.headers);
    const cookies = jar.headerFor(url);
    if (cookies) headers.set('cookie', cookies);
    if (identity.key) headers.set('authorization', `Bearer ${identity.key}`);
    else if (!headers.has('origin')) headers.set('origin', origin);
    if (identity.provider) headers.set('x-bursar-provider', identity.provider);
    const answer = await fetch(url, { redirect: 'manual', ...init, headers });
    jar.keep(url, answer);
    keepPassword(init.body);
    if (!isStream(answer)) {
      const cookies = answer.headers.getSetCookie();
      keepAnswer({ url, status: answer.status, cookies, text: await answer.clone().text() });
    }
    return answer;
  }

  function ask(route: Route, given: object = {}): Promise<Response> {
    const { params, query, body } = given as {
      params?: Record<string, unknown>;
      query?: Record<string, unknown>;
      body?: unknown;
    };
    return send(addressOf(route.path, params, query), {
      method: route.method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }

  async function call<R extends Route>(route: R, ...[given]: Asked<R>): Promise<Answer<R>> {
    const answer = await ask(route, given);
    const text = await answer.text();
    if (!answer.ok) throw new Refusal(route, Problem.parse(JSON.parse(text)));
    return route.answer.parse(text === '' ? null : JSON.parse(text)) as Answer<R>;
  }

  return {
    origin,
    jar,
    fetch: send,
    call,
    async refusal(route, ...[given]) {
      const answer = await ask(route, given);
      const text = await answer.text();
      if (answer.ok) throw new Error(`${route.method} ${route.path} was not refused: ${text}`);
      return Problem.parse(JSON.parse(text));
    },
    workingFor: (provider) => createClient(origin, { ...identity, jar, provider }),
    async signIn(email, password) {
      await call(api.signIn, { body: { email, password } });
    },
  };
}

/** Live updates never end, so nobody can wait for the whole of them. */
function isStream(answer: Response): boolean {
  return answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

/** Fills the `:name` parts of a path and appends the query. */
export function addressOf(
  path: string,
  params: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}
