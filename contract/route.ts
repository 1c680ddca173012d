import { z } from 'zod';
import type { Permission } from './permissions.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One API route, written once: the server registers it, the web app calls it, the OpenAPI
 * document describes it. `permission` is 'public' only where nobody is signed in yet, and
 * 'signed-in' where any person may act for themselves.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  method: Method;
  path: string;
  permission: Permission | 'public' | 'signed-in';
  summary: string;
  tag: string;
  params: Params;
  query: Query;
  body: Body;
  answer: Answer;
  /** Largest request body in bytes, where the default of 1 MiB does not do. */
  bodyLimit?: number;
}

const Nothing = z.undefined().or(z.null()).optional();
const NoFields = z.object({});

/** Fills in what a route leaves out: no parameters, no query, no body. */
export function route<
  Answer extends z.ZodType,
  Params extends z.ZodType = typeof NoFields,
  Query extends z.ZodType = typeof NoFields,
  Body extends z.ZodType = typeof Nothing,
>(given: {
  method: Method;
  path: string;
  permission: Permission | 'public' | 'signed-in';
  summary: string;
  tag: string;
  answer: Answer;
  params?: Params;
  query?: Query;
  body?: Body;
  bodyLimit?: number;
}): Route<Params, Query, Body, Answer> {
  return {
    ...given,
    params: (given.params ?? NoFields) as Params,
    query: (given.query ?? NoFields) as Query,
    body: (given.body ?? Nothing) as Body,
  };
}

/** The answer of a route that has nothing to say: 204. */
export const NoContent = z.null();
