import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callState } from '../control/call-state.ts';
import { asTexts } from '../core/form.ts';
import type { World } from '../core/world.ts';
import { authenticateBearer } from '../identity/bearer.ts';
import { connectionOf, fullName, mayConnect, membersOf } from '../identity/registry.ts';
import { isCallAllowed } from '../identity/scopes.ts';
import { idempotencyKey, type KeptAnswer } from '../rules/idempotency.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { ApiError, notFound, plainText, postDataError, problem } from './api-error.ts';
import { operations } from './operations.ts';

export const API_PREFIX = '/api.xro/2.0';
const TOO_MANY = 429;
/** Xero takes 3.5 MB a request, files apart; what it answers to more is not recorded. */
const JSON_BYTES_MAX = 3.5 * 1024 * 1024;

/** The Accounting API: who may call, how often, then the act in one transaction. */
export async function accountingRoutes(server: FastifyInstance, world: World): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  server.addHook('onRequest', async (request, reply) => admit(world, request, reply));
  for (const operation of operations) {
    server.route({
      method: operation.method,
      url: `${API_PREFIX}${operation.path}`,
      handler: (request, reply) => serve(world, operation, request, reply),
    });
  }
  server.all(`${API_PREFIX}/*`, () => {
    throw notFound();
  });
}

/** Xero answers 404 to longer addresses, its own host included (XeroAPI/Xero-Java#328). */
const ADDRESS_MAX = 2_090 - 'https://api.xero.com'.length;

/** Signs that ASP.NET's hosts take in no address unless they are told to, escaped or not. */
const ODD_SIGN = /[:*&+\\<>]|%(?:2F|3A|25|26|2A|2B|5C|3F|3C|3E)/i;

function isRefusedAddress({ switches }: World, url: string): boolean {
  if (url.length > ADDRESS_MAX) return true;
  return switches.refusesOddAddresses && ODD_SIGN.test(url.split('?')[0] ?? '');
}

/** Address, token, organisation, scope and limits, in this order. */
function admit(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  void reply.header('xero-correlation-id', world.ids.uuid());
  if (isRefusedAddress(world, request.url)) throw notFound();
  const claims = authenticateBearer(world, request.headers.authorization);
  const state = callState(request);
  const tenant = request.headers['xero-tenant-id'];
  const orgId = (Array.isArray(tenant) ? tenant[0] : tenant)?.toLowerCase() ?? '';
  state.appId = claims.clientId;
  state.userId = claims.userId;
  const membership = world.registry.memberships.get(`${claims.userId}:${orgId}`);
  const connection =
    claims.userId === undefined
      ? undefined
      : connectionOf(world.registry, claims.clientId, claims.userId, orgId);
  if (!connection || !membership || !mayConnect(membership)) {
    throw problem(403, 'AuthenticationUnsuccessful', world.ids.uuid());
  }
  state.orgId = orgId;
  const path = (request.url.split('?')[0] ?? '').slice(API_PREFIX.length);
  if (!isCallAllowed(claims.scopes, request.method, path)) {
    const word = world.switches.misspelsScopeError ? 'insufficent_scope' : 'insufficient_scope';
    throw problem(401, 'AuthorizationUnsuccessful', world.ids.uuid(), {
      'www-authenticate': `Bearer error="${word}"`,
    });
  }
  const tier = world.registry.apps.get(claims.clientId)?.tier ?? 'STARTER';
  const admission = world.limits.admit(claims.clientId, tier, orgId, connection.createdAtMs);
  void reply.headers(admission.headers);
  if (admission.problem) return reply.code(TOO_MANY).send();
  reply.raw.once('close', () => world.limits.release(claims.clientId, orgId));
  return undefined;
}

