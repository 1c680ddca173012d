import { api } from '#contract/api';
import { EXPORT_PATH } from '#contract/closing';
import { ERROR_CODES, errorTexts, Problem } from '#contract/errors';
import { LIVE_PATH } from '#contract/live';
import { permissions, roleNames } from '#contract/permissions';
import type { Route } from '#contract/route';
import { PROVIDER_HEADER } from '../http/guard.ts';
import { createShapeBook, type JsonSchema } from './shapes.ts';

/** The parts of an OpenAPI 3.1 document that ours has. */
export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: JsonSchema;
}
type Content = Record<string, { schema: JsonSchema }>;

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, JsonSchema>;
    securitySchemes: Record<string, JsonSchema>;
  };
}

const ABOUT = [
  'Everything that Bursar’s pages do, for programs.',
  'Send an API key as “Authorization: Bearer bur_…”; make one under Settings, API keys.',
  'Whoever is signed in and belongs to several providers names one by its id in the header “X-Bursar-Provider”, else the oldest membership counts; a key has only its own.',
  'A failure is a problem document (RFC 9457) whose `code` never changes.',
  'Lists are walked with `cursor`, taken from the previous page’s `nextCursor`.',
  'Amounts are whole minor units (cents for AUD, hundredths of yen) with their currency.',
].join(' ');

/** Where this Bursar is reached, and what its cookie of a session is called in the browser. */
export interface DescribedServer {
  publicUrl: string;
  sessionCookie: string;
}

/** Describes every route of the contract, and the few beside it, as they stand. */
export function describeApi(server: DescribedServer, version: string): OpenApiDocument {
  const book = createShapeBook();
  const problem = { 'application/problem+json': { schema: book.schemaOf(Problem) } };
  const paths: OpenApiDocument['paths'] = {};
  const routes = Object.entries(api) as [string, Route][];

  for (const [name, route] of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  paths[LIVE_PATH] = { get: liveOperation() };
  paths[EXPORT_PATH] = { post: exportOperation() };

  function operation(name: string, route: Route): Operation {
    const body = book.schemaOf(route.body);
    return {
      operationId: name,
      tags: [route.tag],
      summary: route.summary,
      description: rightOf(route.permission),
      security: securityOf(route.permission),
      parameters: [
        ...parametersOf('path', book.propertiesOf(route.params)),
        ...parametersOf('query', book.propertiesOf(route.query)),
        ...providerParameters(route.permission),
      ],
      ...(hasBody(route)
        ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } }
        : {}),
      responses: { ...answerOf(route), ...refusalsOf(route) },
    };
  }

  function answerOf(route: Route): Operation['responses'] {
    const schema = book.schemaOf(route.answer);
    if (schema.type === 'null') return { '204': { description: 'Done; nothing to say' } };
    return { '200': { description: route.summary, content: { 'application/json': { schema } } } };
  }

  /** `POST` without a body: everything as a zip, which no shape of the contract describes. */
  function exportOperation(): Operation {
    const asked = { permission: 'provider.close', path: EXPORT_PATH } as const;
    const schema = { type: 'string', contentMediaType: 'application/zip' };
    return {
      operationId: 'exportProvider',
      tags: ['Provider'],
      summary: 'Take everything out: a zip of CSV and JSON',
      description: rightOf(asked.permission),
      security: securityOf(asked.permission),
      parameters: providerParameters(asked.permission),
      responses: {
        '200': { description: 'The zip', content: { 'application/zip': { schema } } },
        ...refusalsOf(asked),
      },
    };
  }

  function refusalsOf(route: Pick<Route, 'permission' | 'path'>): Operation['responses'] {
    const refusal = (description: string) => ({ description, content: problem });
    return {
      '400': refusal('The request is not right; `fields` says where'),
      ...(route.permission === 'public'
        ? {}
        : {
            '401': refusal('Nobody is signed in, or the API key is unknown or revoked'),
            '403': refusal('The role does not allow it; `whoMay` names who may'),
          }),
      ...(/:\w/.test(route.path) ? { '404': refusal('There is nothing of this id here') } : {}),
      '429': refusal('Too many requests; `Retry-After` says how long to wait'),
      default: refusal('Any other refusal, told by its `code`'),
    };
  }

  return {
    openapi: '3.1.0',
    info: { title: 'Bursar API', version, description: ABOUT },
    servers: [{ url: server.publicUrl }],
    tags: [...new Set(routes.map(([, { tag }]) => tag)), 'Live updates'].map((name) => ({ name })),
    paths,
    components: {
      schemas: book.components(),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, as `bur_…`' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: server.sessionCookie,
          description: 'The signed-in browser; changes must come from Bursar’s own pages',
        },
      },
    },
  };
}

/** Codes of refusals with what they mean, for the readable page. */
export function listProblems(): { code: string; status: number; title: string; way: string }[] {
  return ERROR_CODES.map((code) => ({ code, ...errorTexts[code] }));
}

function parametersOf(
  place: 'path' | 'query',
  { properties, required }: { properties: Record<string, JsonSchema>; required: string[] },
): Parameter[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }));
}

/** What names one of several providers, where it is asked who is calling. */
function providerParameters(permission: Route['permission']): Parameter[] {
  if (permission === 'public') return [];
  const schema = { type: 'string', format: 'uuid' };
  return [{ name: PROVIDER_HEADER, in: 'header', required: false, schema }];
}

function hasBody(route: Route): boolean {
  return !route.body.safeParse(undefined).success;
}

function rightOf(permission: Route['permission']): string {
  if (permission === 'public') return 'Open to anyone.';
  if (permission === 'signed-in') return 'For any person or API key.';
  const { allows, roles } = permissions[permission];
  const names = roles.map((role) => roleNames[role]).join(', ');
  return `Needs the permission \`${permission}\` (${allows}): ${names}.`;
}

function securityOf(permission: Route['permission']): Record<string, string[]>[] {
  return permission === 'public' ? [] : [{ apiKey: [] }, { session: [] }];
}

function liveOperation(): Operation {
  return {
    operationId: 'live',
    tags: ['Live updates'],
    summary: 'Hear what changes, as server-sent events that name a topic and ids, never the data',
    description: 'For any person or API key; topics that the role may not see are left out.',
    security: securityOf('signed-in'),
    parameters: [
      {
        name: 'provider',
        in: 'query',
        required: false,
        schema: { type: 'string', format: 'uuid' },
      },
    ],
    responses: {
      '200': {
        description: 'A stream that stays open',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
    },
  };
}
