import type { FastifyInstance, FastifyReply } from 'fastify';
import { asTexts, textOf } from '../core/form.ts';
import type { World } from '../core/world.ts';
import { brokenRequestPage, consentPage, signInPage } from './authorize-pages.ts';
import { allowConsent, CONSENT_PAGE_MS, denyConsent, openConsent, signIn } from './consent.ts';
import type { ConsentRequest } from './model.ts';
import { organisationChoices } from './registry.ts';
import { isIdentityOnly } from './scopes.ts';

const FOUND = 302;
const SEE_OTHER = 303;

/** The pages between "connect" in an app and the way back to it. */
export function authorizeRoutes(server: FastifyInstance, world: World): void {
  server.get('/identity/connect/authorize', (request, reply) => {
    const outcome = openConsent(world.registry, asTexts(request.query));
    if (outcome.kind === 'broken') return sendPage(reply, brokenRequestPage(outcome.message), 400);
    if (outcome.kind === 'redirect') return reply.redirect(outcome.to, FOUND);
    const app = world.registry.apps.get(outcome.request.appId);
    if (!app) return sendPage(reply, brokenRequestPage('The app is not registered'), 400);
    return sendPage(reply, signInPage(app, outcome.request, world.registry.users.all()));
  });

  server.post('/identity/connect/sign-in', (request, reply) => {
    const consent = liveRequest(world, textOf(request.body, 'request'));
    const user = world.registry.users.get(textOf(request.body, 'user'));
    if (!consent || !user) return sendPage(reply, brokenRequestPage(EXPIRED), 400);
    return sendConsent(world, reply, signIn(world.registry, consent, user.id));
  });

  server.post('/identity/connect/consent', (request, reply) => {
    const consent = liveRequest(world, textOf(request.body, 'request'));
    if (!consent) return sendPage(reply, brokenRequestPage(EXPIRED), 400);
    if (textOf(request.body, 'decision') !== 'allow') {
      return reply.redirect(denyConsent(world.registry, consent), SEE_OTHER);
    }
    const { userId } = consent;
    if (!userId) return sendPage(reply, brokenRequestPage('Sign in first'), 400);
    const chosen = listOf(request.body, 'organisation');
    const choices = offered(world, consent, userId);
    const isChoosable = choices.some(({ refusal }) => refusal === undefined);
    if (isChoosable && chosen.length === 0) {
      return sendConsent(world, reply, consent, 'Choose at least one organisation');
    }
    try {
      const allow = () => allowConsent(world, consent, userId, chosen);
      return reply.redirect(world.store.transaction(allow), SEE_OTHER);
    } catch (error) {
      return sendConsent(world, reply, consent, error instanceof Error ? error.message : 'Refused');
    }
  });
}

const EXPIRED = 'This page has expired. Start again from the app.';

function liveRequest(world: World, id: string): ConsentRequest | undefined {
  const request = world.registry.consentRequests.get(id);
  const isLive = request && world.clock.nowMs() - request.createdAtMs <= CONSENT_PAGE_MS;
  return isLive ? request : undefined;
}

function offered(world: World, request: ConsentRequest, userId: string) {
  const app = world.registry.apps.get(request.appId);
  if (!app || isIdentityOnly(request.scopes)) return [];
  return organisationChoices(world.registry, app, userId);
}

function sendConsent(
  world: World,
  reply: FastifyReply,
  request: ConsentRequest,
  problem?: string,
): FastifyReply {
  const app = world.registry.apps.get(request.appId);
  const user = world.registry.users.get(request.userId ?? '');
  if (!app || !user) return sendPage(reply, brokenRequestPage(EXPIRED), 400);
  const choices = offered(world, request, user.id);
  return sendPage(reply, consentPage(app, request, user, choices, problem));
}

/** Sign-in pages refuse framing, as Xero's do. */
function sendPage(reply: FastifyReply, markup: string, status = 200): FastifyReply {
  return reply
    .code(status)
    .header('x-frame-options', 'DENY')
    .header('content-security-policy', "frame-ancestors 'none'")
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(markup);
}

function listOf(body: unknown, name: string): string[] {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
