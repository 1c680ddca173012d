import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asTexts } from '../core/form.ts';
import type { World } from '../core/world.ts';
import type { Sent } from '../rules/field-reader.ts';
import { renewGrant } from './consent.ts';
import type { App, AuthorizationCode } from './model.ts';
import { tokenHash } from './registry.ts';
import { CODE_MS, GRACE_MS, REFRESH_TOKEN_MS } from './token-issuer.ts';

const VERIFIER_PATTERN = /^[A-Za-z0-9._~-]{43,128}$/;

/** An OAuth refusal: snake_case JSON with status 400, as the identity server sends. */
class OAuthError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The token endpoint and the revocation endpoint. */
export function tokenRoutes(server: FastifyInstance, world: World): void {
  server.post('/connect/token', (request, reply) =>
    answerOAuth(world, reply, () => {
      const form = asTexts(request.body);
      const app = authenticate(world, request, form);
      switch (form.grant_type) {
        case 'authorization_code':
          return exchangeCode(world, app, form);
        case 'refresh_token':
          return refresh(world, app, form.refresh_token ?? '');
        case 'client_credentials':
          return clientCredentials(world, app, form.scope ?? '');
        default:
          throw new OAuthError('unsupported_grant_type');
      }
    }),
  );

  server.post('/connect/revocation', (request, reply) =>
    answerOAuth(world, reply, () => {
      const form = asTexts(request.body);
      revoke(world, authenticate(world, request, form), form.token ?? '');
      return undefined;
    }),
  );
}

function answerOAuth(world: World, reply: FastifyReply, act: () => Sent | undefined): FastifyReply {
  void reply.header('cache-control', 'no-store');
  try {
    const answer = world.store.transaction(act);
    return answer ? reply.send(answer) : reply.code(200).send();
  } catch (error) {
    if (error instanceof OAuthError) return reply.code(400).send({ error: error.code });
    throw error;
  }
}

/** An app with a secret proves it, by Basic or in the body; a PKCE app names itself. */
function authenticate(
  world: World,
  request: FastifyRequest,
  form: Readonly<Record<string, string>>,
): App {
  const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? '');
  const [basicId, basicSecret] = basic ? splitBasic(basic[1] ?? '') : [undefined, undefined];
  const app = world.registry.apps.get(basicId ?? form.client_id ?? '');
  if (!app) throw new OAuthError('invalid_client');
  const secret = basicSecret ?? form.client_secret;
  if (app.secret !== undefined && !isSame(secret ?? '', app.secret)) {
    throw new OAuthError('invalid_client');
  }
  return app;
}

function splitBasic(encoded: string): [string, string] {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const parts = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)] as const;
  return [decodePart(parts[0]), decodePart(parts[1])];
}

/** Stock OAuth clients form-encode both parts before the Base64. */
function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(tokenHash(a)), Buffer.from(tokenHash(b)));
}

/** A code works once, for five minutes, for the app and address it was made for. */
function exchangeCode(world: World, app: App, form: Readonly<Record<string, string>>): Sent {
  const { codes } = world.registry;
  const code = codes.get(form.code ?? '');
  const isFresh = code && !code.isUsed && world.clock.nowMs() - code.createdAtMs <= CODE_MS;
  if (!isFresh || code.appId !== app.id || code.redirectUri !== form.redirect_uri) {
    throw new OAuthError('invalid_grant');
  }
  checkVerifier(code, form.code_verifier);
  codes.put({ ...code, isUsed: true });
  const grant = renewGrant(world, app.id, code);
  return world.tokens.issue(grant, code.nonce);
}

/** Checked whenever a challenge was sent, also for an app that has a secret. */
function checkVerifier(code: AuthorizationCode, verifier: string | undefined): void {
  if (code.challenge === undefined) return;
  const isGood =
    verifier !== undefined &&
    VERIFIER_PATTERN.test(verifier) &&
    createHash('sha256').update(verifier).digest('base64url') === code.challenge;
  if (!isGood) throw new OAuthError('invalid_grant');
}

/** Every refresh rotates; the token before works again for half an hour, in case of a lost answer. */
function refresh(world: World, app: App, token: string): Sent {
  const { refreshTokens, grants } = world.registry;
  const known = refreshTokens.get(tokenHash(token));
  const grant = known && grants.get(known.grantId);
  const nowMs = world.clock.nowMs();
  const isUsable =
    known &&
    !known.isEnded &&
    nowMs - known.issuedAtMs <= REFRESH_TOKEN_MS &&
    (known.rotatedAtMs === undefined || nowMs - known.rotatedAtMs <= GRACE_MS);
  if (!isUsable || grant?.appId !== app.id) throw new OAuthError('invalid_grant');
  if (known.rotatedAtMs === undefined) refreshTokens.put({ ...known, rotatedAtMs: nowMs });
  return world.tokens.issue(grant, undefined);
}

function clientCredentials(world: World, app: App, scope: string): Sent {
  if (app.secret === undefined) throw new OAuthError('unauthorized_client');
  const scopes = scope.split(/\s+/).filter(Boolean);
  if (scopes.length === 0 || scopes.some((one) => one !== 'app.connections')) {
    throw new OAuthError('invalid_scope');
  }
  return world.tokens.issueForApp(app, scopes);
}

/** Ends the tokens of the user and removes all of the user's connections to the app. */
function revoke(world: World, app: App, token: string): void {
  const { refreshTokens, grants, connections } = world.registry;
  const known = refreshTokens.get(tokenHash(token));
  const grant = known && grants.get(known.grantId);
  if (grant?.appId !== app.id) return;
  for (const one of refreshTokens.find('grant', grant.id))
    refreshTokens.put({ ...one, isEnded: true });
  for (const connection of connections.find('app', app.id)) {
    if (connection.userId === grant.userId) connections.remove(connection.id);
  }
  grants.remove(grant.id);
}