function serve(
  world: World,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { appId = '', orgId = '' } = callState(request);
  const key = idempotencyKey(request.method, request.headers['idempotency-key']);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (key === undefined || !world.switches.keepsIdempotencyKeys)
    return send(reply, act(world, operation, request, body));
  const asked = { method: request.method, url: request.url, orgId, body };
  const kept = world.idempotency.find(appId, key, asked);
  if (kept) return sendKept(reply, kept);
  const answer = answerOrRefusal(() => act(world, operation, request, body));
  const bodyBase64 = Buffer.from(answer.body).toString('base64');
  const { status, contentType, headers } = answer;
  world.idempotency.keep(appId, key, asked, { status, contentType, headers, bodyBase64 });
  return send(reply, answer, headers);
}

/** Errors are kept for the key too, so they become values here. */
function answerOrRefusal(run: () => ApiAnswer): ApiAnswer & { headers: Record<string, string> } {
  try {
    return { ...run(), headers: {} };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...error.wire, headers: { ...error.wire.headers } };
  }
}

function act(
  world: World,
  operation: Operation,
  request: FastifyRequest,
  rawBody: Buffer,
): ApiAnswer {
  const call = readCall(world, operation, request, rawBody);
  return world.store.transaction(() => operation.handle(call));
}

function readCall(
  world: World,
  operation: Operation,
  request: FastifyRequest,
  rawBody: Buffer,
): ApiCall {
  const { appId = '', orgId = '', userId = '' } = callState(request);
  const books = world.books(orgId);
  if (!books) throw notFound();
  const user = world.registry.users.get(userId);
  const query = lowerCaseNames(asTexts(request.query));
  const contentType = request.headers['content-type'] ?? '';
  const accept = request.headers.accept ?? '';
  const isRaw = /attachments/i.test(operation.path);
  if (!isRaw) requireJson(accept, operation, rawBody, contentType);
  return {
    store: world.store,
    books,
    clock: world.clock,
    ids: world.ids,
    switches: world.switches,
    baseUrl: world.baseUrl(),
    appId,
    appName: world.registry.apps.get(appId)?.name ?? '',
    userName: user ? fullName(user) : '',
    unitDecimals: query.unitdp === '4' ? 4 : 2,
    method: request.method,
    params: asTexts(request.params),
    query,
    accept,
    contentType,
    modifiedSince: request.headers['if-modified-since'],
    rawBody,
    members: () => membersOf(world.registry, orgId),
    body: isRaw || request.method === 'GET' ? undefined : parseBody(rawBody),
  };
}

/** Without `Accept: application/json` Xero answers XML; here that is said instead. */
function requireJson(
  accept: string,
  operation: Operation,
  rawBody: Buffer,
  contentType: string,
): void {
  const isPdf = operation.method === 'GET' && /application\/pdf/i.test(accept);
  // Xero's own client sends none with deletions, which answer nothing or little.
  const isDeletion = operation.method === 'DELETE';
  if (!/json/i.test(accept) && !isPdf && !isDeletion) {
    throw plainText(
      406,
      'Send "Accept: application/json": without it Xero answers XML, which this emulator does not speak',
    );
  }
  if (rawBody.length > JSON_BYTES_MAX) throw plainText(413, 'The request is too large');
  if (rawBody.length > 0 && /xml/i.test(contentType)) {
    throw plainText(415, 'Send JSON: this emulator does not speak XML');
  }
}

function parseBody(rawBody: Buffer): unknown {
  if (rawBody.length === 0) return undefined;
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    throw postDataError('JSON for post data was invalid');
  }
}

function lowerCaseNames(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function send(
  reply: FastifyReply,
  answer: ApiAnswer,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  if (answer.release) reply.raw.once('close', answer.release);
  if (answer.contentType) void reply.type(answer.contentType);
  return reply.code(answer.status).headers(headers).send(answer.body);
}

function sendKept(reply: FastifyReply, kept: KeptAnswer): FastifyReply {
  const body = Buffer.from(kept.bodyBase64, 'base64').toString('utf8');
  return send(reply, { status: kept.status, contentType: kept.contentType, body }, kept.headers);
}
