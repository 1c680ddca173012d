import type { z } from 'zod';
import type { Api } from '#contract/api';
import { calls } from '#contract/calls';
import type { Route } from '#contract/route';
import { chosenProvider } from '../stores/chosen-provider.ts';
import { readJson } from '../util/json.ts';
import {
  ProblemError,
  problemOfAnswer,
  unconfirmed,
  unreachable,
  unreadableAnswer,
} from './errors.ts';

type Part<Name extends string, Value> =
  Record<never, never> extends Value ? { [K in Name]?: Value } : { [K in Name]: Value };
type BodyPart<Value> = [Value] extends [undefined | null] ? { body?: undefined } : { body: Value };

/** What a call of a route needs: parameters, query and body, each only where the route has it. */
export type Given<R extends Route> = Part<'params', z.input<R['params']>> &
  Part<'query', z.input<R['query']>> &
  BodyPart<z.input<R['body']>>;

/** What a route answers. */
export type Answer<R extends Route> = z.output<R['answer']>;

type Values = Record<string, unknown>;

/**
 * Calls one route of the contract and gives its answer, which the server has parsed on its way out.
 * @throws ProblemError for every failure: refused, unreachable, or an answer that can't be read.
 */
export async function call<Name extends keyof Api>(
  name: Name,
  given: Given<Api[Name]>,
  signal?: AbortSignal,
): Promise<Answer<Api[Name]>> {
  const [method = '', path = ''] = calls[name].split(' ');
  const { params, query, body } = given as { params?: Values; query?: Values; body?: unknown };
  const response = await send(method, addressOf(path, params, query), body, signal);
  const text = await response.text();
  if (!response.ok) throw new ProblemError(problemOfAnswer(response.status, text));
  const answer = text === '' ? null : readJson(text);
  if (answer === undefined) throw new ProblemError(unreadableAnswer);
  return answer as Answer<Api[Name]>;
}

/**
 * Asks for a file that is made for this call.
 * @throws ProblemError as `call`
 */
export async function fetchFile(path: string): Promise<{ blob: Blob; fileName: string }> {
  const response = await send('POST', path, undefined, undefined);
  if (!response.ok) throw new ProblemError(problemOfAnswer(response.status, await response.text()));
  const disposition = response.headers.get('content-disposition') ?? '';
  const fileName = /filename="([^"]+)"/.exec(disposition)?.[1] ?? 'download';
  const blob = await response.blob().catch(() => {
    throw new ProblemError(unreachable);
  });
  return { blob, fileName };
}

async function send(
  method: string,
  address: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const provider = chosenProvider();
  if (provider) headers['x-bursar-provider'] = provider;
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ProblemError(method === 'GET' ? unreachable : unconfirmed);
  }
}

/** Fills `:name` parts of a path and appends the query values that are set. */
export function addressOf(path: string, params: Values = {}, query: Values = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}
